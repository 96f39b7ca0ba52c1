"""The tables of spam reports, and every statement on them. What people said is sealed; who reports, found by a hash."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    Select,
    UniqueConstraint,
    delete,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.campaigns.hearing import COMPLAINT
from archive.campaigns.store import RegistryEventRow
from archive.db.base import Base, OfOrganisation
from archive.ledger.rows import LedgerEntryRow
from archive.spam.matching import Likeness
from archive.spam.model import FeeTier, Source, State
from archive.tx import Prepared, Tx

IN_A_STATEMENT = 500

Order = Literal["newest", "oldest", "due"]


class SpamReportRow(OfOrganisation, Base):
    """`sealed`: `Said`, under the key of the month in which it came. `entry`: the ledger entry that commits to it.

    `serial` is the likeliest of the texts that it may be about, `score` out of a hundred how likely; what was found
    was news when the ledger had `compared_through` entries, None before texts were looked through. `origin_entry`: the
    event of the registry that it came from.
    """

    __tablename__ = "spam_report"
    __table_args__ = (
        Index("ix_spam_report_state", "org_id", "state", "entry"),
        Index("ix_spam_report_due_on", "org_id", "due_on", "entry"),
        Index("ix_spam_report_own_number", "org_id", "own_number", "entry"),
        Index("ix_spam_report_party_key", "org_id", "party_key"),
        Index("ix_spam_report_origin_entry", "org_id", "origin_entry", unique=True),
        Index("ix_spam_report_compared_through", "compared_through"),
        UniqueConstraint("org_id", "entry"),
        UniqueConstraint("org_id", "fingerprint"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int]
    source: Mapped[str]
    own_number: Mapped[str]
    campaign: Mapped[str | None]
    party_key: Mapped[bytes | None]
    received_at: Mapped[datetime]
    claimed_since_at: Mapped[datetime | None]
    claimed_until_at: Mapped[datetime | None]
    state: Mapped[str]
    state_since_at: Mapped[datetime]
    assignee: Mapped[str | None]
    due_on: Mapped[date]
    fee_tier: Mapped[str | None]
    serial: Mapped[int | None]
    score: Mapped[int | None]
    compared_through: Mapped[int | None]
    origin_entry: Mapped[int | None]
    fingerprint: Mapped[int]
    key_id: Mapped[int]
    sealed: Mapped[bytes]


class SpamMatchRow(OfOrganisation, Base):
    """A text that a report may be about, and why. `apart`: seconds from the time that was named; `share`: per cent."""

    __tablename__ = "spam_match"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "report_id"], ["spam_report.org_id", "spam_report.id"], ondelete="RESTRICT"),
    )

    report_id: Mapped[str] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    score: Mapped[int]
    same_party: Mapped[bool | None]
    apart: Mapped[int | None]
    share: Mapped[int | None]


class SpamNoteRow(OfOrganisation, Base):
    """What somebody wrote to a report, or to a move of it. `entry`: the ledger entry that commits to it."""

    __tablename__ = "spam_note"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "report_id"], ["spam_report.org_id", "spam_report.id"], ondelete="RESTRICT"),
    )

    report_id: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_id: Mapped[int]
    sealed: Mapped[bytes]


class SpamPolicyRow(OfOrganisation, Base):
    """For how long reports are kept; no row means as long as `keeping.LEAST_YEARS` says."""

    __tablename__ = "spam_policy"

    keep_years: Mapped[int]
    set_at: Mapped[datetime]
    entry: Mapped[int] = mapped_column(autoincrement=False)


_SAME = Prepared(SpamReportRow, "id", "fingerprint").among("fingerprint")


def known(tx: Tx, fingerprint: int) -> str | None:
    """The id of the report that said the same before."""
    return next((row.id for row in tx.fetch(_SAME, wanted=[fingerprint])), None)


def report_by_id(tx: Tx, report_id: str) -> SpamReportRow | None:
    return tx.session.scalars(select(SpamReportRow).where(SpamReportRow.id == report_id)).one_or_none()


def matches_of(tx: Tx, report_id: str) -> Sequence[SpamMatchRow]:
    """Likeliest first."""
    wanted = select(SpamMatchRow).where(SpamMatchRow.report_id == report_id)
    return tx.session.scalars(wanted.order_by(SpamMatchRow.score.desc(), SpamMatchRow.serial.desc())).all()


def count_by_state(tx: Tx) -> dict[State, int]:
    counted = select(SpamReportRow.state, func.count()).group_by(SpamReportRow.state)
    found = {row[0]: row[1] for row in tx.session.execute(counted)}
    return {state: found.get(state, 0) for state in State}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports, and in which order. None is without condition; `after` is the entry of the last one shown."""

    states: tuple[State, ...] = ()
    source: Source | None = None
    own_number: str | None = None
    assignee: str | None = None
    tier: FeeTier | None = None
    order: Order = "newest"
    after: int | None = None


