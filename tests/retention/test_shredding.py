"""The statements that destroy: each takes what it was told to, and nothing beside it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.holds.store import remove_from
from archive.keys.keyring import DataKeyRow
from archive.ledger.entry import Event
from archive.messages.store import MessagePartyRow, MessageRow
from archive.retention import shredding
from archive.tx import Tx
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.holds.ordering import hold, texts

DAY = date(2027, 12, 28)
ANOTHER_DAY = DAY + timedelta(days=1)


class Begun(Event, frozen=True, kw_only=True):
    kind = "test.begun"


def marked(tx: Tx) -> dict[int, int | None]:
    return {row.seq: row.shredding for row in tx.session.execute(select(MessageRow.seq, MessageRow.shredding))}


def parties(tx: Tx) -> list[int]:
    return sorted(tx.session.scalars(select(MessagePartyRow.seq)))


def test_only_what_is_named_and_due_that_day_is_marked_and_how_many_is_said(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, second, third = texts(archive, organisation, {"text": "one"}, {"text": "two"}, {"text": "three"})
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        entry = tx.record(Begun())
        tx.session.execute(update(MessageRow).where(MessageRow.seq == third).values(due_on=ANOTHER_DAY))
        assert shredding.mark(tx, [], DAY, entry) == 0
        assert shredding.mark(tx, [first, third], DAY, entry) == 1
        assert marked(tx) == {first: entry, second: None, third: None}
        assert shredding.mark(tx, [first, second], DAY, entry + 1) == 1, "what is marked stays marked as it was"
        assert marked(tx) == {first: entry, second: entry + 1, third: None}


def test_what_a_hold_covers_is_not_marked(archive: Archive, organisation: OrganisationRow) -> None:
    kept, free = texts(archive, organisation, {"text": "refund"}, {"text": "else"})
    hold(archive, organisation, "refund")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        entry = tx.record(Begun())
        assert shredding.mark(tx, [kept, free], DAY, entry) == 1
        assert marked(tx) == {kept: None, free: entry}


def test_more_are_marked_and_counted_than_one_statement_can_name(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, last = texts(archive, organisation, {"text": "one"}, {"text": "two"})
    serials = [first, *range(1_000_000, 1_000_000 + 2 * shredding.AT_ONCE - 1), last]
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        entry = tx.record(Begun())
        assert shredding.count_left(tx, serials) == 4, "two texts, and who sent each"
        assert shredding.mark(tx, serials, DAY, entry) == 2


def test_what_was_marked_is_removed_with_its_parties_and_nothing_else(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, another, other_day, free = texts(archive, organisation, *({"text": f"number {at}"} for at in range(4)))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        entry = tx.record(Begun())
        mark = update(MessageRow)
        tx.session.execute(mark.where(MessageRow.seq == other_day).values(due_on=ANOTHER_DAY, shredding=entry))
        tx.session.execute(mark.where(MessageRow.seq == another).values(shredding=entry + 1))
        assert shredding.mark(tx, [first], DAY, entry) == 1
        key = tx.session.scalars(select(MessageRow.key_id).distinct()).one()
        assert shredding.keys_of(tx, DAY, entry) == {key: 1}
        assert shredding.keys_of(tx, ANOTHER_DAY, entry) == {key: 1}
        shredding.remove(tx, DAY, entry)
        assert marked(tx) == {another: entry + 1, other_day: entry, free: None}
        assert parties(tx) == [another, other_day, free]
        assert shredding.count_left(tx, [first]) == 0
        assert shredding.count_left(tx, [first, free]) == 2
        assert shredding.count_all(tx) == 3


def test_how_many_texts_lie_under_which_key_is_counted(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    here = texts(archive, organisation, {"text": "one"}, {"text": "two"})
    clock.advance(days=1)
    later = texts(archive, organisation, {"text": "three"})
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        entry = tx.record(Begun())
        tx.session.execute(update(MessageRow).where(MessageRow.seq.in_(later)).values(due_on=DAY))
        shredding.mark(tx, [*here, *later], DAY, entry)
        keys = {row.seq: row.key_id for row in tx.session.execute(select(MessageRow.seq, MessageRow.key_id))}
        assert shredding.keys_of(tx, DAY, entry) == {keys[here[0]]: 2, keys[later[0]]: 1}


def test_what_is_destroyed_is_not_read_for_it(archive: Archive, organisation: OrganisationRow) -> None:
    """One statement for each, however many texts it takes: none that asks which, and none that hands them back."""
    serials = texts(archive, organisation, {"text": "one"}, {"text": "two"})
    said: list[str] = []

    def note(*details: Any) -> None:
        said.append(details[2])

    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        entry = tx.record(Begun())
        tx.session.flush()
        event.listen(archive.engine, "before_cursor_execute", note)
        shredding.mark(tx, serials, DAY, entry)
        shredding.remove(tx, DAY, entry)
        event.remove(archive.engine, "before_cursor_execute", note)
    assert [statement.split()[0] for statement in said] == ["UPDATE", *["DELETE"] * 4]
    assert not any("RETURNING" in statement for statement in said)


@pytest.mark.tampers
def test_a_mark_on_what_a_hold_covers_removes_nothing_of_it(archive: Archive, organisation: OrganisationRow) -> None:
    """The second barrier: whatever marked it, the statement that removes it looks again."""
    kept, gone = texts(archive, organisation, {"text": "refund"}, {"text": "else"})
    placed = hold(archive, organisation, "refund")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.session.execute(update(MessageRow).values(shredding=5))
        shredding.remove(tx, DAY, 5)
        assert marked(tx) == {kept: 5}
        # Not even the foreign key is needed for that: without its row the hold covers nothing.
        remove_from(tx, placed.hold_id)
        shredding.remove(tx, DAY, 5)
        assert marked(tx) == {}
    assert gone != kept


def test_the_envelopes_of_the_texts_asked_for_are_handed_out(archive: Archive, organisation: OrganisationRow) -> None:
    first, _, third = texts(archive, organisation, {"text": "one"}, {"text": "two"}, {"text": "three"})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        wanted = select(MessageRow.sealed).where(MessageRow.seq.in_([first, third]))
        assert sorted(shredding.envelopes(tx, [first, third])) == sorted(tx.session.scalars(wanted))
        assert shredding.envelopes(tx, []) == []


def test_a_key_that_is_destroyed_does_not_live(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.record(Begun())
        dead, living, *others = tx.session.scalars(select(DataKeyRow.id).order_by(DataKeyRow.id))
        tx.session.execute(update(DataKeyRow).where(DataKeyRow.id == dead).values(wrapped=None))
        assert shredding.living_keys(tx, [dead, living]) == {living}
        assert others


def test_days_are_counted_from_the_first_to_the_last_without_what_is_being_destroyed(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    days = []
    for day in range(4):
        days.append(texts(archive, organisation, {"text": f"day {day}"}, {"text": f"day {day} again"}))
        clock.advance(days=1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        shredding.mark(tx, days[1][:1], ANOTHER_DAY, tx.record(Begun()))
        wanted = {ANOTHER_DAY: 1, DAY + timedelta(days=2): 2}
        assert shredding.due_days(tx, ANOTHER_DAY, DAY + timedelta(days=2)) == wanted
        assert shredding.due_days(tx, date(2000, 1, 1), date(2100, 1, 1)) == {
            **{DAY: 2, ANOTHER_DAY: 1},
            **{DAY + timedelta(days=later): 2 for later in (2, 3)},
        }


def test_none_of_them_touches_another_organisation(archive: Archive, organisation: OrganisationRow) -> None:
    other = create_organisation(archive.transactions, "Beside " + organisation.name, OPERATOR, "http://127.0.0.1")
    ours, theirs = texts(archive, organisation, {}), texts(archive, other, {})
    assert ours == theirs
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        entry = tx.record(Begun())
        assert shredding.mark(tx, ours, DAY, entry) == 1
        shredding.remove(tx, DAY, entry)
        assert shredding.count_all(tx) == 0
    with archive.transactions.read(other.id, OPERATOR) as tx:
        assert (marked(tx), parties(tx)) == ({theirs[0]: None}, theirs)
