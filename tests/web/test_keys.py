import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Permission, Role
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example")


def made(page: str) -> str:
    found = re.search(r"ta_[A-Za-z0-9_-]{43}", page)
    return found[0] if found else ""


def send(browser: Browser, key: str) -> int:
    header = {"Authorization": f"Bearer {key}"}
    return browser.client.post("/api/v1/messages", json={}, headers=header).status_code


def test_a_key_is_shown_once_works_and_is_revoked(app: Flask, dana: Browser) -> None:
    answer = dana.post("/keys", {"name": "Bridge", "scope": ["messages.write"], "expires_on": "2026-11-30"})
    key = made(answer.text)
    assert answer.status_code == 200
    program = Browser(app)
    assert send(program, key) in {200, 201}
    page = dana.get("/keys").text
    assert not made(page)
    for words in ("Bridge", key[:7], "Bring texts in", "30 Nov 2026", "Active", "23 Nov 2026, 09:00:00 UTC"):
        assert words in page
    revoke = page.partition('action="/keys/')[2].partition('"')[0]
    assert dana.post(f"/keys/{revoke}").headers["Location"] == "/keys"
    assert send(program, key) == 401
    assert "Revoked" in dana.get("/keys").text


def test_a_key_expires_at_the_end_of_its_day(app: Flask, dana: Browser, clock) -> None:
    answer = dana.post("/keys", {"name": "Bridge", "scope": ["messages.write"], "expires_on": "2026-11-23"})
    key, program = made(answer.text), Browser(app)
    clock.advance(hours=14, minutes=59)
    assert send(program, key) in {200, 201}
    clock.advance(minutes=1)
    assert send(program, key) == 401


def test_a_wrong_form_says_what_is_wrong_with_each_field_and_keeps_what_was_ticked(dana: Browser) -> None:
    answer = dana.post("/keys", {"name": "", "expires_on": "soon"})
    assert answer.status_code == 400
    for words in ("Name the program", "Choose at least one.", "Choose a day"):
        assert words in answer.text
    ticked = dana.post("/keys", {"name": "", "scope": ["messages.write"]}).text
    assert re.search(r'value="messages.write" checked', ticked)
    past = dana.post("/keys", {"name": "Bridge", "scope": ["messages.write"], "expires_on": "2026-11-22"})
    assert "expired from the start" in past.text


def test_nobody_is_offered_or_given_more_than_they_may_themselves(
    app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    lee = signed_in_browser(app, archive, organisation.id, "lee@harbour.example", frozenset({Role.ADMINISTRATOR}))
    page = lee.get("/keys").text
    assert 'value="messages.write"' in page
    assert 'value="messages.read"' not in page
    assert 'value="*"' not in page
    for scope in ("messages.read", "*"):
        assert lee.post("/keys", {"name": "Spy", "scope": [scope]}).status_code == 403


def test_who_may_do_everything_may_make_a_key_for_everything(dana: Browser) -> None:
    assert made(dana.post("/keys", {"name": "All", "scope": ["*"]}).text)
    assert "Everything" in dana.get("/keys").text


def test_every_scope_is_offered_in_words(dana: Browser) -> None:
    page = dana.get("/keys").text
    assert [scope for scope in Permission if f'value="{scope}"' not in page] == []
