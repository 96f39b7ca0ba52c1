"""One application for all tests of a run, put on the archive of each: to assemble its routes and templates takes longer
than most tests do."""

from flask import Flask

from archive.wiring import Archive
from archive.wsgi import create_app, put_on

_assembled: list[Flask] = []


def app_on(archive: Archive) -> Flask:
    """For a test that adds nothing to it, with the usual settings."""
    if not _assembled:
        _assembled.append(create_app(archive))
    put_on(_assembled[0], archive)
    return _assembled[0]
