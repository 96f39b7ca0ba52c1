import io
import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.numbers.model import NumberState
from archive.numbers.moves import OFFERED
from archive.wiring import Archive
from tests import items
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import OTHER, OWN, own_number, take_in, text, trail


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
    items.own_number(archive, organisation.id, state=state)
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


def test_the_page_of_a_number_has_its_history_and_changes_it(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    page = f"/numbers/{own_number(archive, organisation)}"
    assert f'href="{page}"' in kit.get("/numbers").text
    answer = kit.post(f"{page}/state", {"state": "suspended", "reason": "Complaint <7>", "stay": "true"})
    assert answer.headers["Location"] == page
    kit.post(f"{page}/assignment", {"location": "Boston", "assigned_to": "Dana", "reason": "Kit has left"})
    shown = kit.get(page).text
    for words in (
        "Complaint &lt;7&gt;",
        "Kit has left",
        "Boston",
        "Dana",
        "Austin",
        "Front desk",
        "Suspended",
        "Authorised",
    ):
        assert words in shown
    rows = re.findall(r"<tr>.*?</tr>", shown.partition("</table>")[0], re.DOTALL)[1:]
    assert [re.search(r"badge \w*\">([\w ]+)<", row)[1] for row in rows] == [  # type: ignore[index]
        "Not authorised",
        "Suspended",
        "Authorised",
    ]


def test_an_assignment_that_can_not_be_read_is_shown_again(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    number_id = own_number(archive, organisation)
    answer = kit.post(f"/numbers/{number_id}/assignment", {"location": "x" * 201, "assigned_to": "<Dana>"})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    assert "&lt;Dana&gt;" in answer.text
    assert kit.get("/numbers/num_none").status_code == 404


def test_a_move_that_is_not_in_the_table_is_refused_with_what_is_possible(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    items.own_number(archive, organisation.id, state=NumberState.RELEASED)
    address = re.search(r'action="(/numbers/num_\w+/state)"', kit.get("/numbers").text)
    assert address
    answer = kit.post(address[1], {"state": "registered"})
    assert answer.status_code == 409
    assert "From there it can become: unauthorised." in answer.text


def test_a_text_shows_its_number_as_it_was_at_its_time(
    app: Flask, archive: Archive, organisation: OrganisationRow, kit: Browser
) -> None:
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    number_id = own_number(archive, organisation)
    now = archive.clock().isoformat()
    before, at_once = take_in(archive, organisation, [text(1, "early"), {**text(2, "late"), "sent_at": now}])
    archive.clock.advance(minutes=5)  # type: ignore[attr-defined]
    kit.post(f"/numbers/{number_id}/assignment", {"location": "Boston", "assigned_to": "Dana"})
    assert "not entered in this archive yet" in dana.get(f"/messages/{before}").text
    shown = dana.get(f"/messages/{at_once}").text
    assert "Authorised · Austin · Front desk" in " ".join(shown.split())


def test_a_table_of_numbers_is_looked_at_first_and_taken_in_then(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    table = f"number,location,label\n{OWN},Austin,Dana <W>\n+442079460958,London,\n"
    file = {"file": (io.BytesIO(table.encode()), "numbers.csv")}
    looked = kit.post("/numbers/import", file, content_type="multipart/form-data").text
    for words in ("Take in 1 line", "+1 (212) 555-0123", "+44 207 946 0958", "Type it like"):
        assert words in looked
    assert trail(archive, organisation, "number.added") == []
    done = kit.post("/numbers/import", {"content": table}, content_type="multipart/form-data").text
    assert "1 added, 0 changed, 0 unchanged, 1 refused." in " ".join(done.split())
    assert "Dana &lt;W&gt;" in kit.get("/numbers").text


def test_our_side_of_a_conversation_bears_the_name_of_its_time(
    app: Flask, archive: Archive, organisation: OrganisationRow, kit: Browser
) -> None:
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    number_id = own_number(archive, organisation, label="Front desk")
    ours = {"direction": "outbound", "from": OWN, "to": [OTHER]}
    texts = [text(1, "early bird", **ours), {**text(2, "on time", **ours), "sent_at": archive.clock().isoformat()}]
    take_in(archive, organisation, texts)
    archive.clock.advance(minutes=5)  # type: ignore[attr-defined]
    kit.post("/users", {"name": "Dana <W>", "primary_number": OWN})
    late = {**text(3, "late bird", **ours), "sent_at": archive.clock().isoformat()}
    serial = take_in(archive, organisation, [late])[0]
    page = dana.get(f"/messages/{serial}").text
    by = re.findall(r"data-open><bdi>(.*?)</bdi> ·", page)
    assert by == ["Front desk", "Front desk", "Dana &lt;W&gt;"]
    user = re.search(r'href="(/users/usr_\w+)">Dana &lt;W&gt;', page)
    assert user, "the record leads to the user"
    assert dana.get(user[1]).status_code == 200
    assert number_id in kit.get(user[1]).text
