"""Taking an account's list, so that one at a time reads it, and giving it back with what came of that."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec

from archive.core.errors import Conflict
from archive.providers.credentials import demand_readable, found_reading, reader_of
from archive.providers.listed.frame import Reader
from archive.pulling import store
from archive.pulling.events import ListPulled
from archive.pulling.model import AFTER_FAILURE, EVERY, LEASE, Ended, Plan, Run, asked_for, planned, through_after
from archive.pulling.store import PullRow
from archive.tx import Tx


class TurnLost(Conflict):
    """Somebody else has taken the list over, since this run said nothing for too long."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to read an account's list. `number` is higher than that of each before it."""

    provider: str
    account: str
    number: int
    started_at: datetime
    plan: Plan

    @property
    def reader(self) -> Reader:
        return reader_of(self.provider)

    @property
    def subject(self) -> str:
        return f"{self.provider}:{self.account}"


def take(tx: Tx, provider: str, account: str, wanted: Plan | None = None) -> Turn:
    """`wanted` takes the place of what is being listed; without it, what was broken off goes on.

    Raises `Conflict` while somebody is at it, `NotFound` without credentials.
    """
    found_reading(tx, provider, account)
    row = store.pull_of(tx, provider, account) or _new(tx, provider, account)
    _demand_idle(tx, row)
    row.turn, row.leased_until_at = row.turn + 1, tx.now + LEASE
    plan = wanted or _present(row)
    if plan is None or wanted is not None:
        plan = plan or planned(row.through_at, tx.now, reader_of(provider).keeps)
        _begin(row, plan)
    tx.session.add(row)
    tx.session.flush()
    return Turn(provider, account, row.turn, tx.now, plan)


def held(tx: Tx, turn: Turn) -> PullRow:
    """The row of a turn that is still ours, and stays so for a while. Raises `TurnLost`."""
    row = store.pull_of(tx, turn.provider, turn.account)
    if row is None or row.turn != turn.number:
        raise TurnLost(f"The list of {turn.account} is being read by somebody else now.", "Nothing more is done here.")
    row.leased_until_at = tx.now + LEASE
    return row


def begin_slice(row: PullRow, at: datetime) -> None:
    row.slice_at, row.cursor, row.pages = at, None, 0


def give_back(tx: Tx, turn: Turn, run: Run, wait: float = 0.0) -> None:
    """`wait`: for how many seconds the provider wants to be left alone."""
    row = held(tx, turn)
    row.leased_until_at, row.last = None, msgspec.json.encode(run).decode()
    if run.ended is Ended.DONE:
        row.through_at = through_after(row.through_at, turn.plan)
        row.since_at = row.until_at = row.slice_at = None
    row.due_at = tx.now + max(timedelta(seconds=wait), _rest(run.ended))
    tx.record(_entry(turn, run))


def plan_of(tx: Tx, provider: str, account: str, since: date | None, until: date | None) -> Plan | None:
    """Of days that somebody asks for, both included; None if they name none."""
    reader = demand_readable(tx, provider, account)
    return asked_for(since, until, tx.now, reader.keeps) if since or until else None


def ask_now(tx: Tx, provider: str, account: str, wanted: Plan | None = None) -> None:
    """The next look at what is due finds it. Raises `Conflict` for days that are asked for while somebody reads."""
    demand_readable(tx, provider, account)
    found_reading(tx, provider, account)
    row = store.pull_of(tx, provider, account) or _new(tx, provider, account)
    if wanted is not None:
        _demand_idle(tx, row)
        _begin(row, wanted)
    row.due_at = tx.now
    tx.session.add(row)
    tx.session.flush()


def _demand_idle(tx: Tx, row: PullRow) -> None:
    if row.leased_until_at is not None and row.leased_until_at > tx.now:
        raise Conflict(
            f"The list of {row.account} is being read already.", "Wait until that is done; the page Providers shows it."
        )


def _begin(row: PullRow, plan: Plan) -> None:
    row.since_at, row.until_at, row.by_hand = plan.since, plan.until, plan.by_hand
    begin_slice(row, plan.since)
    row.tally = ""


def _rest(ended: Ended) -> timedelta:
    return {Ended.DONE: EVERY, Ended.PAUSED: timedelta(0), Ended.FAILED: AFTER_FAILURE}[ended]


def _new(tx: Tx, provider: str, account: str) -> PullRow:
    return PullRow(
        org_id=tx.org_id,
        provider=provider,
        account=account,
        turn=0,
        due_at=tx.now,
        by_hand=False,
        pages=0,
        tally="",
    )


def _present(row: PullRow) -> Plan | None:
    """What was being listed when it was broken off."""
    if row.since_at is None or row.until_at is None:
        return None
    return Plan(row.since_at, row.until_at, row.by_hand)


def _entry(turn: Turn, run: Run) -> ListPulled:
    return ListPulled(
        subject=turn.subject,
        provider=turn.provider,
        account=turn.account,
        since=run.since,
        until=run.until,
        reached=run.reached,
        ended=run.ended,
        pages=run.brought.pages,
        new=run.brought.new,
        duplicates=run.brought.duplicates,
        failures=run.brought.failures,
        reports=run.brought.reports,
        why=run.why or None,
    )
