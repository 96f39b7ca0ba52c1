from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from archive.access.organisations import OrganisationRow
from archive.wiring import Archive
from tests.an_app import app_on
from tests.browsing import api_key

Call = Callable[..., TestResponse]


@pytest.fixture
def app(archive: Archive) -> Flask:
    return app_on(archive)


@pytest.fixture
def call(app: Flask, archive: Archive, organisation: OrganisationRow) -> Call:
    """A program with a key for everything: `call("GET", "/search", query_string=…)`."""
    return caller_with(app, archive, organisation, "*")


@pytest.fixture
def call_with(app: Flask, archive: Archive, organisation: OrganisationRow) -> Callable[..., Call]:
    """A program with a key for some scopes."""
    return lambda *scopes: caller_with(app, archive, organisation, *scopes)


def caller_with(app: Flask, archive: Archive, organisation: OrganisationRow, *scopes: str) -> Call:
    headers, client = api_key(archive, organisation.id, *scopes), app.test_client()

    def call(method: str, path: str, **more: Any) -> TestResponse:
        return client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    return call
