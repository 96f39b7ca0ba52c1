"""Taking in what a provider says it carried: the newest word counts, and every word is in the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.completeness import expected_store as store
from archive.completeness.events import CountsExpected
from archive.completeness.model import Cell, Count, cell_of, first_watched
from archive.core.clock import day_of
from archive.core.errors import BadInput
from archive.tx import Tx

IN_AN_ENTRY: Final = 500
LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Expected:
    """How many of the counts were new, said otherwise before, the same as before, or of days that are not watched any
    more."""

    added: int
    changed: int
    unchanged: int
    too_old: int


def expect(tx: Tx, provider: str, account: str, counts: Iterable[Count]) -> Expected:
    """From now on so many texts should be here. Of two counts of the same thing the later one holds.

    Raises `BadInput` if one of them can't be read, or is of a day that has not begun; nothing is taken in then.
    """
    named = {cell_of(_name(provider), _name(account), said): said.count for said in counts}
    for cell in named:
        demand_begun(cell, tx.now)
    watched = {cell: texts for cell, texts in named.items() if cell.day >= first_watched(tx.now)}
    before = store.said_by(tx, provider, account, {cell.day for cell in watched}) if watched else {}
    news = {cell: texts for cell, texts in watched.items() if before.get(cell) != texts}
    _write(tx, provider, account, news)
    changed = sum(cell in before for cell in news)
    return Expected(len(news) - changed, changed, len(watched) - len(news), len(named) - len(watched))


def demand_begun(cell: Cell, now: datetime) -> None:
    if cell.day > day_of(now):
        raise BadInput(f"{cell.day} has not begun.", "Days are those of UTC.")


def _name(said: str) -> str:
    if not 0 < len(said) <= LONGEST_NAME:
        raise BadInput("Provider and account both have to be named.", f"Each has up to {LONGEST_NAME} characters.")
    return said


def _write(tx: Tx, provider: str, account: str, news: Mapping[Cell, int]) -> None:
    items = list(news.items())
    for start in range(0, len(items), IN_AN_ENTRY):
        some = items[start : start + IN_AN_ENTRY]
        said = tuple((cell.number or None, cell.day, cell.direction, texts) for cell, texts in some)
        entry = tx.record(CountsExpected(provider=provider, account=account, counts=said))
        store.put(tx, some, entry, tx.now)
