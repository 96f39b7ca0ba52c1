"""Health and metrics for programs: what they say, to whom, and that they are cheap and closed."""

from collections.abc import Callable

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families as read_metrics
from werkzeug.test import TestResponse

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.clock import DAY, system_clock
from archive.core.errors import Damaged
from archive.runs import store
from archive.runs.model import Counts, Duty
from archive.wiring import Archive
from jobs.spec import Job
from jobs.turn import look
from tests.browsing import Browser, api_key, signed_in_browser
from tests.conftest import StandingClock
from tests.items import line, take_in

Scrape = Callable[..., TestResponse]


def tidied(_archive: Archive) -> Counts:
    return {"things_tidied": 7}


def broken(_archive: Archive) -> Counts:
    raise Damaged("The key '1:day:2027-12-28' does not open.")


TIDY, BREAK = Job("tidy", 3_600, "Tidy up.", tidied), Job("break", 86_400, "Break.", broken)


@pytest.fixture
def organisation(archive: Archive, clock: StandingClock) -> OrganisationRow:
    """Of now: clocks are compared."""
    clock.now = system_clock()
    return create_organisation(archive.transactions, "Harbour Wealth", OPERATOR, "http://x.example")


@pytest.fixture
def scrape(app: Flask, archive: Archive, organisation: OrganisationRow) -> Scrape:
    headers = api_key(archive, organisation.id, "health.read")
    return lambda **more: app.test_client().get("/metrics", headers=headers | more)


def values(answer: TestResponse) -> dict[tuple[str, ...], float]:
    """(name, labels…) → value."""
    samples = (sample for family in read_metrics(answer.text) for sample in family.samples)
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


def test_health_is_parts_and_jobs(call, archive: Archive) -> None:
    look(archive, TIDY)
    look(archive, BREAK)
    stated = call("GET", "/health").json
    assert stated["good"] is True
    assert {finding["part"] for finding in stated["findings"]} == {
        "database", "keys", "ledger", "vault", "index", "completeness", "clock", "jobs",
    }  # fmt: skip
    jobs = {job["name"]: job for job in stated["jobs"]}
    assert (jobs["tidy"]["state"], jobs["tidy"]["last_run"]["counts"]) == ("good", {"things_tidied": 7})
    assert (jobs["break"]["state"], jobs["break"]["last_run"]["outcome"]) == ("failed", "failed")
    assert "does not open" in jobs["break"]["last_run"]["error"]
    assert jobs["tidy"]["runs"] == {"done": 1, "idle": 0, "failed": 0, "lost": 0}


def test_a_late_job_is_no_good(call, archive: Archive, clock: StandingClock) -> None:
    with archive.transactions.across() as session:
        store.register(session, [Duty("sleep", 300)], clock.now - DAY)
    stated = call("GET", "/health").json
    assert stated["good"] is False
    assert stated["jobs"][0]["state"] == "late"


def test_what_a_run_did_is_for_the_only_organisation_there_is(call, archive: Archive) -> None:
    create_organisation(archive.transactions, "Other", OPERATOR, "http://x.example")
    look(archive, TIDY)
    look(archive, BREAK)
    for job in call("GET", "/health").json["jobs"]:
        assert (job["last_run"]["counts"], job["last_run"]["error"]) == (None, None)


def test_a_key_without_the_scope_is_refused(
    app: Flask, archive: Archive, organisation: OrganisationRow, call_with
) -> None:
    assert call_with("messages.read")("GET", "/health").status_code == 403
    headers = api_key(archive, organisation.id, "messages.read")
    answer = app.test_client().get("/metrics", headers=headers)
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")


def test_metrics_are_for_programs_with_a_key(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    answer = app.test_client().get("/metrics")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    dana: Browser = signed_in_browser(app, archive, organisation.id, "dana@harbour.example")
    assert dana.get("/metrics").status_code == 401


def test_metrics_are_what_the_database_says_at_this_moment(
    scrape: Scrape, archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    look(archive, TIDY)
    look(archive, BREAK)
    take_in(archive, organisation.id, line("SM1"), line("SM2"), b"nonsense")
    clock.advance(seconds=30)
    answer = scrape()
    assert answer.mimetype == "text/plain"
    now = values(answer)
    assert now["textarchive_texts_stored",] == 2
    assert now["textarchive_quarantine_open",] == 1
    assert now["textarchive_sample_faults",] == 0
    assert now["textarchive_index_lag_entries",] == now["textarchive_ledger_entries",] > 3
    assert now["textarchive_unsigned_seconds",] == 30
    assert ("textarchive_checkpoint_age_seconds",) not in now
    assert now["textarchive_job_last_success_age_seconds", "tidy"] == 30
    assert ("textarchive_job_last_success_age_seconds", "break") not in now
    assert now["textarchive_job_runs_total", "tidy", "done"] == 1
    assert now["textarchive_job_runs_total", "break", "failed"] == 1
    assert now["textarchive_clocks_agree",] == 1
    assert now["textarchive_jobs_late",] == 0
    clock.advance(days=1, hours=3)
    later = values(scrape())
    assert later["textarchive_jobs_late",] == 2
    assert later["textarchive_job_late", "tidy"] == 1
    assert later["textarchive_clocks_agree",] == 0


def test_metrics_come_in_the_newer_format_to_who_asks_for_it(scrape: Scrape) -> None:
    answer = scrape(Accept="application/openmetrics-text; version=1.0.0")
    assert answer.mimetype == "application/openmetrics-text"
    assert answer.text.endswith("# EOF\n")


def test_no_metric_is_labelled_by_anything_but_a_job_an_outcome_and_a_cause(scrape: Scrape, archive: Archive) -> None:
    look(archive, TIDY)
    labels = {label for family in read_metrics(scrape().text) for sample in family.samples for label in sample.labels}
    assert labels == {"job", "outcome", "cause"}


def test_another_organisation_s_figures_are_not_in_it(
    scrape: Scrape, archive: Archive, organisation: OrganisationRow
) -> None:
    before = values(scrape())
    other = create_organisation(archive.transactions, "Other", OPERATOR, "http://x.example")
    take_in(archive, other.id, line("SM1"))
    after = values(scrape())
    assert after["textarchive_texts_stored",] == before["textarchive_texts_stored",] == 0
