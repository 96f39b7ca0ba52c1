"""The first transaction of a purge: what stops it, what it takes, and what it says of what it leaves."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import Damaged
from archive.holds.checking import hold_faults
from archive.holds.events import digest_of
from archive.intake.quarantine import QuarantineRow
from archive.keys.keyring import DataKeyRow
from archive.messages.store import MessageRow
from archive.retention import beginning
from archive.retention.approving import approve_batch
from archive.retention.batch import State
from archive.retention.batches import NEEDLE
from archive.retention.beginning import NEEDLES, begin, demand_sound_holds
from archive.retention.breakers import Breaker
from archive.retention.model import EVERYTHING, Scope
from archive.retention.period import Period
from archive.retention.policies import add_policy
from archive.retention.shredding import envelopes
from archive.retention.switch import PurgeStopped, stop_purging
from archive.wiring import Archive
from tests.holds.ordering import DANA, hold, release, texts
from tests.items import line, take_in
from tests.retention.purging import DAY, batch, clock_of, go_to, plan, planned, purge_time
from tests.taking_in import trail

BATCH = DAY.isoformat()
ANOTHER_NUMBER, THIRD_NUMBER = Scope(number="+12125550199"), Scope(number="+12125550177")


def began(archive: Archive, organisation: OrganisationRow, *doubts: str) -> bool:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return begin(tx, BATCH, doubts)


def on_its_day(archive: Archive, organisation: OrganisationRow) -> None:
    planned(archive, organisation)
    go_to(archive, purge_time())


def decided(archive: Archive, organisation: OrganisationRow, scope: Scope, years: int) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, scope, Period(years=years))


def allowed(archive: Archive, organisation: OrganisationRow, count: int) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        approve_batch(tx, BATCH, count)


def stopped_by(archive: Archive, organisation: OrganisationRow) -> list[Breaker]:
    return [trip.breaker for trip in batch(archive, organisation).trips]


def said(archive: Archive, organisation: OrganisationRow) -> list[Any]:
    """What the ledger says stopped it, the newest last."""
    entries = trail(archive, organisation, "purge.held-up")
    assert {entry.subject for entry in entries} <= {f"batch:{BATCH}"}
    return [entry.detail["trips"] for entry in reversed(entries)]


def keys(archive: Archive, organisation: OrganisationRow) -> dict[tuple[str, str], int]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return {(row.purpose, row.period): row.id for row in tx.session.scalars(select(DataKeyRow))}


def key_of_item(archive: Archive, organisation: OrganisationRow, seq: int) -> tuple[str, str]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        key = tx.session.scalars(select(QuarantineRow.key_id).where(QuarantineRow.seq == seq)).one()
    return next(purpose for purpose, number in keys(archive, organisation).items() if number == key)


def broken(archive: Archive, organisation: OrganisationRow, raw: bytes = b"{broken") -> int:
    """An item for the quarantine."""
    return take_in(archive, organisation.id, raw)[0].serial or 0


# --- What it takes ---


@pytest.mark.tampers
def test_what_is_taken_and_what_is_left_is_written_down_to_the_last_text(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, second, kept, longer, surprise = texts(
        archive, organisation, {}, {"text": "2"}, {"text": "a refund"}, {"to": ["+12125550199"]}, {"text": "surprise"}
    )
    item = broken(archive, organisation)
    decided(archive, organisation, ANOTHER_NUMBER, 3)
    hold(archive, organisation, "refund", standing=False)
    move = update(MessageRow).where(MessageRow.org_id == organisation.id, MessageRow.seq == surprise)
    with archive.engine.begin() as connection:
        connection.execute(move.values(due_on=DAY + timedelta(days=50)))
    on_its_day(archive, organisation)
    with archive.engine.begin() as connection:
        connection.execute(move.values(due_on=DAY))
    under = keys(archive, organisation)["day", BATCH]
    assert began(archive, organisation)
    done = batch(archive, organisation)
    assert (done.state, done.begun_at, done.destroyed_items) == (State.SHREDDING, purge_time(), 1)
    assert (done.destroyed, done.staying) == ([first, second, item], [kept, longer, surprise])
    assert done.kept == {"held": 1, "longer": 1, "later": 0, "unplanned": 1, "items": 0}
    assert done.keys == {under: 3}
    (entry,) = trail(archive, organisation, "purge.begun")
    assert (entry.subject, entry.seq) == (f"batch:{BATCH}", done.begun_entry)
    assert entry.detail == {
        **{"texts": 2, "items": 1, "digest": digest_of(done.destroyed), "approved_by": "nobody"},
        **{"held": 1, "longer": 1, "later": 0, "unplanned": 1, "items_kept": 0},
    }
    assert marks(archive, organisation) == {first: entry.seq, second: entry.seq}


def marks(archive: Archive, organisation: OrganisationRow) -> dict[int, int | None]:
    marked = select(MessageRow.seq, MessageRow.shredding).where(MessageRow.shredding.is_not(None))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return {row.seq: row.shredding for row in tx.session.execute(marked)}


def needles_of(archive: Archive, organisation: OrganisationRow, serials: list[int]) -> set[bytes]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return {sealed[:NEEDLE] for sealed in envelopes(tx, serials)}


def test_what_is_looked_for_afterwards_is_taken_from_all_over_a_large_batch(
    archive: Archive, organisation: OrganisationRow
) -> None:
    taken = take_in(archive, organisation.id, *[line(f"SM{number}") for number in range(130)])
    serials = [outcome.serial or 0 for outcome in taken]
    on_its_day(archive, organisation)
    expected = needles_of(archive, organisation, serials[: 2 * NEEDLES : 2])
    assert not began(archive, organisation), "130 texts of 130 are too many"
    allowed(archive, organisation, 130)
    assert began(archive, organisation)
    assert set(batch(archive, organisation).needles) == expected
    assert len(expected) == NEEDLES
    (entry,) = trail(archive, organisation, "purge.begun")
    assert (entry.detail["texts"], entry.detail["approved_by"]) == (130, str(DANA))


def test_every_text_of_a_small_batch_is_looked_for(archive: Archive, organisation: OrganisationRow) -> None:
    serials = texts(archive, organisation, {}, {"text": "second"})
    on_its_day(archive, organisation)
    expected = needles_of(archive, organisation, serials)
    assert began(archive, organisation)
    assert set(batch(archive, organisation).needles) == expected


def test_a_batch_begins_once(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    on_its_day(archive, organisation)
    assert began(archive, organisation)
    done = batch(archive, organisation)
    assert began(archive, organisation, "The clock jumped."), "there is only forward"
    assert batch(archive, organisation) == done
    assert len(trail(archive, organisation, "purge.begun")) == 1


@pytest.mark.tampers
def test_all_of_it_is_marked_or_nothing_begins(archive: Archive, organisation: OrganisationRow) -> None:
    kept, free = texts(archive, organisation, {"text": "a refund"}, {"text": "else"})
    hold(archive, organisation, "refund")
    item = broken(archive, organisation)
    message = f"1 of the texts and items of {BATCH} can't be taken after all. Nothing was destroyed."
    for serials, items in (([kept, free], [item]), ([free], [item, 999_999])):
        with pytest.raises(Damaged) as raised, archive.transactions.write(organisation.id, OPERATOR) as tx:
            beginning._mark(tx, DAY, serials, items, 1_000)
        assert str(raised.value) == f"{message} Run `textarchive verify`."
    assert marks(archive, organisation) == {}


# --- The quarantine ---


def test_an_item_alone_is_taken_with_the_key_that_it_lies_under(
    archive: Archive, organisation: OrganisationRow
) -> None:
    item = broken(archive, organisation)
    on_its_day(archive, organisation)
    assert began(archive, organisation)
    done = batch(archive, organisation)
    assert (done.destroyed, done.destroyed_items) == ([item], 1)
    assert done.keys == {keys(archive, organisation)["day", BATCH]: 1}


def test_an_item_that_is_held_since_its_plan_moves_under_the_key_of_its_hold(
    archive: Archive, organisation: OrganisationRow
) -> None:
    item = broken(archive, organisation)
    on_its_day(archive, organisation)
    placed = hold(archive, organisation, "anything")
    assert began(archive, organisation)
    done = batch(archive, organisation)
    assert (done.destroyed, done.staying, done.kept["items"]) == ([], [item], 1)
    assert key_of_item(archive, organisation, item) == ("hold", placed.hold_id)
    (entry,) = trail(archive, organisation, "purge.begun")
    assert entry.detail["items_kept"] == 1


def test_an_item_that_a_longer_policy_keeps_since_its_plan_moves_to_its_later_day(
    archive: Archive, organisation: OrganisationRow
) -> None:
    item = broken(archive, organisation)
    on_its_day(archive, organisation)
    decided(archive, organisation, EVERYTHING, 3)
    assert not began(archive, organisation)
    allowed(archive, organisation, 1)
    assert began(archive, organisation)
    assert key_of_item(archive, organisation, item) == ("day", "2029-11-23")


def test_an_item_that_is_not_in_the_plan_is_left_where_it_is(archive: Archive, organisation: OrganisationRow) -> None:
    released = broken(archive, organisation)
    clock_of(archive).advance(hours=1)
    placed = hold(archive, organisation, "anything", standing=False)
    items = [broken(archive, organisation, b"{two"), broken(archive, organisation, b"{three")]
    (made,) = planned(archive, organisation)
    assert made.serials == items
    release(archive, organisation, placed.hold_id)
    go_to(archive, purge_time())
    assert began(archive, organisation)
    done = batch(archive, organisation)
    assert (done.destroyed, done.staying, done.kept["items"]) == (items, [], 1)
    assert key_of_item(archive, organisation, released) == ("day", BATCH)


# --- What stops it ---


def test_a_policy_that_is_newer_than_the_plan_stops_it_each_time_anew(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {})
    on_its_day(archive, organisation)
    decided(archive, organisation, ANOTHER_NUMBER, 3)
    for _ in range(2):
        assert not began(archive, organisation)
        assert (batch(archive, organisation).state, stopped_by(archive, organisation)) == (
            *(State.PLANNED, [Breaker.POLICY]),
        )
    assert said(archive, organisation) == [["policy"]], "the same is not said again and again"
    allowed(archive, organisation, 1)
    decided(archive, organisation, THIRD_NUMBER, 4)
    for _ in range(2):
        assert not began(archive, organisation), "what was allowed was the policy before"
        assert stopped_by(archive, organisation) == [Breaker.POLICY]
        approval = batch(archive, organisation).approval
        assert approval is not None and approval.breakers == frozenset()
    assert said(archive, organisation) == [["policy"], ["policy"]]
    allowed(archive, organisation, 1)
    assert began(archive, organisation)
    assert (stopped_by(archive, organisation), len(said(archive, organisation))) == ([Breaker.POLICY], 2)


def test_what_stopped_it_before_goes_on_to_stop_it_beside_what_is_new(
    archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation.id, *[line(f"SM{number}") for number in range(101)])
    on_its_day(archive, organisation)
    assert not began(archive, organisation)
    assert said(archive, organisation) == [], "the plan has said so"
    decided(archive, organisation, ANOTHER_NUMBER, 3)
    assert not began(archive, organisation, "It jumped.")
    assert stopped_by(archive, organisation) == [Breaker.SHARE, Breaker.POLICY, Breaker.CLOCKS]
    allowed(archive, organisation, 101)
    decided(archive, organisation, THIRD_NUMBER, 3)
    assert not began(archive, organisation)
    assert stopped_by(archive, organisation) == [Breaker.SHARE, Breaker.POLICY]
    assert said(archive, organisation) == [["share", "policy", "clocks"], ["policy"]], "the share is allowed"


def test_what_was_allowed_stays_allowed_while_something_else_stops_it(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {})
    on_its_day(archive, organisation)
    decided(archive, organisation, ANOTHER_NUMBER, 3)
    assert not began(archive, organisation)
    allowed(archive, organisation, 1)
    assert not began(archive, organisation, "It jumped.")
    assert began(archive, organisation)


def test_a_clock_in_doubt_stops_it_until_it_is_right_or_a_person_says_so(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {})
    on_its_day(archive, organisation)
    assert not began(archive, organisation, "The database's is behind.", "It jumped.")
    (trip,) = batch(archive, organisation).trips
    assert (trip.breaker, trip.because) == (Breaker.CLOCKS, "The database's is behind. It jumped.")
    assert said(archive, organisation) == [["clocks"]]
    clock_of(archive).advance(hours=1)
    assert began(archive, organisation)
    assert (stopped_by(archive, organisation), said(archive, organisation)) == ([], [["clocks"]])


def test_a_person_speaks_for_a_clock_in_doubt(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    on_its_day(archive, organisation)
    assert not began(archive, organisation, "It jumped.")
    allowed(archive, organisation, 1)
    clock_of(archive).advance(hours=73)
    assert not began(archive, organisation, "It jumped.")
    allowed(archive, organisation, 1)
    assert began(archive, organisation, "It jumped.")


def test_a_plan_that_was_made_late_is_seen_for_a_week(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    go_to(archive, purge_time() - timedelta(days=3))
    plan(archive, organisation)
    go_to(archive, purge_time())
    assert not began(archive, organisation)
    assert (stopped_by(archive, organisation), said(archive, organisation)) == ([Breaker.WEEK], [])
    clock_of(archive).advance(days=4, microseconds=-1)
    assert not began(archive, organisation)
    clock_of(archive).advance(microseconds=1)
    assert began(archive, organisation)


def test_nothing_begins_while_purging_is_stopped(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    on_its_day(archive, organisation)
    with archive.transactions.write(organisation.id, DANA) as tx:
        stop_purging(tx, "An auditor is here")
    with pytest.raises(PurgeStopped):
        began(archive, organisation)


@pytest.mark.tampers
def test_nothing_is_destroyed_while_a_hold_is_not_what_the_ledger_says(
    archive: Archive, organisation: OrganisationRow
) -> None:
    placed = hold(archive, organisation, "refund")
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        demand_sound_holds(tx)
    with archive.engine.begin() as connection:
        connection.execute(
            text("UPDATE hold SET standing = :no WHERE id = :hold"), {"no": False, "hold": placed.hold_id}
        )
    (entry,) = trail(archive, organisation, "hold.placed")
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (fault,) = hold_faults(tx)
        with pytest.raises(Damaged) as raised:
            demand_sound_holds(tx)
    assert fault[0] == entry.seq
    assert str(raised.value) == (
        f"A hold is not what the ledger says in entry {entry.seq}: {fault[1]}."
        " Nothing is destroyed meanwhile. Run `textarchive verify`, and restore the table from a backup."
    )
