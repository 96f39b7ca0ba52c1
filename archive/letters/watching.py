"""What time does to letters: they end, they go, and before that somebody is told."""

from dataclasses import dataclass
from datetime import timedelta

from archive.core.actor import Actor
from archive.core.clock import day_of
from archive.letters import store
from archive.letters.destroying import destroy_due
from archive.letters.ending import let_go
from archive.letters.model import Due, LetterState
from archive.letters.reading import states_of
from archive.letters.states import fresh_until
from archive.numbers.model import NumberState
from archive.numbers.store import all_numbers, numbers_on_letter
from archive.retention.switch import stop_of
from archive.tx import Transactions, Tx

ACTOR = Actor("job", "letters")
AHEAD = timedelta(days=30)
"""So long before a letter ends it is time for the next one."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was done about letters in one run."""

    withdrawn: int
    destroyed: int


def watch(transactions: Transactions, org_id: int) -> Watched:
    """Withdraws what rests on letters that have ended; destroys those that were kept long enough, unless purging is
    stopped. A run that finds nothing to do leaves no trace.
    """
    with transactions.read(org_id, ACTOR) as tx:
        if not store.all_letters(tx):
            return Watched(0, 0)
    with transactions.write(org_id, ACTOR) as tx:
        withdrawn = sum(len(let_go(tx, row, f"Letter {row.id} has ended")) for row in _expired(tx))
    with transactions.write(org_id, ACTOR) as tx:
        destroyed = [] if stop_of(tx) else destroy_due(tx)
    return Watched(withdrawn, len(destroyed))


def due(tx: Tx) -> Due:
    rows = store.all_letters(tx)
    states = states_of(tx, rows)
    fresh = [day_of(fresh_until(row.signed_at)) for row in rows if states[row.id] is LetterState.FRESH]
    soon = day_of(tx.now + AHEAD)
    ending = [
        (row.id, row.last_day, len(numbers_on_letter(tx, row.id)))
        for row in rows
        if row.last_day and row.last_day <= soon and states[row.id] in _STILL_TO_END
    ]
    return Due(
        ending=tuple(sorted((one for one in ending if one[2]), key=lambda one: one[1])),
        needing=sum(number.state == NumberState.LOA_REQUIRED for number in all_numbers(tx)),
        fresh=len(fresh),
        fresh_until=min(fresh, default=None),
    )


_STILL_TO_END = frozenset({LetterState.FRESH, LetterState.IN_FORCE, LetterState.EXPIRED})


def _expired(tx: Tx) -> list[store.LetterRow]:
    rows = store.all_letters(tx)
    states = states_of(tx, rows)
    return [row for row in rows if states[row.id] is LetterState.EXPIRED]
