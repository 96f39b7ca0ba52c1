"""What is missing is on record within one look, with the number, the day and the figures."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.completeness import gap_store
from archive.completeness.gap import Because, Cause, Gap
from archive.completeness.looking import Looked, look
from archive.completeness.model import Count
from archive.completeness.recording import acknowledge
from archive.core.actor import OPERATOR
from archive.core.clock import DAY
from archive.core.errors import BadInput, Conflict
from archive.messages.blocks import IN_A_BLOCK
from archive.search.follower import catch_up
from archive.wiring import Archive
from tests.completeness.test_expecting import say
from tests.conftest import StandingClock
from tests.deliveries.saying import note_all, said
from tests.items import OWN_NUMBER, line, take_in
from tests.taking_in import trail

ON = date(2026, 11, 21)


def texts(archive: Archive, org_id: int, *numbers: int, **changes: Any) -> None:
    whole = {"account": "AC1", "sent_at": f"{ON}T12:00:00Z", **changes}
    take_in(archive, org_id, *(line(f"SM{at}", **whole) for at in numbers))
    catch_up(archive.transactions, archive.index, org_id)


def looked(archive: Archive, org_id: int) -> Looked:
    return look(archive.transactions, archive.index, org_id)


def gaps(archive: Archive, org_id: int) -> list[Gap]:
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return gap_store.gaps_between(tx, date(2025, 1, 1), date(2028, 1, 1))


def test_one_text_that_never_came_is_an_alarm_until_it_comes(archive: Archive, organisation: OrganisationRow) -> None:
    org_id = organisation.id
    texts(archive, org_id, *range(9))
    say(archive, org_id, Count(OWN_NUMBER, ON, "inbound", 10), Count(None, ON, "inbound", 10))
    assert looked(archive, org_id) == Looked(counted=9, opened=2, closed=0, alarms=2)
    of_number = next(gap.short for gap in gaps(archive, org_id) if gap.short.cell.number)
    assert (of_number.cause, of_number.cell.number, of_number.cell.day) == (Cause.NOT_STORED, OWN_NUMBER, ON)
    assert (of_number.expected, of_number.stored, of_number.indexed, of_number.missing) == (10, 9, 9, 1)
    assert {entry.detail.get("number") for entry in trail(archive, organisation, "gap.opened")} == {OWN_NUMBER, None}
    assert looked(archive, org_id) == Looked(counted=0, opened=0, closed=0, alarms=2)
    texts(archive, org_id, 9)
    assert looked(archive, org_id) == Looked(counted=1, opened=0, closed=2, alarms=0)
    assert {gap.because for gap in gaps(archive, org_id)} == {Because.CAME}
    assert [entry.detail for entry in trail(archive, organisation, "gap.closed")] == [{"because": "came"}] * 2


def test_before_a_day_is_closed_nothing_of_it_is_missing(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    today = clock().date()
    say(archive, organisation.id, Count(OWN_NUMBER, today, "inbound", 1))
    assert looked(archive, organisation.id).opened == 0
    clock.advance(hours=20)
    assert looked(archive, organisation.id).opened == 0
    clock.advance(hours=1)
    assert looked(archive, organisation.id).opened == 1


def test_a_conflicting_copy_does_not_stand_in_for_a_text_that_is_missing(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation.id, 1, 2)
    texts(archive, organisation.id, 2, text="Other words under the same id")
    say(archive, organisation.id, Count(OWN_NUMBER, ON, "inbound", 3))
    assert looked(archive, organisation.id).opened == 1
    assert [gap.short.stored for gap in gaps(archive, organisation.id)] == [2]


def test_a_text_that_came_seconds_after_midnight_is_not_missing_the_day_before(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    """Its webhook named no time, so the archive counts it on the day after the provider's."""
    org_id, day = organisation.id, clock().date()
    clock.now = clock.now.replace(hour=23, minute=59, second=50)
    take_in(archive, org_id, line("SM1"))
    clock.advance(seconds=12)
    take_in(archive, org_id, line("SM2"))
    clock.advance(hours=2)
    take_in(archive, org_id, line("SM3"))
    say(archive, org_id, Count(OWN_NUMBER, day, "inbound", 2))
    clock.advance(hours=5)
    assert looked(archive, org_id).alarms == 0
    clock.advance(days=1)
    say(archive, org_id, Count(OWN_NUMBER, day + DAY, "inbound", 1))
    assert looked(archive, org_id).alarms == 0
    say(archive, org_id, Count(OWN_NUMBER, day + DAY, "inbound", 2))
    assert looked(archive, org_id).alarms == 1, "then one of the two days lacks a text after all"


def test_more_than_the_provider_says_is_no_alarm_and_a_corrected_count_ends_one(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation.id, 1, 2)
    say(archive, organisation.id, Count(OWN_NUMBER, ON, "inbound", 1), Count(OWN_NUMBER, ON, "outbound", 1))
    assert looked(archive, organisation.id).opened == 1
    say(archive, organisation.id, Count(OWN_NUMBER, ON, "outbound", 0))
    assert looked(archive, organisation.id).closed == 1
    assert [gap.because for gap in gaps(archive, organisation.id)] == [Because.CORRECTED]


