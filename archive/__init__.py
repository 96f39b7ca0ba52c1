"""The compliance and retention archive for business text messages."""
