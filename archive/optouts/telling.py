"""Whom providers have put on their own lists of numbers that are not to be texted, taken into ours; each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.core.actor import Actor
from archive.optouts import store
from archive.optouts.model import Change, History, moment_of
from archive.optouts.recording import Parties, record_change
from archive.optouts.wording import Said
from archive.providers.said import OptOut
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Told:
    """By whom, and when it reached us."""

    opt_out: OptOut
    actor: Actor
    received_at: datetime


def take_over(tx: Tx, told: Sequence[Told]) -> int:
    """How many of them are new."""
    if not told:
        return 0
    parties = Parties(tx)
    known = store.changes_of(tx, {parties.of(one.opt_out.party) for one in told})
    new = [change for one in told if (change := _take_over(tx, parties, known, one))]
    return len(new)


def _take_over(tx: Tx, parties: Parties, known: list[Change], told: Told) -> Change | None:
    """`known`: all that was said by these parties before; what is new is added to it."""
    said, one = Said.OPT_OUT if told.opt_out.out else Said.OPT_IN, told.opt_out
    at, party = moment_of(one.at, told.received_at), parties.of(one.party)
    if _is_known(tx, known, one, party, said, at):
        return None
    note = one.words or None
    change = record_change(tx, parties, one.own_number, one.party, said, at, "provider", note=note, actor=told.actor)
    known.append(change)
    return change


def _is_known(tx: Tx, known: list[Change], one: OptOut, party: int, said: Said, at: datetime) -> bool:
    """A repeat bears the moment of the first; where a provider names none, it is one that changes nothing."""
    if one.at:
        same = (one.own_number, party, said, at)
        return any((change.own_number, change.party, change.said, change.said_at) == same for change in known)
    history = History(known, everywhere=store.everywhere(tx))
    return (history.standing(one.own_number, party) is not None) is (said is Said.OPT_OUT)
