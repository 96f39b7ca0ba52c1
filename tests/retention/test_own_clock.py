"""By how much our clock stood behind, told from the ledger, and until when a text stays because of it."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import event

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.ledger.entry import Event
from archive.retention.decide import Anchor, Verdict
from archive.retention.model import DEFAULT
from archive.retention.own_clock import behind, earliest_end, probes
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.holds.ordering import texts

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Noted(Event, frozen=True, kw_only=True):
    kind = "test.noted"


@pytest.mark.parametrize(
    ("serial", "before"),
    [(1, []), (2, [1]), (3, [2, 1]), (4, [3, 2]), (5, [4, 3, 1]), (9, [8, 7, 5, 1]), (20, [19, 18, 16, 12, 4])],
)
def test_the_entries_one_two_four_and_so_on_before_a_text_are_looked_at(serial: int, before: list[int]) -> None:
    assert list(islice(probes(serial), 20)) == before


def test_a_clock_counts_as_behind_when_it_is_further_than_two_machines_may_differ(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    texts(archive, organisation, {"text": "right"})
    clock.advance(minutes=-2)
    (near,) = texts(archive, organisation, {"text": "two minutes behind"})
    clock.advance(microseconds=-1)
    far, farther = texts(archive, organisation, {"text": "too far"}, {"text": "behind"})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        late = timedelta(minutes=2, microseconds=1)
        assert behind(tx, [near, far, farther]) == {far: late, farther: late}
        assert behind(tx, [near]) == behind(tx, []) == {}


def test_what_another_organisation_s_ledger_says_of_the_time_is_not_asked(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    other = create_organisation(archive.transactions, "Beside " + organisation.name, OPERATOR, "http://127.0.0.1")
    clock.advance(days=300)
    texts(archive, other, {}, {"text": "later"})
    clock.advance(days=-300)
    serials = texts(archive, organisation, {}, {"text": "earlier"})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert behind(tx, serials) == {}


def test_the_first_entry_of_a_ledger_was_never_late(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert behind(tx, [1, 2]) == {}


def test_what_was_recorded_in_the_same_transaction_is_looked_at_too(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    texts(archive, organisation, {"text": "right"})
    clock.advance(days=-1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert behind(tx, [tx.record(Noted())]) == {tx.ledger_size: timedelta(days=1)}


def test_the_ledger_is_asked_once_for_many_texts(archive: Archive, organisation: OrganisationRow) -> None:
    serials = texts(archive, organisation, {}, {"text": "two"}, {"text": "three"})
    asked: list[str] = []

    def note(*details: Any) -> None:
        asked.append(details[2])

    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        event.listen(archive.engine, "before_cursor_execute", note)
        assert behind(tx, serials) == {}
        event.remove(archive.engine, "before_cursor_execute", note)
    assert len(asked) == 1


@pytest.mark.parametrize(("anchor", "least"), [("received", 400), ("sent", 30)])
def test_no_policy_lets_a_text_go_before_the_floor_counted_from_when_it_really_came_in(
    anchor: Anchor, least: int
) -> None:
    verdict = Verdict(None, NOON, DEFAULT, anchor, NOON, ())
    assert earliest_end(NOON, verdict, timedelta(hours=5)) == NOON + timedelta(days=least, hours=5)
