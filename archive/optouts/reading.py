"""The lists: who is opted out, what was sent in spite of it, what waits for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from archive.core import phone
from archive.optouts import store
from archive.optouts.deadline import deadline
from archive.optouts.managing import in_force
from archive.optouts.model import Change, History, How, Violation, violations
from archive.optouts.recording import Parties, addresses
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class OptOut:
    """One in force. `own_number` is empty for all of them. `due_on`: the last of its ten business days."""

    entry: int
    own_number: str
    party: str
    said_at: datetime
    how: How
    serial: int | None
    due_on: date


@dataclass(frozen=True, slots=True)
class Broken:
    """A text that went out after an opt-out. `days`: business days between; `late`: more than the ten allowed."""

    serial: int
    own_number: str
    party: str
    sent_at: datetime
    said_at: datetime
    opt_out: int
    days: int
    late: bool


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A text that may mean `means` (opt-out or opt-in), by its words or (`how` is "provider") since it was refused for
    an opt-out that we know nothing of. `due_on`: by when it has to be honoured if it does."""

    serial: int
    own_number: str
    party: str
    means: str
    how: str
    said_at: datetime
    due_on: date


def list_opt_outs(tx: Tx, party: str | None = None) -> list[OptOut]:
    """Those in force, newest first; only those of one party, in any usual spelling, if it is given."""
    changes = _history(tx).in_force() if party is None else _history_of(tx, party).in_force()
    who = addresses(tx, {change.party for change in changes})
    return [_opt_out(change, who[change.party]) for change in changes]


def read_opt_out(tx: Tx, entry: int) -> OptOut:
    change = in_force(tx, entry)
    return _opt_out(change, addresses(tx, {change.party})[change.party])


def list_violations(tx: Tx) -> list[Broken]:
    """Newest first. Texts whose time is over are not among them any more."""
    found = violations(_history(tx), store.sent_to_those_who_opted_out(tx)) if store.anybody(tx) else []
    who = addresses(tx, {one.sent.party for one in found})
    return [_broken(one, who[one.sent.party]) for one in found]


def list_suspicions(tx: Tx) -> list[Suspicion]:
    """Those that wait, oldest first."""
    rows = store.open_suspicions(tx)
    who = addresses(tx, {row.party for row in rows})
    return [
        Suspicion(row.serial, row.own_number, who[row.party], row.means, row.how, row.said_at, deadline(row.said_at))
        for row in rows
    ]


def count_suspicions(tx: Tx) -> int:
    return store.count_open_suspicions(tx)


def reaches_everywhere(tx: Tx) -> bool:
    return store.everywhere(tx)


def everything_said(tx: Tx) -> list[tuple[Change, str]]:
    """All opt-outs and opt-ins that were ever said, in the order of time, each with who said it: what is exported."""
    changes: Iterable[Change] = sorted(store.all_changes(tx), key=lambda change: change.order)
    said = [change for change in changes if change.said.value != "help"]
    who = addresses(tx, {change.party for change in said})
    return [(change, who[change.party]) for change in said]


def _history(tx: Tx) -> History:
    return History(store.all_changes(tx), everywhere=store.everywhere(tx))


def _history_of(tx: Tx, party: str) -> History:
    who = Parties(tx).of(phone.parse(party).address)
    return History(store.changes_of(tx, {who}), everywhere=store.everywhere(tx))


def _opt_out(change: Change, party: str) -> OptOut:
    due = deadline(change.said_at)
    return OptOut(change.entry, change.own_number, party, change.said_at, change.how, change.serial, due)


def _broken(one: Violation, party: str) -> Broken:
    sent, opt_out = one.sent, one.opt_out
    return Broken(
        sent.serial, sent.own_number, party, sent.at, opt_out.said_at, opt_out.entry, days=one.days, late=one.late
    )
