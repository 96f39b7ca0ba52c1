"""The tables of letters, and every statement on them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.ledger.rows import LedgerEntryRow
from archive.tx import Tx


class LetterRow(OfOrganisation, Base):
    """One letter. The row is never changed and never deleted: how the letter ended is a row of its own.

    It names nobody. `key_id`: the letter's own key, under which its papers are sealed.
    """

    __tablename__ = "letter"

    id: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int]
    form: Mapped[str]
    wording: Mapped[int | None]
    text_sha256: Mapped[str | None]
    pdf_sha256: Mapped[str]
    signed_at: Mapped[datetime]
    last_day: Mapped[date | None]
    supersedes: Mapped[str | None]
    key_id: Mapped[int]


class LetterNumberRow(OfOrganisation, Base):
    """A number that a letter covers."""

    __tablename__ = "letter_number"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "letter_id"], ["letter.org_id", "letter.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["org_id", "number_id"], ["number.org_id", "number.id"], ondelete="RESTRICT"),
    )

    number_id: Mapped[str] = mapped_column(primary_key=True)
    letter_id: Mapped[str] = mapped_column(primary_key=True)


class LetterPaperRow(OfOrganisation, Base):
    """A sealed part of a letter, until that is destroyed: `evidence`, or the `pdf`."""

    __tablename__ = "letter_paper"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "letter_id"], ["letter.org_id", "letter.id"], ondelete="RESTRICT"),
    )

    letter_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class LetterEndingRow(OfOrganisation, Base):
    """How a letter ended. `sealed`: the reason that a person gave, under the letter's key."""

    __tablename__ = "letter_ending"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "letter_id"], ["letter.org_id", "letter.id"], ondelete="RESTRICT"),
    )

    letter_id: Mapped[str] = mapped_column(primary_key=True)
    how: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int]
    ended_at: Mapped[datetime]
    ended_by: Mapped[str]
    superseded_by: Mapped[str | None]
    sealed: Mapped[bytes | None]


class LetterPolicyRow(OfOrganisation, Base):
    """For how long letters are valid and kept; no row means as `keeping.Policy` says."""

    __tablename__ = "letter_policy"

    valid_days: Mapped[int | None]
    keep_years: Mapped[int]
    set_at: Mapped[datetime]
    entry: Mapped[int] = mapped_column(autoincrement=False)


def letter_row(tx: Tx, letter_id: str) -> LetterRow | None:
    return tx.session.scalars(select(LetterRow).where(LetterRow.id == letter_id)).one_or_none()


def all_letters(tx: Tx) -> Sequence[LetterRow]:
    """Newest first."""
    return tx.session.scalars(select(LetterRow).order_by(LetterRow.entry.desc())).all()


def letters_covering(tx: Tx, number_id: str) -> Sequence[LetterRow]:
    """Newest first."""
    those = select(LetterNumberRow.letter_id).where(LetterNumberRow.number_id == number_id)
    return tx.session.scalars(select(LetterRow).where(LetterRow.id.in_(those)).order_by(LetterRow.entry.desc())).all()


def number_ids(tx: Tx, letter_ids: Collection[str]) -> dict[str, set[str]]:
    """Letter → the numbers that it covers, by their ids."""
    found: dict[str, set[str]] = {letter_id: set() for letter_id in letter_ids}
    columns = select(LetterNumberRow.letter_id, LetterNumberRow.number_id)
    for letter_id, number_id in tx.session.execute(columns.where(LetterNumberRow.letter_id.in_(letter_ids))):
        found[letter_id].add(number_id)
    return found


def endings(tx: Tx, letter_ids: Collection[str]) -> dict[str, list[LetterEndingRow]]:
    """Letter → how it ended, in the order of the ledger."""
    found: dict[str, list[LetterEndingRow]] = {letter_id: [] for letter_id in letter_ids}
    wanted = select(LetterEndingRow).where(LetterEndingRow.letter_id.in_(letter_ids)).order_by(LetterEndingRow.entry)
    for row in tx.session.scalars(wanted):
        found[row.letter_id].append(row)
    return found


def sealed_part(tx: Tx, letter_id: str, part: str) -> bytes | None:
    wanted = select(LetterPaperRow.sealed).where(LetterPaperRow.letter_id == letter_id, LetterPaperRow.part == part)
    return tx.session.scalars(wanted).one_or_none()


def remove_papers(tx: Tx, letter_id: str) -> None:
    tx.session.execute(delete(LetterPaperRow).where(LetterPaperRow.letter_id == letter_id))


def moment_of(tx: Tx, entry: int) -> datetime | None:
    """When the ledger was told; None for an entry that it doesn't have."""
    tx.write_entries()
    return tx.session.scalar(select(LedgerEntryRow.at).where(LedgerEntryRow.seq == entry))


def policy_row(tx: Tx) -> LetterPolicyRow | None:
    return tx.session.scalars(select(LetterPolicyRow)).one_or_none()
