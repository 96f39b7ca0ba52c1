"""A provider refuses a text because somebody has opted out, and we know of no opt-out: somebody has to decide.

Its list may be of another number, of a carrier, or years old, and it names neither moment nor words: so that is a
suspicion, not an opt-out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.core.clock import day_of
from archive.optouts import store
from archive.optouts.model import History
from archive.optouts.recording import Parties, record_suspicion
from archive.optouts.wording import Said
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Refused:
    """A text of ours to `party` that was not carried, as we were told at `at`."""

    serial: int
    own_number: str
    party: str
    at: datetime


def suspect(tx: Tx, refused: Sequence[Refused]) -> int:
    """How many suspicions are new: one a pair and day, and none while one waits or an opt-out is in force."""
    if not refused:
        return 0
    parties = Parties(tx)
    known = {parties.of(one.party) for one in refused}
    history = History(store.changes_of(tx, known), everywhere=store.everywhere(tx))
    return sum(_suspect(tx, parties, history, one) for one in refused)


def _suspect(tx: Tx, parties: Parties, history: History, one: Refused) -> bool:
    party = parties.of(one.party)
    if history.standing(one.own_number, party) or _is_known(tx, party, one):
        return False
    record_suspicion(tx, parties, one.own_number, one.party, Said.OPT_OUT, one.at, one.serial, "provider")
    tx.session.flush()
    return True


def _is_known(tx: Tx, party: int, one: Refused) -> bool:
    suspicions = store.suspicions_of(tx, one.own_number, party)
    same_day = (row.decision is None or day_of(row.said_at) == day_of(one.at) for row in suspicions)
    return store.suspicion(tx, one.serial) is not None or any(same_day)
