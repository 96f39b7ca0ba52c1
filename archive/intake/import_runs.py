"""The imports of files: how each is to be read, how far it has got, and what the ledger says of it.

How far a file has got is written in the transaction that stores its texts. A file is known by its SHA-256, so an import
that was killed goes on where it was, whatever the file is called by then.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Literal

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from archive.core.errors import Conflict
from archive.core.ids import new_id
from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.intake.fates import Fate, packed
from archive.intake.profiles.model import Profile
from archive.ledger.entry import Event, encode
from archive.tx import Tx

Anchor = Literal["received", "sent"]

SHOWN: Final = 50


class ImportStarted(Event, frozen=True, kw_only=True):
    kind = "import.started"
    private = frozenset({"file", "profile"})
    file: str
    sha256: str
    format: str
    anchor: str
    profile: str | None = None


class ImportRead(Event, frozen=True, kw_only=True):
    """A part of the file is dealt with. `lines` and `counts` are of all parts so far, `fates` of this one."""

    kind = "import.read"
    private = frozenset({"fates"})
    lines: int
    counts: dict[str, int]
    fates: str


class ImportFinished(Event, frozen=True, kw_only=True):
    kind = "import.finished"
    sha256: str
    counts: dict[str, int]


class ImportRunRow(OfOrganisation, Base):
    """How far the import of one file has got: `lines` of it are dealt with and `counts` says how."""

    __tablename__ = "import_run"
    __table_args__ = ({"info": BOOKKEEPING},)

    id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    options: Mapped[str]
    lines: Mapped[int]
    counts: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is to be read and dated. `profile` says the columns of a table."""

    format: str = "auto"
    anchor: Anchor = "received"
    own_number: str | None = None
    provider: str | None = None
    zone: tzinfo | None = None
    profile: Profile | None = None

    @property
    def key(self) -> str:
        """A file that is read in another way is another import."""
        plain = f"{self.format} {self.anchor} {self.own_number} {self.provider} {self.zone}"
        if self.profile is None:
            return plain
        return f"{plain} {hashlib.sha256(encode(self.profile.mapping)).hexdigest()[:16]}"


def run_of(tx: Tx, name: str, digest: str, format_: str, options: ImportOptions) -> ImportRunRow:
    """The run that was broken off, or a new one. `format_` is the file's, where the options leave that open."""
    broken_off = select(ImportRunRow).where(
        ImportRunRow.sha256 == digest, ImportRunRow.options == options.key, ImportRunRow.finished_at.is_(None)
    )
    run = tx.session.scalars(broken_off).first()
    return run or _begun(tx, name, digest, format_, options)


def _begun(tx: Tx, name: str, digest: str, format_: str, options: ImportOptions) -> ImportRunRow:
    run = ImportRunRow(
        org_id=tx.org_id,
        id=new_id("imp", tx.now),
        sha256=digest,
        options=options.key,
        lines=0,
        counts="{}",
        started_at=tx.now,
    )
    tx.session.add(run)
    tx.record(
        ImportStarted(
            subject=run.id,
            file=name,
            sha256=digest,
            format=format_,
            anchor=options.anchor,
            profile=options.profile.name if options.profile else None,
        )
    )
    return run


def note_part(tx: Tx, run: ImportRunRow, counts: Counter[str], fates: Sequence[Fate]) -> None:
    """In the transaction that stores what the part holds. Raises `Conflict` if somebody else is at the same file."""
    _demand_alone(tx, run)
    run.lines += len(fates)
    run.counts = msgspec.json.encode(dict(counts)).decode()
    tx.session.merge(run)
    tx.record(ImportRead(subject=run.id, lines=run.lines, counts=dict(counts), fates=packed(fates)))


def note_end(tx: Tx, run: ImportRunRow, counts: Counter[str]) -> None:
    _demand_alone(tx, run)
    run.finished_at = tx.now
    tx.session.merge(run)
    tx.record(ImportFinished(subject=run.id, sha256=run.sha256, counts=dict(counts)))


def _demand_alone(tx: Tx, run: ImportRunRow) -> None:
    """Two who go on with the same file would both tell the fates of its items."""
    how_far = select(ImportRunRow.lines, ImportRunRow.finished_at).where(ImportRunRow.id == run.id)
    if tx.session.execute(how_far).one() != (run.lines, None):
        raise Conflict("This file is being imported by somebody else.", "Wait until that is done.")


def rows_of(tx: Tx, run_ids: Sequence[str]) -> dict[str, ImportRunRow]:
    """Id → row of those that are here: after a loss only the ledger knows of an import."""
    rows = tx.session.scalars(select(ImportRunRow).where(ImportRunRow.id.in_(run_ids)))
    return {row.id: row for row in rows}
