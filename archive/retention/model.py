"""What a policy is: for which texts, how long, since which ledger entry. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.core.clock import EPOCH
from archive.retention.period import FLOOR_DAYS, Period, dated


@dataclass(frozen=True, slots=True)
class Scope:
    """All texts of an organisation, or those of one own number (E.164), or of one campaign."""

    number: str | None = None
    campaign: str | None = None

    def __post_init__(self) -> None:
        if self.number is not None and self.campaign is not None:
            raise ValueError("A policy is for a number or for a campaign, not for both.")

    def covers(self, own_number: str, campaign: str | None) -> bool:
        if self.number is not None:
            return self.number == own_number
        return self.campaign is None or self.campaign == campaign


EVERYTHING: Final = Scope()


@dataclass(frozen=True, slots=True)
class Policy:
    """One version. `entry`: the ledger entry that made it, which says which texts came before it and which after.

    `existing`: a reviewed re-dating. Texts that were there already are dated by it alone, as if the earlier versions
    for the same scope had never been. Without it a version can only keep those longer.
    """

    version: int
    scope: Scope
    period: Period
    entry: int
    existing: bool = False
    since: datetime = EPOCH


DEFAULT: Final = Policy(version=1, scope=EVERYTHING, period=Period(days=FLOOR_DAYS), entry=0)
"""In force until an organisation has decided something else."""


def in_force(policies: Iterable[Policy]) -> list[Policy]:
    """The newest version for each scope."""
    newest: dict[Scope, Policy] = {}
    for policy in sorted(policies, key=_by_entry):
        newest[policy.scope] = policy
    return list(newest.values())


def longest(
    policies: Sequence[Policy], own_number: str, campaign: str | None, anchor: datetime, received_at: datetime
) -> tuple[datetime, Policy]:
    """(expiry, the policy that asks for it): of all that apply to a text, the one that keeps it longest."""
    applying = [policy for policy in policies if policy.scope.covers(own_number, campaign)]
    return max(((dated(anchor, received_at, policy.period), policy) for policy in applying), key=_by_date)


def _by_entry(policy: Policy) -> int:
    return policy.entry


def _by_date(candidate: tuple[datetime, Policy]) -> tuple[datetime, int]:
    return candidate[0], -candidate[1].version
