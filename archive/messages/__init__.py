"""The record itself: what one text is, sealed and opened."""
