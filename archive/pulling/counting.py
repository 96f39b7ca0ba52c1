"""How many texts a provider lists, for completeness: by the day, number and account under which they are here.

Whoever listed a text names its day by a clock of their own, and a text without a time has the day on which it came
in. So one that is here is expected where it is, and one that is not where its list has it. A day is counted when the
lists of the days beside it are read as well, since some of its texts are in those.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import msgspec

from archive.completeness.expecting import expect
from archive.completeness.model import DIRECTIONS, Cell, Count
from archive.completeness.text_store import cells_of
from archive.core import phone
from archive.core.clock import DAY, day_of
from archive.messages.actions import hashes_of
from archive.messages.known import known_identities
from archive.messages.model import Direction
from archive.providers.listed.frame import Counted, Slice
from archive.pulling.model import BORDER, day_start
from archive.pulling.sharing import accounts_beside
from archive.pulling.turns import Turn
from archive.tx import Tx

KINDS: Final = ("number", "short-code")
_WAYS: Final[dict[str, Direction]] = {direction: direction for direction in DIRECTIONS}


@dataclass(frozen=True, slots=True)
class Tally:
    """`present`: of the slice that is being read, which may have to be read anew; `before`: of those before it.

    Keys are account, day, direction and number: `AC1 2026-11-22 inbound +12125550123`.
    """

    before: Mapping[str, int] = field(default_factory=dict)
    present: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, written: str) -> "Tally":
        return msgspec.json.decode(written, type=cls) if written else cls()

    def written(self) -> str:
        return msgspec.json.encode(self).decode()

    def with_page(self, cells: Iterable[Cell]) -> "Tally":
        return replace(self, present=_sum(self.present, Counter(map(_key, cells))))

    def at_the_end(self) -> "Tally":
        return Tally(before=_sum(self.before, self.present))

    def without_present(self) -> "Tally":
        return Tally(before=self.before)

    def of_day(self, day: date) -> dict[str, list[Count]]:
        """By account."""
        found: dict[str, list[Count]] = {}
        for key, texts in self.before.items():
            account, on, direction, number = key.split(" ", 3)
            if on == day.isoformat():
                found.setdefault(account, []).append(Count(number, day, _WAYS[direction], texts))
        return found

    def since(self, day: date) -> "Tally":
        return Tally(before={key: texts for key, texts in self.before.items() if key.split(" ")[1] >= day.isoformat()})


def cells_of_listed(tx: Tx, turn: Turn, part: Slice, counted: Sequence[Counted]) -> list[Cell]:
    """Where each is expected. One that is here under quite another day is left out: it is not missing."""
    here = _here(tx, turn, counted)
    listed = day_of(part.since)
    cells = [here.get(one) or Cell(listed, turn.provider, turn.account, one.number, one.direction) for one in counted]
    return [cell for cell in cells if abs(cell.day - listed) <= DAY and _is_ours(cell)]


def hand_over(tx: Tx, turn: Turn, part: Slice, tally: Tally) -> Tally:
    """Tell how many the day before had, once so much of the present one is read that no more of them can be there. Of
    the first day of a plan nobody has read what the day before it has. The tally without what is told.
    """
    today = day_of(part.since)
    if min(part.until, turn.plan.until) < day_start(part.since) + BORDER:
        return tally
    if today - DAY > day_of(turn.plan.since):
        for account, counts in tally.of_day(today - DAY).items():
            expect(tx, turn.provider, account, counts)
    return tally.since(today)


def _here(tx: Tx, turn: Turn, counted: Sequence[Counted]) -> dict[Counted, Cell]:
    hashes, accounts = hashes_of(tx), [turn.account, *accounts_beside(tx, turn)]
    named = {
        hashes.identity_of(turn.provider, account, one.provider_id, one.recipients): one
        for one in counted
        if one.provider_id
        for account in accounts
    }
    first = {identity: min(seen.values()) for identity, seen in known_identities(tx, list(named)).items()}
    cells = cells_of(tx, list(first.values()))
    return {named[identity]: cells[serial] for identity, serial in first.items() if serial in cells}


def _is_ours(cell: Cell) -> bool:
    """What is no number can't be one of ours."""
    return cell.direction in DIRECTIONS and phone.parse(cell.number).kind in KINDS


def _key(cell: Cell) -> str:
    return f"{cell.account} {cell.day} {cell.direction} {cell.number}"


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))
