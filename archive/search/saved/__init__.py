"""Searches that somebody keeps under a name, for themselves or for everybody who searches in the organisation."""
