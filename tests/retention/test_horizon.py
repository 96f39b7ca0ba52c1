"""What goes when: by day, with what is held, in weeks, months or years as fits."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, place_hold
from archive.retention.horizon import Grain, Horizon, HorizonMemory, grain_of, horizon, spans_of
from archive.wiring import Archive
from tests.holds.ordering import texts
from tests.retention.purging import DAY, go_to, plan_time, planned, purge_time, purged

TODAY = date(2026, 11, 25)


def seen(archive: Archive, organisation: OrganisationRow) -> Horizon:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return horizon(tx)


def hold(archive: Archive, organisation: OrganisationRow, matter: str, words: str) -> None:
    place_hold(archive, organisation.id, OPERATOR, HoldOrder(matter, Predicate(words), "Counsel"))


def test_an_empty_archive_has_an_empty_horizon(archive: Archive, organisation: OrganisationRow) -> None:
    found = seen(archive, organisation)
    assert (found.grain, found.due, found.held, found.soon, found.overdue, found.kept) == (Grain.WEEK, 0, 0, 0, 0, 0)
    assert len(found.spans) >= 58


def test_a_text_under_two_holds_is_held_once(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {"text": "wire"}, {"text": "wire"}, {"text": "else"})
    hold(archive, organisation, "One", "wire")
    hold(archive, organisation, "Two", "wire OR else")
    found = seen(archive, organisation)
    (week,) = [span for span in found.spans if span.due]
    assert week.first <= DAY <= week.last
    assert (week.due, week.held, found.soon) == (3, 3, 0)


def test_what_is_within_a_week_then_waits_then_stays_beyond_its_time(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {"text": "wire"}, {"text": "first"}, {"text": "second"})
    hold(archive, organisation, "One", "wire")
    go_to(archive, plan_time() - timedelta(days=1))
    assert seen(archive, organisation).soon == 0
    planned(archive, organisation)
    found = seen(archive, organisation)
    assert (found.due, found.held, found.soon, found.overdue) == (3, 1, 0, 0)
    go_to(archive, plan_time() + timedelta(days=1))
    assert seen(archive, organisation).soon == 2
    go_to(archive, purge_time())
    found = seen(archive, organisation)
    assert (found.due, found.overdue) == (0, 3)


def test_after_the_purge_only_what_is_held_is_here(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {"text": "wire"}, {"text": "first"})
    hold(archive, organisation, "One", "wire")
    purged(archive, organisation)
    found = seen(archive, organisation)
    assert (found.due, found.overdue, found.kept) == (0, 0, 1)


@pytest.mark.parametrize(
    ("last", "grain"),
    [
        (TODAY, Grain.WEEK),
        (TODAY + timedelta(days=401), Grain.WEEK),
        (TODAY + timedelta(weeks=66) - timedelta(days=1), Grain.WEEK),
        (TODAY + timedelta(weeks=66), Grain.MONTH),
        (date(2032, 11, 30), Grain.MONTH),
        (date(2032, 12, 1), Grain.YEAR),
    ],
)
def test_the_finest_grain_of_which_all_fits(last: date, grain: Grain) -> None:
    assert grain_of(TODAY, last) is grain


@pytest.mark.parametrize("grain", Grain)
@pytest.mark.parametrize("last", [TODAY, TODAY + timedelta(days=401), date(2031, 12, 31), date(2032, 1, 1)])
def test_spans_follow_each_other_without_a_gap_from_today_to_the_last_day(grain: Grain, last: date) -> None:
    spans = list(spans_of(grain, TODAY, last))
    assert spans[0][0] <= TODAY <= spans[0][1]
    assert spans[-1][1] >= last
    assert all(after == before + timedelta(days=1) for (_, before), (after, _) in pairwise(spans))
    if grain is Grain.WEEK:
        assert all(first.weekday() == 0 and end - first == timedelta(days=6) for first, end in spans)
        assert len(spans) >= 58
    else:
        assert spans[-1][0] <= last
        assert all(first.day == 1 for first, _ in spans)


def test_where_there_are_many_a_minute_old_count_is_good_enough(
    archive: Archive, organisation: OrganisationRow
) -> None:
    memory, forgetful = HorizonMemory(many=2), HorizonMemory(many=9)

    def counted(by: HorizonMemory) -> tuple[datetime, int]:
        with archive.transactions.read(organisation.id, OPERATOR) as tx:
            at, found = by.horizon(tx)
        return at, found.due

    begun = archive.clock()
    texts(archive, organisation, {"text": "first"})
    assert counted(memory) == (begun, 1)
    texts(archive, organisation, {"text": "second"})
    assert counted(memory) == counted(forgetful) == (begun, 2)
    texts(archive, organisation, {"text": "third"})
    go_to(archive, begun + timedelta(seconds=59))
    assert (counted(memory), counted(forgetful)) == ((begun, 2), (begun + timedelta(seconds=59), 3))
    go_to(archive, begun + timedelta(seconds=60))
    assert counted(memory) == (begun + timedelta(seconds=60), 3)
