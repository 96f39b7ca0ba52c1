"""Which own numbers a legal hold is about: because it holds texts of theirs, or because it names them."""

from collections.abc import Iterator

from archive.core.errors import Damaged
from archive.holds.checking import hold_faults
from archive.holds.covering import query_of
from archive.holds.reading import active_holds
from archive.holds.store import own_numbers_held
from archive.numbers.store import numbers_at
from archive.search.query import model
from archive.search.query.model import Query
from archive.tx import Tx


def held_numbers(tx: Tx) -> set[str]:
    """In E.164. A hold that names a number only to leave it out counts as well: what is kept too long can still go.

    Raises `Damaged` while the holds are not what the ledger says: then nothing may go.
    """
    if fault := next(hold_faults(tx), None):
        raise Damaged(f"A hold is not what the ledger says: {fault[1]}.", "Run `textarchive verify`.")
    held = own_numbers_held(tx)
    for hold in active_holds(tx):
        for leaf in _leaves(query_of(hold.predicate.query)):
            if isinstance(leaf, model.Party):
                held.add(leaf.value)
            elif isinstance(leaf, model.Fact) and leaf.name == "location":
                held.update(numbers_at(tx, leaf.value))
    return held


def _leaves(query: Query) -> Iterator[Query]:
    match query:
        case model.And(parts) | model.Or(parts):
            for part in parts:
                yield from _leaves(part)
        case model.Not(part):
            yield from _leaves(part)
        case _:
            yield query
