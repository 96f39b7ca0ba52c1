"""Reports are kept as long as their policy says, and then nothing of them is left."""

from datetime import UTC, datetime, timedelta

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, place_hold
from archive.keys.keyring import REPORTS_KEY, destroyed_keys
from archive.ledger.trail import entries_about
from archive.proving import verify_organisation
from archive.spam import triage
from archive.spam.keeping import keep_years, set_keep_years
from archive.spam.model import State
from archive.wiring import Archive
from jobs.old_spam_reports import run
from tests.conftest import StandingClock
from tests.spam.reporting import WORDS, compared, read, sent, taken, told
from tests.taking_in import own_number, trail

OVER = datetime(2030, 12, 1, tzinfo=UTC)
"""Four years after the end of the month in which the tests' reports come."""


@pytest.fixture(autouse=True)
def number(archive: Archive, organisation: OrganisationRow) -> str:
    return own_number(archive, organisation)


def decide(archive: Archive, organisation: OrganisationRow, report_id: str) -> str:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        triage.move(tx, report_id, State.INVESTIGATING)
        triage.move(tx, report_id, State.CONFIRMED, "A note with a name in it")
    return report_id


def test_a_month_goes_whole_with_its_key_when_its_time_is_over(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    sent(archive, organisation, (0, WORDS))
    ids = [compared(archive, organisation, told(words=f"{WORDS} {at}")).row.id for at in range(3)]
    for report_id in ids:
        decide(archive, organisation, report_id)
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    later = decide(archive, organisation, taken(archive, organisation, told(words="Another month")))
    clock.now = OVER - timedelta(seconds=1)
    assert run(archive).get("reports_destroyed", 0) == 0
    clock.now = OVER
    assert run(archive) == {"reports_destroyed": 3}
    assert run(archive).get("reports_destroyed", 0) == 0
    for report_id in ids:
        with pytest.raises(NotFound):
            read(archive, organisation, report_id)
    assert read(archive, organisation, later)
    (entry,) = trail(archive, organisation, "spam.destroyed")
    assert (entry.detail["month"], entry.detail["count"]) == ("2026-11", 3)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        gone = destroyed_keys(tx.session, tx.org_id).values()
        assert [(one.name, one.period) for one in gone] == [(REPORTS_KEY, "2026-11")]
        assert entries_about(tx, ids[0]), "that it was here stays in the ledger"
    with archive.engine.connect() as connection:
        for table in ("spam_match", "spam_note"):
            rows = connection.exec_driver_sql(f"SELECT report_id FROM {table}").scalars().all()
            assert set(rows) <= {later}
    assert verify_organisation(archive.transactions, archive.vault, organisation).good


def test_a_month_stays_while_one_of_it_is_open(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    decided, still_open = (taken(archive, organisation, told(words=words)) for words in ("one", "two"))
    decide(archive, organisation, decided)
    clock.now = OVER
    assert run(archive).get("reports_destroyed", 0) == 0
    decide(archive, organisation, still_open)
    assert run(archive) == {"reports_destroyed": 2}


def test_a_month_stays_while_a_text_of_it_is_under_a_hold(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    sent(archive, organisation, (0, WORDS))
    decide(archive, organisation, compared(archive, organisation, told()).row.id)
    place_hold(archive, organisation.id, OPERATOR, HoldOrder("Miller", Predicate("parcel"), "x"))
    clock.now = OVER
    assert run(archive).get("reports_destroyed", 0) == 0


def test_the_policy_only_ever_keeps_longer(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    decide(archive, organisation, taken(archive, organisation, told()))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert keep_years(tx) == 4
        set_keep_years(tx, 7)
        set_keep_years(tx, 7)
        with pytest.raises(Conflict):
            set_keep_years(tx, 5)
        for years in (3, 101):
            with pytest.raises(BadInput):
                set_keep_years(tx, years)
        assert keep_years(tx) == 7
    assert [entry.detail for entry in trail(archive, organisation, "spam.policy-set")] == [{"keep_years": 7}]
    clock.now = OVER
    assert run(archive).get("reports_destroyed", 0) == 0
    clock.now = OVER.replace(year=2033)
    assert run(archive) == {"reports_destroyed": 1}
