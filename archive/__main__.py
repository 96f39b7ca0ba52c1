"""`python -m archive` is `textarchive`."""

from archive.cli import main

main()
