"""The rules by which gaps are found, by examples."""

from datetime import UTC, date, datetime

from archive.completeness.gap import Because, Cause, Gap, Shortfall, by_number, compare, settle, vanished
from archive.completeness.midnight import excuse
from archive.completeness.model import Cell
from archive.completeness.standing import State, standings
from archive.core.clock import DAY

ON, OTHER = date(2026, 11, 21), date(2026, 11, 22)
ONE, TWO = "+12125550123", "+12125550124"
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def cell(number: str = ONE, account: str = "AC1", direction: str = "inbound", day: date = ON) -> Cell:
    return Cell(day, "twilio", account, number, direction)


def missing(said: dict[Cell, int], here: dict[Cell, int]) -> dict[Cell, int]:
    return {short.cell: short.missing for short in compare(said, here, {})}


def test_a_number_counts_by_whichever_account_its_texts_came_and_an_account_by_its_own() -> None:
    here = {cell(): 3, cell(account="AC2"): 2, cell(account=""): 1, cell(TWO): 4}
    assert missing({cell(): 6}, here) == {cell(account=""): 0}
    assert missing({cell(): 4, cell(account="AC2"): 3}, here) == {cell(account=""): 1}, "both accounts count for it"
    assert missing({cell(""): 8}, here) == {cell(""): 1}
    assert missing({cell(TWO): 3}, here) == {cell(TWO, account=""): -1}
    assert missing({cell(direction="outbound"): 2}, here) == {cell(account="", direction="outbound"): 2}
    assert missing({cell(day=OTHER): 1}, here) == {cell(account="", day=OTHER): 1}


def test_a_row_has_vanished_where_more_had_arrived_than_are_here() -> None:
    unknown = Cell(ON, "", "", "", "")
    assert vanished({cell(): 3}, {cell(): 3}, ON) == {}
    assert vanished({cell(): 3, cell(TWO): 1}, {cell(): 2}, ON) == {cell(): 1, cell(TWO): 1}
    assert vanished({cell(): 3}, {cell(): 2}, OTHER) == {}, "that day's texts may be gone lawfully"
    assert vanished({cell(): 1, unknown: 2}, {cell(): 1}, ON) == {unknown: 2}
    assert vanished({cell(): 1, unknown: 2}, {cell(): 2}, ON) == {unknown: 1}, "one of them has come back"
    assert vanished({unknown: 1}, {cell(): 1}, ON) == {}


def short(texts: int, expected: int = 10, day: date = ON) -> Shortfall:
    return Shortfall(Cause.NOT_STORED, cell(day=day), expected, expected - texts, expected - texts, texts)


def test_a_gap_is_opened_changed_and_closed_by_what_the_next_look_finds() -> None:
    gap = Gap("gap_1", short(2), AT, 7)
    opened = settle([], [short(2), short(0), short(-1)], {}, ON)
    assert (opened.opened, opened.changed, opened.closed) == ([short(2)], [], [])
    assert settle([gap], [short(2)], {}, ON).opened == []
    assert settle([gap], [short(1)], {}, ON).changed == [(gap, short(1))]
    assert settle([gap], [], {cell(): 10}, ON).closed == [(gap, Because.CAME)]
    assert settle([gap], [], {cell(): 8}, ON).closed == [(gap, Because.CORRECTED)]
    over = settle([gap], [short(2)], {}, OTHER)
    assert (over.opened, over.changed, over.closed) == ([], [], [(gap, Because.OVER)])


def test_a_text_of_midnight_is_excused_by_the_day_beside_it_that_has_one_too_many() -> None:
    lacking, spare = number(ON, 1), number(OTHER, -1)
    early, late = {spare.cell: 2}, {lacking.cell: 1}
    assert left([lacking, spare], early) == {ON: 0, OTHER: -1}
    assert left([lacking, spare], {}) == {ON: 1, OTHER: -1}, "nothing came at midnight"
    assert left([number(ON, 3), number(OTHER, -5)], early) == {ON: 1, OTHER: -5}, "two came at midnight"
    assert left([number(ON, 2), spare], early) == {ON: 1, OTHER: -1}, "only one is too many"
    assert left([number(ON, -1), number(OTHER, 1)], {}, late) == {ON: -1, OTHER: 0}
    between = [number(ON, 1), number(OTHER, -1), number(OTHER + DAY, 1)]
    assert sum(max(0, one) for one in left(between, early, {spare.cell: 1}).values()) == 1, "it excuses once"
    assert left([lacking], early, last=ON) == {ON: 0}, "of the next day nothing is known yet"
    assert left([lacking], early, last=OTHER) == {ON: 1}


def number(day: date, texts: int) -> Shortfall:
    return Shortfall(Cause.NOT_STORED, by_number(cell(day=day)), 9, 9 - texts, 9 - texts, texts)


def left(
    compared: list[Shortfall], early: dict[Cell, int], late: dict[Cell, int] | None = None, last: date = OTHER
) -> dict[date, int]:
    return {short.cell.day: short.missing for short in excuse(compared, early, late or {}, last)}


def test_each_number_and_day_has_a_state() -> None:
    said = {cell(): 3, cell(TWO): 1, cell(""): 5, cell(day=OTHER): 2}
    here = {cell(): 2, cell(TWO): 2, cell(direction="outbound"): 1, cell(TWO, day=OTHER): 1}
    found = standings(compare(said, here, {}), here, {cell(): 1}, ON)
    states = {(one.cell.day, one.cell.number, one.cell.direction): one.state for one in found}
    assert states == {
        (ON, ONE, "inbound"): State.LACKING,
        (ON, ONE, "outbound"): State.UNKNOWN,
        (ON, TWO, "inbound"): State.SURPLUS,
        (ON, "", "inbound"): State.LACKING,
        (OTHER, ONE, "inbound"): State.NOT_YET,
        (OTHER, TWO, "inbound"): State.NOT_YET,
    }
    of_one = next(one for one in found if (one.cell.number, one.cell.direction) == (ONE, "inbound") and one.closed)
    assert (of_one.expected, of_one.stored, of_one.indexed, of_one.missing) == (3, 2, 1, 1)
