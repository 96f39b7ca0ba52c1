import pytest
from flask import Flask

from archive.wiring import Archive
from archive.wsgi import create_app
from tests.browsing import Browser


@pytest.fixture
def app(archive: Archive) -> Flask:
    return create_app(archive)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Nobody is signed in yet."""
    return Browser(app)
