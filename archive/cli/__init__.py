"""`textarchive`: the command line. One file a subject; each command calls one action and prints what came out."""

from archive.cli.main import main

__all__ = ["main"]
