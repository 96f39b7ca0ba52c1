"""The pages of the users: who they are, and which numbers they hold and held."""

import io
import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import OWN, own_number, trail


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))


def address_of(kit: Browser) -> str:
    found = re.search(r'href="(/users/usr_\w+)"', kit.get("/users").text)
    assert found
    return found[1]


def test_a_user_is_added_opened_and_changed(kit: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    assert "No users yet" in kit.get("/users").text
    number_id = own_number(archive, organisation)
    form = {"name": "Dana <W>", "email": "dana@harbour.example", "location": "Austin", "primary_number": OWN}
    assert kit.post("/users", form).headers["Location"] == "/users"
    page = address_of(kit)
    shown = kit.get(page).text
    for words in ("Dana &lt;W&gt;", "+1 (212) 555-0123", "Austin", f'href="/numbers/{number_id}"', "now"):
        assert words in shown
    for other in ("/numbers", f"/numbers/{number_id}"):
        assert f'<a href="{page}">Dana &lt;W&gt;</a>' in kit.get(other).text
    assert kit.post(page, {"name": "Dana Brandt", "extension": "4711"}).headers["Location"] == page
    shown = kit.get(page).text
    assert "4711" in shown
    assert "not known" in shown, "what is left empty is forgotten"
    assert [entry.private["name"] for entry in trail(archive, organisation, "user.changed")] == ["Dana Brandt"]


@pytest.mark.parametrize(
    ("form", "field", "status"),
    [
        ({"name": ""}, "name", 400),
        ({"name": "Kit", "email": "dana@harbour.example"}, "email", 409),
        ({"name": "Kit", "email": "<b>"}, "email", 400),
        ({"name": "Kit", "primary_number": OWN}, "primary_number", 400),
        ({"name": "Kit", "extension": "x"}, "extension", 400),
        ({"name": "Kit", "location": "x" * 201}, "location", 400),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(kit: Browser, form: dict[str, str], field: str, status: int) -> None:
    kit.post("/users", {"name": "Noor"})
    page = address_of(kit)
    kit.post("/users", {"name": "Dana", "email": "dana@harbour.example"})
    for address in ("/users", page):
        answer = kit.post(address, form)
        assert answer.status_code == status
        assert f'id="e-{field}"' in answer.text


def test_who_may_only_look_is_offered_nothing(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    assert "Add a user" not in dana.get("/users").text
    assert dana.post("/users", {"name": "x"}).status_code == 403
    assert dana.get("/users/usr_none").status_code == 404


def test_a_table_of_users_is_looked_at_first(kit: Browser) -> None:
    file = {"file": (io.BytesIO(b"name,email\nDana,x\nKit,\n"), "users.csv")}
    looked = kit.post("/users/import", file, content_type="multipart/form-data").text
    assert "Take in 1 line" in looked
    assert "no e-mail address" in looked
    assert "No users yet" in kit.get("/users").text
