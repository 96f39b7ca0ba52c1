"""The page for anybody: it takes reports, and tells nobody whose numbers are known."""

import re
from typing import Any

import pytest
from sqlalchemy import event

from archive.access.organisations import OrganisationRow
from archive.access.throttle import REPORT_LIMIT
from archive.core.actor import OPERATOR
from archive.spam import inbox
from archive.spam.inbox import Inbox
from archive.spam.reading import list_reports, open_said
from archive.spam.store import Wanted
from archive.wiring import Archive
from jobs.spam_reports import run
from tests.browsing import Browser
from tests.conftest import StandingClock
from tests.taking_in import HOSTILE, OTHER, OWN, own_number

GOOD = {"own_number": "(212) 555-0123", "reporter": "415 555 0188", "on": "2026-11-20", "at": "07:00"}
GOOD |= {"zone": "eastern", "words": "Pay now", "email": "kit@example.com"}


def waiting(archive: Archive) -> list[Any]:
    box = Inbox(archive.transactions, archive.keyring)
    with archive.transactions.glance() as session:
        return [box.opened(row) for row in inbox.waiting(session, "", 1_000)]


def test_anybody_may_report_and_what_they_wrote_arrives(
    browser: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    own_number(archive, organisation)
    page = browser.get("/report-spam")
    assert page.status_code == 200
    assert "Report a text message" in page.text
    answer = browser.post("/report-spam", GOOD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/report-spam/thanks")
    assert "Your report is received." in browser.get("/report-spam/thanks").text
    run(archive)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (row,) = list_reports(tx, Wanted(), 10)
        said = open_said(tx, row)
    assert (said.reporter, said.email, said.words) == (OTHER, "kit@example.com", "Pay now")
    assert row.claimed_since_at
    assert row.claimed_since_at.isoformat() == "2026-11-20T12:00:00+00:00"


def test_only_the_number_is_needed(browser: Browser, archive: Archive) -> None:
    assert browser.post("/report-spam", {"own_number": OWN}).status_code == 303
    assert browser.post("/report-spam", {"own_number": "78787"}).status_code == 303
    assert sorted(filed.own_number for filed in waiting(archive)) == [OWN, "78787"]


def test_a_known_number_is_thanked_for_like_an_unknown_one(
    browser: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    own_number(archive, organisation)
    known, unknown, trapped = (
        browser.post("/report-spam", {"own_number": number, **more})
        for number, more in ((OWN, {}), ("+12125550199", {}), (OWN, {"website": "http://x"}))
    )
    for other in (unknown, trapped):
        assert (other.status_code, other.data) == (known.status_code, known.data)
        assert sorted(other.headers.items()) == sorted(known.headers.items())


def test_nothing_is_asked_of_the_numbers_while_the_reporter_waits(
    browser: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    """What is not looked up can't be told by the time that it took."""
    own_number(archive, organisation)
    browser.get("/report-spam")
    token = browser.token()
    kinds = []
    for number in (OWN, "+12125550199"):
        seen: list[str] = []

        def listen(_c: Any, _k: Any, statement: str, *_more: Any, seen: list[str] = seen) -> None:
            seen.append(statement)

        event.listen(archive.engine, "before_cursor_execute", listen)
        browser.post("/report-spam", {"own_number": number, "csrf_token": token})
        event.remove(archive.engine, "before_cursor_execute", listen)
        kinds.append(seen)
    assert kinds[0] == kinds[1]
    assert kinds[0]
    assert not any("number" in statement or "ledger" in statement for statement in kinds[0])


def test_a_program_in_the_trap_is_counted_and_nothing_of_it_kept(browser: Browser, archive: Archive) -> None:
    browser.post("/report-spam", {"own_number": OWN, "website": "http://buy.example"})
    assert waiting(archive) == []
    with archive.transactions.glance() as session:
        assert [(row.why, row.count) for row in inbox.dropped(session)] == [("trap", 1)]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"own_number": ""}, "Type a number like"),
        ({"own_number": "<b>nobody</b>"}, "&lt;b&gt;nobody"),
        ({"own_number": OWN, "reporter": "me"}, "Type a number like"),
        ({"own_number": OWN, "email": "kit"}, "Type an address like"),
        ({"own_number": OWN, "words": "x" * 2_001}, "Up to 2,000 characters fit"),
        ({"own_number": OWN, "on": "2026-13-45"}, "Choose a day."),
        ({"own_number": OWN, "on": "2026-12-24"}, "still to come"),
        ({"own_number": OWN, "on": "9999-12-31"}, "Choose a day and a time."),
        ({"own_number": OWN, "on": "2026-11-20", "at": "25:00"}, "Choose a day and a time."),
        ({"own_number": OWN, "at": "10:00"}, "Choose the day as well."),
        ({"own_number": OWN, "zone": "mars"}, "Choose from the list."),
        ({"own_number": "1" * 50}, "Type a number like"),
    ],
)
def test_what_is_wrong_is_said_beneath_its_field_and_nothing_is_kept(
    browser: Browser, archive: Archive, form: dict[str, str], words: str
) -> None:
    answer = browser.post("/report-spam", form)
    assert answer.status_code == 400
    assert words in answer.text
    assert waiting(archive) == []


def test_a_form_from_another_site_is_refused(browser: Browser, archive: Archive) -> None:
    browser.get("/report-spam")
    assert browser.client.post("/report-spam", data={"own_number": OWN}).status_code == 400
    forged = browser.post("/report-spam", {"own_number": OWN}, headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 400
    assert waiting(archive) == []


def test_too_many_from_one_address_wait_and_others_do_not(
    browser: Browser, archive: Archive, clock: StandingClock
) -> None:
    def send(address: str) -> Any:
        return browser.post("/report-spam", {"own_number": OWN}, environ_base={"REMOTE_ADDR": address})

    assert {send("203.0.113.7").status_code for _ in range(REPORT_LIMIT)} == {303}
    for _ in range(2):  # The second refusal comes from memory.
        refused = send("203.0.113.7")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "902" if _ else "901")
        assert "Nothing of this one was kept" in refused.text
    assert send("203.0.113.8").status_code == 303
    clock.advance(minutes=16)
    assert send("203.0.113.7").status_code == 303


def test_a_body_that_is_too_large_is_not_read(browser: Browser) -> None:
    assert browser.post("/report-spam", {"own_number": OWN, "words": "x" * 1_100_000}).status_code == 413


def test_hostile_words_arrive_as_they_are(browser: Browser, archive: Archive) -> None:
    sent = [words for name, words in HOSTILE.items() if name not in ("long", "half pair")]
    for words in sent:
        assert browser.post("/report-spam", {"own_number": OWN, "words": words}).status_code == 303
    assert sorted(filed.words for filed in waiting(archive)) == sorted(words.strip() for words in sent)


def test_the_page_has_no_script_of_its_own_and_no_names(browser: Browser, organisation: OrganisationRow) -> None:
    page = browser.get("/report-spam").text
    assert len(re.findall("<script", page)) == 1
    assert organisation.name not in page
