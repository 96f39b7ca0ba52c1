"""The imports of files: how each is to be read, how far it has got, and what the ledger says of it.

How far a file has got is written in the transaction that stores its texts. A file is known by its SHA-256, so an import
that was killed goes on where it was, whatever the file is called by then.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from archive.core.errors import NotFound
from archive.core.ids import new_id
from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.intake.fates import Fate, packed, unpacked
from archive.intake.profiles.model import Profile
from archive.ledger.entry import Event, encode
from archive.ledger.trail import TrailEntry, Wanted, entries_about, read_trail
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


class FatesViewed(Event, frozen=True, kw_only=True):
    """Somebody took the fates of an import's items with them."""

    kind = "import.fates-viewed"


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


@dataclass(frozen=True, slots=True)
class ImportRun:
    """What is known of an import. `file` is None where the key to its name is destroyed."""

    id: str
    file: str | None
    profile: str | None
    format: str
    anchor: str
    actor: str
    started_at: datetime
    finished_at: datetime | None
    lines: int
    counts: dict[str, int]


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
    """In the transaction that stores what the part holds."""
    run.lines += len(fates)
    run.counts = msgspec.json.encode(dict(counts)).decode()
    tx.session.merge(run)
    tx.record(ImportRead(subject=run.id, lines=run.lines, counts=dict(counts), fates=packed(fates)))


def note_end(tx: Tx, run: ImportRunRow, counts: Counter[str]) -> None:
    run.finished_at = tx.now
    tx.session.merge(run)
    tx.record(ImportFinished(subject=run.id, sha256=run.sha256, counts=dict(counts)))


def list_imports(tx: Tx, limit: int = SHOWN) -> list[ImportRun]:
    """The newest first."""
    started = read_trail(tx, Wanted(kind=ImportStarted.kind), limit, details=True)
    rows = tx.session.scalars(select(ImportRunRow).where(ImportRunRow.id.in_([one.subject for one in started])))
    by_id = {row.id: row for row in rows}
    return [_of_row(one, by_id[one.subject]) if one.subject in by_id else _of_ledger(tx, one) for one in started]


def read_import(tx: Tx, run_id: str) -> ImportRun:
    """Raises `NotFound`."""
    for entry in entries_about(tx, run_id, details=True):
        if entry.kind == ImportStarted.kind:
            row = tx.session.scalars(select(ImportRunRow).where(ImportRunRow.id == run_id)).one_or_none()
            return _of_row(entry, row) if row else _of_ledger(tx, entry)
    raise NotFound("There is no such import.", "`/imports` lists those that there are.")


def fates_of(tx: Tx, run_id: str) -> Iterator[Fate]:
    """In the order of the file. Nothing of those whose time is over."""
    for entry in reversed(entries_about(tx, run_id, details=True)):
        if entry.kind == ImportRead.kind and entry.state == "shown":
            yield from unpacked(entry.private["fates"])


def _of_row(started: TrailEntry, row: ImportRunRow) -> ImportRun:
    counts: dict[str, int] = json.loads(row.counts)
    return _run(started, row.finished_at, row.lines, counts)


def _of_ledger(tx: Tx, started: TrailEntry) -> ImportRun:
    """After a loss: the rows only say how far the machine has got, and are not copied."""
    about = entries_about(tx, started.subject or "")
    parts = [entry.detail for entry in about if entry.kind == ImportRead.kind]
    ends = [entry.at for entry in about if entry.kind == ImportFinished.kind]
    last: dict[str, Any] = parts[0] if parts else {"lines": 0, "counts": {}}
    return _run(started, ends[0] if ends else None, last["lines"], last["counts"])


def _run(started: TrailEntry, finished_at: datetime | None, lines: int, counts: dict[str, int]) -> ImportRun:
    said: dict[str, Any] = started.detail
    return ImportRun(
        id=started.subject or "",
        file=started.private.get("file"),
        profile=started.private.get("profile"),
        format=said["format"],
        anchor=said["anchor"],
        actor=started.actor,
        started_at=started.at,
        finished_at=finished_at,
        lines=lines,
        counts=counts,
    )