@pytest.mark.tampers
def test_rows_deleted_behind_our_back_are_named_with_number_day_and_serials(
    archive: Archive, organisation: OrganisationRow
) -> None:
    """The third was counted before it vanished, the first never was: of that one only the serial and the day are
    known."""
    org_id = organisation.id
    outcomes = take_in(archive, org_id, *(line(f"SM{at}", sent_at=f"{ON}T12:00:00Z") for at in range(3)))
    first, _, third = [outcome.serial or 0 for outcome in outcomes]
    _destroy(archive, org_id, first)
    assert looked(archive, org_id).opened == 1
    (unknown,) = gaps(archive, org_id)
    assert (unknown.short.cause, unknown.short.cell.number) == (Cause.VANISHED, "")
    assert unknown.short.serials == ((first, first),)
    _destroy(archive, org_id, third)
    assert looked(archive, org_id).opened == 1
    known = next(gap.short for gap in gaps(archive, org_id) if gap.short.cell.number)
    assert (known.cell.number, known.cell.day, known.missing) == (OWN_NUMBER, ON, 1)
    assert known.serials == ((first, first), (third, third))
    assert (known.expected, known.stored) == (2, 1)


@pytest.mark.tampers
def test_where_one_block_of_serials_ends_and_the_next_begins_each_text_is_counted_once(
    archive: Archive, organisation: OrganisationRow
) -> None:
    org_id = organisation.id
    with archive.transactions.across() as session:
        session.execute(
            text("UPDATE ledger_head SET size = :size WHERE org_id = :org"), {"org": org_id, "size": IN_A_BLOCK - 5}
        )
    outcomes = take_in(archive, org_id, *(line(f"SM{at}", sent_at=f"{ON}T12:00:00Z") for at in range(9)))
    serials = [outcome.serial or 0 for outcome in outcomes]
    assert serials[0] < IN_A_BLOCK < serials[-1]
    say(archive, org_id, Count(OWN_NUMBER, ON, "inbound", 9))
    assert looked(archive, org_id) == Looked(counted=9, opened=0, closed=0, alarms=0)
    _destroy(archive, org_id, IN_A_BLOCK)
    assert looked(archive, org_id).opened == 2
    lost = next(gap.short for gap in gaps(archive, org_id) if gap.short.cause is Cause.VANISHED)
    assert (lost.block, lost.missing, lost.serials) == (1, 1, ((IN_A_BLOCK, IN_A_BLOCK),))


@pytest.mark.tampers
def test_a_text_that_the_index_has_lost_is_a_gap_and_one_that_it_has_yet_to_read_is_not(
    archive: Archive, organisation: OrganisationRow
) -> None:
    org_id = organisation.id
    texts(archive, org_id, 1, 2)
    (behind,) = take_in(archive, org_id, line("SM3"))
    assert looked(archive, org_id).opened == 0
    catch_up(archive.transactions, archive.index, org_id)
    assert behind.serial is not None
    archive.index.purge(org_id, [behind.serial])
    assert looked(archive, org_id).opened == 1
    (gap,) = gaps(archive, org_id)
    assert (gap.short.cause, gap.short.missing, gap.short.serials) == (
        Cause.NOT_INDEXED,
        1,
        ((behind.serial, behind.serial),),
    )
    archive.index.give_up(org_id, ["2027-12"])
    assert looked(archive, org_id).closed == 0, "while a month is made again nobody can say"
    catch_up(archive.transactions, archive.index, org_id)
    assert looked(archive, org_id).closed == 1


def test_a_report_whose_text_never_came_is_a_gap_of_its_account_until_the_text_comes(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    org_id = organisation.id
    sent = {"direction": "outbound", "from": OWN_NUMBER, "to": ["+14155550188"], "account": "AC1"}
    note_all(archive, org_id, said("SM1", "sent"), said("SM1", "delivered"), said("SM2"))
    assert looked(archive, org_id).opened == 0
    clock.advance(days=1)
    assert looked(archive, org_id).opened == 1
    (gap,) = gaps(archive, org_id)
    assert (gap.short.cause, gap.short.cell.account, gap.short.missing) == (Cause.ONLY_REPORTED, "AC1", 2)
    texts(archive, org_id, 1, **sent)
    looked(archive, org_id)
    assert gaps(archive, org_id)[0].short.missing == 1
    texts(archive, org_id, 2, **sent)
    assert looked(archive, org_id).closed == 1


def test_whoever_acknowledges_a_gap_says_why_and_is_told_when_it_grows(
    archive: Archive, organisation: OrganisationRow
) -> None:
    org_id = organisation.id
    say(archive, org_id, Count(OWN_NUMBER, ON, "inbound", 2))
    looked(archive, org_id)
    (gap,) = gaps(archive, org_id)
    with archive.transactions.write(org_id, OPERATOR) as tx:
        with pytest.raises(BadInput):
            acknowledge(tx, gap.id, "  ")
        acknowledge(tx, gap.id, "Test messages of the provider")
        with pytest.raises(Conflict):
            acknowledge(tx, gap.id, "Once more")
    assert looked(archive, org_id).alarms == 0
    assert trail(archive, organisation, "gap.acknowledged")[0].private == {"reason": "Test messages of the provider"}
    say(archive, org_id, Count(OWN_NUMBER, ON, "inbound", 1))
    assert looked(archive, org_id).alarms == 0
    say(archive, org_id, Count(OWN_NUMBER, ON, "inbound", 3))
    assert looked(archive, org_id).alarms == 1


def _destroy(archive: Archive, org_id: int, serial: int) -> None:
    """As somebody would who has the database."""
    with archive.transactions.across() as session:
        for table in ("message_party", "message"):
            session.execute(
                text(f"DELETE FROM {table} WHERE org_id = :org AND seq = :seq"), {"org": org_id, "seq": serial}
            )
