"""The table of policy versions, and every statement on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.core.canonical import parse_json
from archive.core.errors import Damaged
from archive.db.base import Base, OfOrganisation
from archive.ledger.entry import Event
from archive.ledger.rows import NO_TEXT, LedgerEntryRow
from archive.retention.model import DEFAULT, Policy, Scope, in_force
from archive.retention.period import FLOOR_DAYS, LEAST_YEARS, Period
from archive.tx import Prepared, Tx


class PolicySet(Event, frozen=True, kw_only=True):
    """A version as it is from this entry on. `campaign` and `number` are ours and name no stranger."""

    kind = "policy.set"
    version: int
    days: int | None = None
    years: int | None = None
    number: str | None = None
    campaign: str | None = None
    existing: bool = False
    proposal: str | None = None


class RetentionPolicyRow(OfOrganisation, Base):
    """One version. For each scope the newest is in force; `entry` is the ledger entry that says the same."""

    __tablename__ = "retention_policy"
    __table_args__ = (
        CheckConstraint(
            # Without "IS NOT NULL" a row that says neither would pass: what is unknown does not fail a check.
            f"(days IS NOT NULL AND days >= {FLOOR_DAYS} AND years IS NULL)"
            f" OR (years IS NOT NULL AND years >= {LEAST_YEARS} AND days IS NULL)",
            name="floor",
        ),
        CheckConstraint("number IS NULL OR campaign IS NULL", name="scope"),
    )

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str | None]
    campaign: Mapped[str | None]
    days: Mapped[int | None]
    years: Mapped[int | None]
    existing: Mapped[bool]
    entry: Mapped[int]
    since: Mapped[datetime]


_COLUMNS = ("version", "number", "campaign", "days", "years", "existing", "entry", "since")
_ALL = Prepared(RetentionPolicyRow, *_COLUMNS)


def all_policies(tx: Tx) -> list[Policy]:
    """Every version there ever was, oldest first, the default among them. The quick way, for dating what comes in."""
    found = [_policy(row) for row in tx.fetch(_ALL)]
    return sorted([DEFAULT, *found], key=lambda policy: policy.entry)


def policies_in_force(tx: Tx) -> list[Policy]:
    return in_force(all_policies(tx))


def policy_of(tx: Tx, version: int) -> Policy:
    """The version that a record was dated by."""
    return next((policy for policy in all_policies(tx) if policy.version == version), DEFAULT)


def sound_policies(tx: Tx) -> list[Policy]:
    """Every version, each compared with the ledger: for deciding that something may go. Raises `Damaged`."""
    found = all_policies(tx)
    if faults := policy_faults(tx, found):
        raise Damaged(
            f"The retention policy is not what the ledger says: {faults[0][1]}.",
            "Nothing is destroyed meanwhile. Run `textarchive verify`, and restore the table from a backup.",
        )
    return found


def policy_faults(tx: Tx, policies: Sequence[Policy]) -> list[tuple[int, str]]:
    """(ledger entry, what is wrong) of each version that the ledger does not know, or knows otherwise."""
    said = {entry: parse_json(detail) for entry, detail in _entries(tx)}
    held = {policy.entry: _detail(policy) for policy in policies if policy is not DEFAULT}
    faults = [
        (entry, f"version {detail['version']} of the policy was changed or inserted")
        for entry, detail in held.items()
        if _without_proposal(said.get(entry)) != detail
    ]
    gone = said.keys() - held.keys()
    return faults + [(entry, f"version {said[entry]['version']} of the policy is gone") for entry in sorted(gone)]


def add_policy(tx: Tx, scope: Scope, period: Period, *, existing: bool = False, proposal: str | None = None) -> Policy:
    """The next version, in the ledger and in force."""
    version = max(policy.version for policy in all_policies(tx)) + 1
    said = PolicySet(
        subject=f"policy:{version}",
        version=version,
        days=period.days,
        years=period.years,
        number=scope.number,
        campaign=scope.campaign,
        existing=existing,
        proposal=proposal,
    )
    policy = Policy(version, scope, period, tx.record(said), existing, tx.now)
    tx.session.add(_row(tx.org_id, policy))
    tx.session.flush()
    return policy


def _entries(tx: Tx) -> Sequence[Any]:
    tx.write_entries()
    wanted = select(LedgerEntryRow.seq, LedgerEntryRow.detail)
    return tx.session.execute(wanted.where(LedgerEntryRow.kind == PolicySet.kind, text(NO_TEXT))).all()


def _policy(row: Any) -> Policy:
    version, number, campaign, days, years, existing, entry, since = row
    return Policy(version, Scope(number, campaign), Period(days, years), entry, bool(existing), since)


def _row(org_id: int, policy: Policy) -> RetentionPolicyRow:
    return RetentionPolicyRow(
        org_id=org_id,
        version=policy.version,
        number=policy.scope.number,
        campaign=policy.scope.campaign,
        days=policy.period.days,
        years=policy.period.years,
        existing=policy.existing,
        entry=policy.entry,
        since=policy.since,
    )


def _detail(policy: Policy) -> dict[str, Any]:
    said = {
        "version": policy.version,
        "days": policy.period.days,
        "years": policy.period.years,
        "number": policy.scope.number,
        "campaign": policy.scope.campaign,
        "existing": policy.existing,
    }
    return {name: value for name, value in said.items() if value is not None}


def _without_proposal(detail: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if detail is None else {name: value for name, value in detail.items() if name != "proposal"}
