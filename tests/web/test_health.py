"""The page on jobs and health: who sees it, and what of it."""

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow, create_organisation
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.core.clock import DAY, system_clock
from archive.core.errors import Damaged
from archive.runs import store
from archive.runs.model import Counts, Duty
from archive.wiring import Archive
from jobs.spec import Job
from jobs.turn import do_now, look
from tests.browsing import Browser, signed_in_browser
from tests.conftest import StandingClock


@pytest.fixture
def organisation(archive: Archive, clock: StandingClock) -> OrganisationRow:
    """Of now: the page compares clocks."""
    clock.now = system_clock()
    return create_organisation(archive.transactions, "Harbour Wealth", OPERATOR, "http://x.example")


@pytest.fixture
def ada(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "ada@harbour.example", frozenset({Role.ADMINISTRATOR}))


def tidied(_archive: Archive) -> Counts:
    return {"things_tidied": 1_204}


def broken(_archive: Archive) -> Counts:
    raise Damaged("The key '1:day:2027-12-28' does not open.")


TIDY, BREAK = Job("tidy", 3_600, "Tidy up.", tidied), Job("break", 86_400, "Break.", broken, at_seconds=10_800)


def test_before_any_scheduler_ran_the_page_says_so(ada: Browser) -> None:
    page = ada.get("/health").text
    assert "No scheduler has run here yet." in page
    assert "No scheduled work yet" in page
    assert "<code>textarchive jobs start</code>" in page


def test_each_job_is_shown_with_its_state_and_what_it_did(ada: Browser, archive: Archive, clock: StandingClock) -> None:
    look(archive, TIDY)
    look(archive, BREAK)
    page = ada.get("/health").text
    assert "1,204 things tidied" in page
    assert "each hour" in page
    assert "daily at 03:00 UTC" in page
    assert "The job break failed, and is tried again." in page
    assert "Damaged: The key &#39;1:day:2027-12-28&#39; does not open." in page
    assert "Something below needs a look." in page


def test_a_late_job_is_seen_on_every_page(ada: Browser, archive: Archive, clock: StandingClock) -> None:
    assert '<span class="count">' not in ada.get("/numbers").text
    with archive.transactions.across() as session:
        store.register(session, [Duty("sleep", 300, about="Sleep.")], clock.now - DAY)
    assert '<span class="count">1<span class="sr-only"> late</span></span>' in ada.get("/numbers").text
    page = ada.get("/health").text
    assert "The job sleep is late: it has not succeeded at all." in page
    assert "Something is broken." in page


def test_the_runs_of_a_job_are_read_page_by_page(ada: Browser, archive: Archive) -> None:
    for _ in range(30):
        do_now(archive, TIDY)
    first = ada.get("/health?job=tidy").text
    assert first.count("1,204 things tidied") == 25 + 1
    assert 'href="/health?job=tidy&amp;before=6#runs"' in first
    second = ada.get("/health?job=tidy&before=6").text
    assert second.count("1,204 things tidied") == 5 + 1
    assert 'rel="next"' not in second
    assert "No run of it has done anything yet." in ada.get("/health?job=nothing").text


def test_with_others_on_the_installation_nobody_is_shown_what_runs_did(ada: Browser, archive: Archive) -> None:
    create_organisation(archive.transactions, "Other", OPERATOR, "http://x.example")
    look(archive, TIDY)
    look(archive, BREAK)
    for path in ("/health", "/health?job=tidy", "/health?job=break"):
        page = ada.get(path).text
        assert "things tidied" not in page
        assert "does not open" not in page
        assert "are shown to its operator only" in page


@pytest.mark.parametrize("query", ["job=Tidy", "job=../x", "job=tidy&before=0", "job=tidy&before=x"])
def test_an_address_that_means_nothing_is_refused(ada: Browser, query: str) -> None:
    assert ada.get(f"/health?{query}").status_code == 400


def test_who_may_not_see_it_is_refused(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    for number, role in enumerate((Role.COMPLIANCE, Role.INGEST)):
        browser = signed_in_browser(app, archive, organisation.id, f"p{number}@harbour.example", frozenset({role}))
        assert browser.get("/health").status_code == 403
        assert "/health" not in browser.get("/password").text
