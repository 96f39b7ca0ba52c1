"""Where numbers are, and which of them can be authorised."""

from collections import Counter
from dataclasses import dataclass

from archive.authorising.model import Verdict, judge
from archive.eligibility.actions import facts_of
from archive.eligibility.model import Finding, broken
from archive.locations.store import all_locations
from archive.numbers.eligible import findings_of
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, all_numbers, numbers_of
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Site:
    """A location by its name, empty for numbers without one. `waiting`: how many of its numbers may be offered."""

    name: str
    numbers: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Candidate:
    row: NumberRow
    verdict: Verdict


_WAITING = (NumberState.UNAUTHORISED, NumberState.LOA_REQUIRED)


def sites(tx: Tx) -> list[Site]:
    """Those with numbers, in the order of their names; numbers without a location last."""
    names = {row.name for row in all_locations(tx)}
    here = [row for row in all_numbers(tx) if row.state != NumberState.RELEASED]
    counts = Counter(row.location for row in here)
    waiting = Counter(row.location for row in here if row.state in _WAITING)
    known = sorted(names & counts.keys() | counts.keys() - {""}, key=str.casefold)
    return [Site(name, counts[name], waiting[name]) for name in [*known, *([""] if counts[""] else [])]]


def stands_in_the_way(tx: Tx) -> Finding | None:
    """The condition of the organisation's own for which no number at all can be authorised."""
    return broken(facts_of(tx))


def candidates(tx: Tx, location: str) -> list[Candidate]:
    """Every number there that is not released, first those that are offered."""
    rows = numbers_of(tx, location) if location else [row for row in all_numbers(tx) if not row.location]
    found = [candidate(tx, row) for row in rows if row.state != NumberState.RELEASED]
    return sorted(found, key=lambda one: (not one.verdict.offered, one.row.e164))


def candidate(tx: Tx, row: NumberRow) -> Candidate:
    return Candidate(row, judge(NumberState(row.state), findings_of(tx, row)))
