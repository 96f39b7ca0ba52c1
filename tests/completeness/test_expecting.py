"""What providers say they carried: the newest word counts, and every word is in the ledger."""

from datetime import date

import pytest

from archive.access.organisations import OrganisationRow
from archive.completeness.expected_store import said_on
from archive.completeness.expecting import Expected, expect
from archive.completeness.importing import read_table, take_table
from archive.completeness.model import Cell, Count, first_watched, last_closed
from archive.core.actor import OPERATOR
from archive.core.clock import DAY
from archive.core.errors import BadInput
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER
from tests.taking_in import trail

ON = date(2026, 11, 22)


def say(archive: Archive, org_id: int, *counts: Count, account: str = "AC1") -> Expected:
    with archive.transactions.write(org_id, OPERATOR) as tx:
        return expect(tx, "twilio", account, counts)


def said(archive: Archive, org_id: int) -> dict[Cell, int]:
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return said_on(tx, [tx.now.date() - DAY * back for back in range(-1, 500)])


def test_later_word_on_a_day_replaces_the_earlier_and_both_are_in_the_ledger(
    archive: Archive, organisation: OrganisationRow
) -> None:
    both = Count("(212) 555-0123", ON, "inbound", 12), Count(None, ON, "outbound", 40)
    assert say(archive, organisation.id, *both) == Expected(2, 0, 0, 0)
    assert say(archive, organisation.id, *both) == Expected(0, 0, 2, 0)
    assert say(archive, organisation.id, Count(OWN_NUMBER, ON, "inbound", 13)) == Expected(0, 1, 0, 0)
    assert said(archive, organisation.id) == {
        Cell(ON, "twilio", "AC1", OWN_NUMBER, "inbound"): 13,
        Cell(ON, "twilio", "AC1", "", "outbound"): 40,
    }
    newest, first = trail(archive, organisation, "completeness.expected")
    assert first.detail["counts"] == [[OWN_NUMBER, str(ON), "inbound", 12], [None, str(ON), "outbound", 40]]
    assert newest.detail["counts"] == [[OWN_NUMBER, str(ON), "inbound", 13]]


def test_days_that_are_over_are_passed_over_and_those_to_come_refused(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    first = first_watched(clock())
    told = say(archive, organisation.id, Count(None, first, "inbound", 1), Count(None, first - DAY, "inbound", 1))
    assert told == Expected(1, 0, 0, 1)
    with pytest.raises(BadInput, match="has not begun"):
        say(archive, organisation.id, Count(None, ON, "inbound", 1), Count(None, date(2026, 11, 24), "inbound", 1))
    assert [cell.day for cell in said(archive, organisation.id)] == [first]


@pytest.mark.parametrize(
    ("number", "direction", "count", "why"),
    [
        ("front desk", "inbound", 1, "is no number"),
        (OWN_NUMBER, "in", 1, "is no direction"),
        (OWN_NUMBER, "inbound", -1, "is no number of texts"),
    ],
)
def test_what_is_no_count_is_refused(
    archive: Archive, organisation: OrganisationRow, number: str, direction: str, count: int, why: str
) -> None:
    with pytest.raises(BadInput, match=why):
        say(archive, organisation.id, Count(number, ON, direction, count))  # type: ignore[arg-type]
    assert said(archive, organisation.id) == {}


def test_a_day_is_closed_six_hours_after_its_end(clock: StandingClock) -> None:
    clock.now = clock.now.replace(hour=5, minute=59)
    assert last_closed(clock()) == date(2026, 11, 21)
    clock.advance(minutes=1)
    assert last_closed(clock()) == ON


def test_a_table_is_taken_in_line_by_line(archive: Archive, organisation: OrganisationRow) -> None:
    table = (
        "day,provider,account,number,direction,count\n"
        f"2026-11-22,twilio,AC1,{OWN_NUMBER},Inbound,12\n"
        "2026-11-22,twilio,AC1,,outbound,40\n"
        "2026-11-22,twilio,AC1,,outbound,41\n"
        "22.11.2026,twilio,AC1,,inbound,1\n"
        "2026-11-22,twilio,,,inbound,1\n"
        "2026-11-22,twilio,AC1,,inbound,1.5\n"
        "2024-11-22,twilio,AC1,,inbound,1\n"
    )
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        fates = take_table(tx, read_table(table.encode()))
    assert [fate.outcome.value for fate in fates] == ["added", "added", *["refused"] * 5]
    assert [fate.why.split(".")[0] for fate in fates[3:]] == [
        "'22",
        "Provider and account both have to be named",
        "'1",
        "2024-11-22 is too long ago",
    ]
    assert sorted(said(archive, organisation.id).values()) == [12, 40]