def some_reports(tx: Tx, wanted: Wanted, limit: int) -> Sequence[SpamReportRow]:
    """A page of them, by an index whatever the order."""
    columns = {"source": wanted.source, "own_number": wanted.own_number, "assignee": wanted.assignee}
    chosen = select(SpamReportRow).where(
        *(getattr(SpamReportRow, name) == value for name, value in columns.items() if value is not None)
    )
    if wanted.states:
        chosen = chosen.where(SpamReportRow.state.in_([state.value for state in wanted.states]))
    if wanted.tier:
        chosen = chosen.where(SpamReportRow.fee_tier == wanted.tier.value)
    return tx.session.scalars(_ordered(tx, chosen, wanted).limit(limit)).all()


def _ordered(tx: Tx, chosen: Select[Any], wanted: Wanted) -> Select[Any]:
    entry, due = SpamReportRow.entry, SpamReportRow.due_on
    if wanted.order == "newest":
        newest = chosen.order_by(entry.desc())
        return newest.where(entry < wanted.after) if wanted.after else newest
    if wanted.order == "oldest":
        oldest = chosen.order_by(entry)
        return oldest.where(entry > wanted.after) if wanted.after else oldest
    chosen = chosen.order_by(due, entry)
    last = tx.session.scalar(select(due).where(entry == wanted.after)) if wanted.after else None
    return chosen.where((due > last) | ((due == last) & (entry > wanted.after))) if last else chosen


def reports_of_party(tx: Tx, party_key: bytes, limit: int) -> Sequence[SpamReportRow]:
    wanted = select(SpamReportRow).where(SpamReportRow.party_key == party_key)
    return tx.session.scalars(wanted.order_by(SpamReportRow.entry.desc()).limit(limit)).all()


def committed_digest(tx: Tx, entry: int) -> str:
    """What the ledger says about the sealed half of a report, or of a note."""
    detail = tx.session.scalar(select(LedgerEntryRow.detail).where(LedgerEntryRow.seq == entry))
    return str(json.loads(detail)["digest"]) if detail else ""


def not_compared(tx: Tx, after: str, limit: int) -> Sequence[SpamReportRow]:
    wanted = select(SpamReportRow).where(SpamReportRow.compared_through.is_(None), SpamReportRow.id > after)
    return tx.session.scalars(wanted.order_by(SpamReportRow.id).limit(limit)).all()


def any_not_compared(session: Session) -> bool:
    """Of any organisation."""
    wanted = select(SpamReportRow.id).where(SpamReportRow.compared_through.is_(None))
    return session.scalars(wanted.limit(1)).first() is not None


def replace_matches(tx: Tx, report_id: str, texts: Sequence[Likeness]) -> None:
    tx.session.execute(delete(SpamMatchRow).where(SpamMatchRow.report_id == report_id))
    for one in texts:
        apart = None if one.apart is None else int(one.apart.total_seconds())
        tx.session.add(
            SpamMatchRow(
                org_id=tx.org_id,
                report_id=report_id,
                serial=one.serial,
                score=one.score,
                same_party=one.same_party,
                apart=apart,
                share=one.share,
            )
        )
    tx.session.flush()


def notes_of(tx: Tx, report_id: str) -> Sequence[SpamNoteRow]:
    return tx.session.scalars(select(SpamNoteRow).where(SpamNoteRow.report_id == report_id)).all()


def policy_row(tx: Tx) -> SpamPolicyRow | None:
    return tx.session.scalars(select(SpamPolicyRow)).one_or_none()


def keys_in_use(tx: Tx) -> Sequence[int]:
    return tx.session.scalars(select(SpamReportRow.key_id).distinct()).all()


def reports_under(tx: Tx, key_id: int) -> Sequence[SpamReportRow]:
    return tx.session.scalars(select(SpamReportRow).where(SpamReportRow.key_id == key_id)).all()


def delete_reports(tx: Tx, ids: Sequence[str]) -> None:
    """With all that belongs to them."""
    for start in range(0, len(ids), IN_A_STATEMENT):
        some = ids[start : start + IN_A_STATEMENT]
        tx.session.execute(delete(SpamMatchRow).where(SpamMatchRow.report_id.in_(some)))
        tx.session.execute(delete(SpamNoteRow).where(SpamNoteRow.report_id.in_(some)))
        tx.session.execute(delete(SpamReportRow).where(SpamReportRow.id.in_(some)))


def complaints_waiting(tx: Tx, since: datetime, limit: int) -> Sequence[RegistryEventRow]:
    """The registry's complaints since a moment that no report was made of, the oldest first."""
    made = select(SpamReportRow.origin_entry).where(SpamReportRow.origin_entry.is_not(None))
    wanted = select(RegistryEventRow).where(
        RegistryEventRow.event == COMPLAINT,
        RegistryEventRow.mock.is_(False),
        RegistryEventRow.received_at >= since,
        RegistryEventRow.entry.not_in(made),
    )
    return tx.session.scalars(wanted.order_by(RegistryEventRow.entry).limit(limit)).all()


def any_complaint_waiting(session: Session, since: datetime) -> bool:
    """Of any organisation."""
    made = exists().where(
        SpamReportRow.org_id == RegistryEventRow.org_id, SpamReportRow.origin_entry == RegistryEventRow.entry
    )
    wanted = select(RegistryEventRow.entry).where(
        RegistryEventRow.event == COMPLAINT,
        RegistryEventRow.mock.is_(False),
        RegistryEventRow.received_at >= since,
        ~made,
    )
    return session.scalars(wanted.limit(1)).first() is not None
