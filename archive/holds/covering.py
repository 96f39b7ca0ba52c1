"""Which texts a hold covers. Nothing may be missed: what the clear columns can't answer is opened and looked at whole,
and what can't be opened counts as covered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from archive.core.clock import from_micros, to_micros
from archive.core.errors import BadInput, Damaged
from archive.holds.indexed import Answers, ask_index
from archive.holds.model import Predicate
from archive.holds.possible import Clear, Parties, is_number, known
from archive.messages.actions import hashes_of, opened
from archive.messages.store import MessagePartyRow, MessageRow, records_even_if_shredding
from archive.search import plan
from archive.search.contents import indexed
from archive.search.index import SearchIndex
from archive.search.matching import TextInHand
from archive.search.plan import Plan
from archive.search.query import model
from archive.search.query.model import Query
from archive.search.query.parse import parse
from archive.search.resolve import resolve
from archive.tx import Tx

AT_ONCE = 2_000

_CLEAR = (
    *(MessageRow.seq, MessageRow.direction, MessageRow.own_number, MessageRow.provider, MessageRow.account),
    *(MessageRow.campaign, MessageRow.flags, MessageRow.conversation),
    *(MessageRow.sent_at, MessageRow.received_at, MessageRow.shredding),
)


@dataclass(slots=True)
class Found:
    """Serials, ascending. `shredding`: covered, too, but being destroyed already."""

    covered: list[int] = field(default_factory=list)
    shredding: list[int] = field(default_factory=list)


def find_covered(
    tx: Tx,
    predicate: Predicate,
    *,
    after: int = 0,
    through: int | None = None,
    before: datetime | None = None,
    thorough: bool = False,
    index: SearchIndex | None = None,
) -> Found:
    """Texts with `after` < serial ≤ `through`, received before `before`.

    `thorough` does without the tables that only help to find, so that what is missing there is not missed here.
    `index`: is asked what words find, as far as it is whole; it saves opening every text.
    """
    covers = Covers(tx, predicate)
    parties = None if thorough else Parties(tx, hashes_of(tx))
    answers = ask_index(tx, index, covers.plan)
    found = Found()
    for rows in _candidates(tx, covers, parties, after, tx.ledger_size if through is None else through, before):
        _look(tx, covers, rows, parties, answers, found)
    return found


class Covers:
    """A predicate as things stand in this transaction: names of places are resolved."""

    def __init__(self, tx: Tx, predicate: Predicate) -> None:
        self.predicate = predicate
        self.plan = resolve(tx, query_of(predicate.query))
        self._serials = frozenset(predicate.serials)

    def known(self, row: Clear, parties: Parties | None) -> bool | None:
        if self._serials and row.seq not in self._serials:
            return False
        if self.predicate.conversation not in (None, row.conversation):
            return False
        return known(self.plan, row, parties)


def query_of(line: str) -> Query:
    """Raises `QueryError`, and `BadInput` where it asks for what changes after a text came in: what is held, by which a
    hold would depend on itself, and what became of the text, on which nobody looks at it again."""
    query = parse(line)
    if _asks_for(query, "held"):
        raise BadInput("A hold can't depend on what is held.", "Leave held: out.")
    if _asks_for(query, "delivery") or _asks_for(query, "reason"):
        raise BadInput("A hold can't depend on what becomes of a text later.", "Leave delivery: and reason: out.")
    return query


def _asks_for(query: Query, fact: str) -> bool:
    match query:
        case model.Fact(name, _):
            return name == fact
        case model.Not(part):
            return _asks_for(part, fact)
        case model.And(parts) | model.Or(parts):
            return any(_asks_for(part, fact) for part in parts)
    return False


def _candidates(
    tx: Tx, covers: Covers, parties: Parties | None, after: int, through: int, before: datetime | None
) -> Iterator[Sequence[Any]]:
    """Rows that may be covered, in batches, in the order of their serials."""
    wanted = select(*_CLEAR).where(*_conditions(covers, parties)).order_by(MessageRow.seq).limit(AT_ONCE)
    if before is not None:
        wanted = wanted.where(MessageRow.received_at < before)
    while True:
        rows = tx.session.execute(wanted.where(MessageRow.seq > after, MessageRow.seq <= through)).all()
        if rows:
            yield rows
            after = rows[-1].seq
        if len(rows) < AT_ONCE:
            return


def _look(tx: Tx, covers: Covers, rows: Sequence[Any], parties: Parties | None, answers: Answers, found: Found) -> None:
    sure: list[int] = []
    unsure: list[int] = []
    gone: set[int] = set()
    for *columns, sent_at, received_at, shredding in rows:
        row = Clear._make([*columns, to_micros(sent_at or received_at)])
        answer = covers.known(row, parties)
        if shredding is not None:
            gone.add(row.seq)
        elif answer is None:
            answer = answers.of(row.seq)
        if answer is not False:
            (unsure if answer is None else sure).append(row.seq)
    for serial in sorted([*sure, *_opened_and_covered(tx, covers.plan, unsure)]):
        (found.shredding if serial in gone else found.covered).append(serial)


def _opened_and_covered(tx: Tx, wanted: Plan, serials: list[int]) -> Iterator[int]:
    if not serials:
        return
    for row in records_even_if_shredding(tx, serials):
        try:
            covered = TextInHand(indexed(opened(tx, row))).fits(wanted)
        except Damaged:
            covered = True
        if covered:
            yield row.seq


def _conditions(covers: Covers, parties: Parties | None) -> list[ColumnElement[bool]]:
    predicate = covers.predicate
    conditions: list[ColumnElement[bool]] = []
    if predicate.serials:
        conditions.append(MessageRow.seq.between(min(predicate.serials), max(predicate.serials)))
    if predicate.conversation is not None:
        conditions.append(MessageRow.conversation == predicate.conversation)
    narrowed = _narrowed(covers.plan, parties)
    return conditions if narrowed is None else [*conditions, narrowed]


def _narrowed(wanted: Plan, parties: Parties | None) -> ColumnElement[bool] | None:  # noqa: PLR0911 - one for each kind.
    """A condition that every covered text fulfils; None where there is none that a statement could ask for."""
    match wanted:
        case plan.Nothing():
            return false()
        case plan.Serials(first, last):
            return MessageRow.seq.between(first, last)
        case plan.Moments(start, until):
            return _within(start, until)
        case plan.Exact("own", values) if all(map(is_number, values)):
            return MessageRow.own_number.in_(values)
        case plan.Exact("with", values) if parties and all(map(is_number, values)):
            return MessageRow.seq.in_(select(MessagePartyRow.seq).where(parties.rows(values)))
        case plan.And(parts):
            asked = [condition for part in parts if (condition := _narrowed(part, parties)) is not None]
            return and_(*asked) if asked else None
        case plan.Or(parts):
            either = [_narrowed(part, parties) for part in parts]
            certain = [condition for condition in either if condition is not None]
            return or_(*certain) if len(certain) == len(parts) else None
    return None


def _within(start: int | None, until: int | None) -> ColumnElement[bool]:
    at = func.coalesce(MessageRow.sent_at, MessageRow.received_at)
    bounds = []
    if start is not None:
        bounds.append(at >= from_micros(start))
    if until is not None:
        bounds.append(at < from_micros(until))
    return and_(*bounds)
