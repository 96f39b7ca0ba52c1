"""A browser without a screen, and people and programs to use it as. For tests of pages and of the API."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from archive.access.api_keys import make_key
from archive.access.people import create_person
from archive.access.roles import FIRST_PERSON, Role
from archive.access.sessions import open_session
from archive.core.actor import OPERATOR
from archive.wiring import Archive

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """Keeps cookies, and sends each form with the token that a page gave out."""

    def __init__(self, app: Flask, base_url: str = "http://localhost") -> None:
        self.client = app.test_client()
        self.base_url = base_url
        self._token: tuple[str | None, str] | None = None

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, base_url=self.base_url, buffered=True, **more)

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **(form or {})}, base_url=self.base_url, **more)

    def token(self) -> str:
        """From a page that everybody can open: an error page carries the form that changes the colours. It is good for
        as long as the cookie that it was given out with."""
        if self._token is None or self._token[0] != self.cookie("form"):
            self._token = self._fetched()
        return self._token[1]

    def _fetched(self) -> tuple[str | None, str]:
        for path in ("/sign-in", "/password"):
            if found := _TOKEN.search(self.get(path).text):
                return self.cookie("form"), found[1]
        raise AssertionError("no page gave out a form token")

    def sign_in(self, email: str, password: str, **more: Any) -> TestResponse:
        return self.post("/sign-in", {"email": email, "password": password}, **more)

    def cookie(self, name: str) -> str | None:
        found = self.client.get_cookie(name)
        return found.value if found else None


def settled_person(archive: Archive, org_id: int, email: str, roles: frozenset[Role] = FIRST_PERSON) -> tuple[str, str]:
    """(id, password) of somebody who has chosen their password already."""
    with archive.transactions.write(org_id, OPERATOR) as tx:
        row, password = create_person(tx, name=email.partition("@")[0].title(), email=email, roles=roles)
        row.must_change_password = False
    return row.id, password


def signed_in_browser(
    app: Flask, archive: Archive, org_id: int, email: str, roles: frozenset[Role] = FIRST_PERSON
) -> Browser:
    """Of somebody who has signed in before: that itself is tried where it is what a test is about."""
    person, _ = settled_person(archive, org_id, email, roles)
    with archive.transactions.write(org_id, OPERATOR) as tx:
        token = open_session(tx, person, address="127.0.0.1", agent="A browser")
    browser = Browser(app)
    browser.client.set_cookie("session", token)
    return browser


def api_key(archive: Archive, org_id: int, *scopes: str) -> dict[str, str]:
    """The header of a program that holds a key with these scopes, or with all."""
    with archive.transactions.write(org_id, OPERATOR) as tx:
        _, text = make_key(tx, name="A program", scopes=scopes or ["*"])
    return {"Authorization": f"Bearer {text}"}
