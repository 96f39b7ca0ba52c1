import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.numbers.actions import OFFERED, set_state
from archive.numbers.model import NumberState
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import OWN, own_number, trail


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))


def test_a_number_is_added_in_any_spelling_and_authorised(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    assert "No numbers yet" in kit.get("/numbers").text
    form = {"number": "(212) 555 0123", "location": "Austin <HQ>", "assigned_to": "Front desk"}
    assert kit.post("/numbers", form).headers["Location"] == "/numbers"
    page = kit.get("/numbers").text
    for words in (
        "+1 (212) 555-0123",
        "Austin &lt;HQ&gt;",
        "Front desk",
        "Not authorised",
        "It is not authorised yet.",
    ):
        assert words in page
    address = re.search(r'action="(/numbers/num_\w+/state)"', page)
    assert address
    kit.post(address[1], {"state": "authorised"})
    assert "is now: Authorised." in kit.get("/numbers").text
    assert [entry.detail["after"] for entry in trail(archive, organisation, "number.state-changed")] == ["authorised"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"number": "", "location": "Austin"}, "Type a number like"),
        ({"number": "+44 20 7946 0958", "location": "Austin"}, "is not a telephone number of the US or Canada"),
        ({"number": "<b>", "location": "Austin"}, "&lt;b&gt;"),
        ({"number": OWN, "location": "a\x00b"}, "Say where it is used, in one line of up to 200 characters."),
        ({"number": OWN, "location": "x" * 201}, "Say where it is used, in one line of up to 200 characters."),
        ({"number": "9" * 5_000, "location": "Austin"}, "Type a number like"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(kit: Browser, form: dict[str, str], words: str) -> None:
    answer = kit.post("/numbers", form)
    assert answer.status_code == 400
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_number_is_added_once(kit: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation)
    answer = kit.post("/numbers", {"number": OWN, "location": "Austin"})
    assert answer.status_code == 409
    assert "is here already" in answer.text


@pytest.mark.parametrize("state", NumberState)
def test_every_state_is_shown_with_what_may_follow(
    kit: Browser, archive: Archive, organisation: OrganisationRow, state: NumberState
) -> None:
    number_id = own_number(archive, organisation)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_state(tx, number_id, state)
    page = kit.get("/numbers").text
    assert re.findall(r'name="state" value="(\w+)"', page) == [after.value for after in OFFERED[state]]
    assert state not in OFFERED[state]


def test_who_may_only_look_is_offered_nothing(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    number_id = own_number(archive, organisation)
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    page = dana.get("/numbers").text
    assert "+1 (212) 555-0123" in page
    assert "/state" not in page
    assert dana.post("/numbers", {"number": OWN, "location": "x"}).status_code == 403
    assert dana.post(f"/numbers/{number_id}/state", {"state": "released"}).status_code == 403
    ingest = signed_in_browser(app, archive, organisation.id, "in@harbour.example", frozenset({Role.INGEST}))
    assert ingest.get("/numbers").status_code == 403


def test_a_state_or_number_that_does_not_exist_is_refused(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    number_id = own_number(archive, organisation)
    assert kit.post(f"/numbers/{number_id}/state", {"state": "sideways"}).status_code == 400
    assert kit.post("/numbers/num_none/state", {"state": "released"}).status_code == 404
