"""Changing how long texts are kept. Longer takes one person and is true at once, shorter takes two."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from archive.access.second_person import demand_second_person
from archive.core.clock import day_of
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.ledger.entry import Event
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.retention.decide import due
from archive.retention.model import EVERYTHING, Policy, Scope, in_force
from archive.retention.period import PLANNED_AHEAD, Period
from archive.retention.policies import add_policy, sound_policies
from archive.retention.proposals import ProposalRow, all_proposals, proposal_row
from archive.retention.records import DATED_COLUMNS, dated_columns
from archive.tx import Tx

AT_ONCE = 5_000


class PolicyProposed(Event, frozen=True, kw_only=True):
    """`sooner`: how many texts that are here would go sooner by it, which is none unless it is for those, too."""

    kind = "policy.proposed"
    days: int | None = None
    years: int | None = None
    number: str | None = None
    campaign: str | None = None
    existing: bool
    sooner: int


class ProposalRefused(Event, frozen=True, kw_only=True):
    kind = "policy.proposal-refused"


@dataclass(frozen=True, slots=True)
class Redating:
    """What dating anew does: `sooner` of the texts that are here go sooner than they would.

    `planned` of these have had their time by it, or have it within the week that a plan takes. `first`: the day of the
    first batch that takes any of them.
    """

    sooner: int
    planned: int
    first: date | None


NOTHING_SOONER = Redating(0, 0, None)


def set_policy(tx: Tx, scope: Scope, period: Period) -> Policy:
    """A policy that keeps no text shorter than the one before it. Raises `Conflict` for any other."""
    if is_shorter(sound_policies(tx), scope, period):
        raise Conflict(
            f"{period} may be shorter than what is in force.", "One person proposes it, and another one allows it."
        )
    return add_policy(tx, scope, period)


def is_shorter(policies: list[Policy], scope: Scope, period: Period) -> bool:
    """Whether new texts might be kept less long than they are now."""
    current = {policy.scope: policy.period for policy in in_force(policies)}
    return scope in current and not period.never_shorter_than(current[scope])


def propose(tx: Tx, scope: Scope, period: Period, *, existing: bool) -> tuple[ProposalRow, Redating]:
    """The first of two people. `existing`: texts that are here already are dated by it, too."""
    if not existing and not is_shorter(sound_policies(tx), scope, period):
        raise BadInput(f"{period} shortens nothing.", "Set it; that takes one person.")
    effect = redating(tx, scope, period) if existing else NOTHING_SOONER
    row = ProposalRow(
        org_id=tx.org_id,
        id=new_id("rpp", tx.now),
        number=scope.number,
        campaign=scope.campaign,
        days=period.days,
        years=period.years,
        existing=existing,
        proposed_at=tx.now,
        proposed_by=str(tx.actor),
    )
    tx.session.add(row)
    tx.record(
        PolicyProposed(
            subject=row.id,
            days=period.days,
            years=period.years,
            number=scope.number,
            campaign=scope.campaign,
            existing=existing,
            sooner=effect.sooner,
        )
    )
    return row, effect


def open_proposals(tx: Tx) -> list[ProposalRow]:
    return [row for row in all_proposals(tx) if row.is_open]


def proposal_effect(tx: Tx, proposal_id: str) -> Redating:
    row = _open(tx, proposal_id)
    return redating(tx, row.scope, row.period) if row.existing else NOTHING_SOONER


def approve_proposal(tx: Tx, proposal_id: str, sooner: int) -> Policy:
    """The second of two. `sooner`: how many texts they were told would go sooner.

    From the commit on the new dates are true; `bring_forward` then tells the batches. Raises `NotFound`,
    `NotPermitted`, and `Conflict` when it is another number by now.
    """
    row = _open(tx, proposal_id)
    demand_second_person(tx, row.proposed_by)
    found = proposal_effect(tx, proposal_id).sooner
    if found != sooner:
        raise Conflict(f"{found:,} texts would go sooner, not {sooner:,}.", "Look at the effect again first.")
    policy = add_policy(tx, row.scope, row.period, existing=row.existing, proposal=row.id)
    row.decided_at, row.decided_by, row.version = tx.now, str(tx.actor), policy.version
    return policy


def refuse_proposal(tx: Tx, proposal_id: str) -> ProposalRow:
    """Also by whoever proposed it, who may think better of it."""
    row = _open(tx, proposal_id)
    row.decided_at, row.decided_by = tx.now, str(tx.actor)
    tx.record(ProposalRefused(subject=row.id))
    return row


def redating(tx: Tx, scope: Scope, period: Period) -> Redating:
    """What a re-dating would do to the texts that are here."""
    before = sound_policies(tx)
    version = max(policy.version for policy in before) + 1
    after = [*before, Policy(version, scope, period, tx.ledger_size + 1, existing=True, since=tx.now)]
    plannable = day_of(tx.now) + timedelta(days=PLANNED_AHEAD + 1)
    days = []
    for row in _dated_rows(tx, scope):
        record = dated_columns(row)
        new, _ = due(record, after)
        if new < due(record, before)[0]:
            days.append(day_of(new))
    first = max(min(days), plannable) if days else None
    return Redating(len(days), sum(day < plannable for day in days), first)


def _dated_rows(tx: Tx, scope: Scope) -> Any:
    wanted = select(*DATED_COLUMNS).where(NOT_SHREDDING).order_by(MessageRow.seq)
    if scope.number is not None:
        wanted = wanted.where(MessageRow.own_number == scope.number)
    if scope.campaign is not None:
        wanted = wanted.where(MessageRow.campaign == scope.campaign)
    after = 0
    while rows := tx.session.execute(wanted.where(MessageRow.seq > after).limit(AT_ONCE)).all():
        yield from rows
        after = rows[-1].seq


def _open(tx: Tx, proposal_id: str) -> ProposalRow:
    row = proposal_row(tx, proposal_id)
    if row is None:
        raise NotFound(f"There is no proposal {proposal_id}.", "The page on retention lists those that there are.")
    if not row.is_open:
        raise Conflict(f"{proposal_id} was decided already.", "There is nothing to do.")
    return row


def scope_of(number: str | None, campaign: str | None) -> Scope:
    """Raises `BadInput` for both at once."""
    if number and campaign:
        raise BadInput("A policy is for a number or for a campaign, not for both.", "Set one for each.")
    return Scope(number or None, campaign or None) if number or campaign else EVERYTHING
