import pytest
from flask import Flask

from archive.wiring import Archive
from tests.an_app import app_on
from tests.browsing import Browser


@pytest.fixture
def app(archive: Archive) -> Flask:
    return app_on(archive)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Nobody is signed in yet."""
    return Browser(app)
