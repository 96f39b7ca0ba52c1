"""Why is this text here, and when will it go? One function answers, for the purge as for a person who asks. Pure.

It decides from what the ledger commits to: the record's dates, the versions of the policy, the holds. Where a batch
looks for texts (`message.due_on`) is bookkeeping and decides nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.retention.model import DEFAULT, Policy, Scope
from archive.retention.period import MINIMUM_RESIDENCY, dated

Anchor = Literal["received", "sent"]
Because = Literal["held", "policy", "residency"]


@dataclass(frozen=True, slots=True)
class Dated:
    """What is committed to about a text, as far as its time goes. `policy`: the version that it was dated by."""

    serial: int
    own_number: str
    campaign: str | None
    policy: int
    received_at: datetime
    sent_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """`due_at`: from this moment on it may go, were it not held. `policy` is the one that keeps it so long.

    `because` is None when it may go now. A hold is named first: it keeps a text whatever the policy says.
    """

    because: Because | None
    due_at: datetime
    policy: Policy
    anchor: Anchor
    anchor_at: datetime
    holds: tuple[str, ...]

    @property
    def may_go(self) -> bool:
        return self.because is None

    @property
    def until(self) -> datetime | None:
        """The end of its time here; None while a hold keeps it, since nobody knows how long that will be."""
        return None if self.holds else self.due_at


def decide(record: Dated, policies: Sequence[Policy], holds: Sequence[str], now: datetime) -> Verdict:
    """`policies`: every version there ever was. `holds`: the names of those that cover the text now."""
    anchor, anchor_at = anchor_of(record, policies)
    due_at, policy = due(record, policies)
    because: Because | None = None
    if holds:
        because = "held"
    elif now < due_at:
        because = "residency" if due_at == record.received_at + MINIMUM_RESIDENCY else "policy"
    return Verdict(because, due_at, policy, anchor, anchor_at, tuple(holds))


def due(record: Dated, policies: Sequence[Policy]) -> tuple[datetime, Policy]:
    """(the moment from which it may go, the policy that says so): the longest of all that have applied to it since it
    came in, its own date among them.
    """
    _, anchor_at = anchor_of(record, policies)
    candidates = [
        (dated(anchor_at, record.received_at, policy.period), policy)
        for scope in {policy.scope for policy in policies}
        if scope.covers(record.own_number, record.campaign)
        for policy in _applied(record, policies, scope)
    ]
    written = _written_by(record, policies)
    if written is None or not _redated(record, policies, written.scope):
        candidates.append((record.expires_at, written or DEFAULT))
    return max(candidates, key=lambda candidate: (candidate[0], -candidate[1].version))


def anchor_of(record: Dated, policies: Sequence[Policy]) -> tuple[Anchor, datetime]:
    """What its time counts from. Only an import may count from sending, and its date shows whether it does."""
    written = _written_by(record, policies) or DEFAULT
    on_receipt = dated(record.received_at, record.received_at, written.period)
    if record.sent_at is None or record.expires_at >= on_receipt:
        return "received", record.received_at
    return "sent", record.sent_at


def _written_by(record: Dated, policies: Iterable[Policy]) -> Policy | None:
    """None for a version that nobody knows: then nothing can take away the date that the record has."""
    return next((policy for policy in policies if policy.version == record.policy), None)


def _applied(record: Dated, policies: Sequence[Policy], scope: Scope) -> list[Policy]:
    """The version that was in force when the text came in, and all since; only from its last re-dating on."""
    versions = sorted((policy for policy in policies if policy.scope == scope), key=lambda policy: policy.entry)
    before = [policy for policy in versions if policy.entry < record.serial]
    since = [policy for policy in versions if policy.entry > record.serial]
    applied = [*before[-1:], *since]
    last = max((at for at, policy in enumerate(applied) if policy.existing), default=0)
    return applied[last:]


def _redated(record: Dated, policies: Sequence[Policy], scope: Scope) -> bool:
    return any(policy.existing and policy.scope == scope and policy.entry > record.serial for policy in policies)
