"""The organisation's own numbers and whether they may text."""
