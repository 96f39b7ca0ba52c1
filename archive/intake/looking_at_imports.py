"""Imports that there were, and what became of their items. Taking the fates along is itself an entry of the ledger."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from archive.core.actor import Actor
from archive.core.errors import NotFound
from archive.group_commit import GroupCommit
from archive.intake.fates import Fate, unpacked
from archive.intake.import_runs import ImportFinished, ImportRead, ImportRunRow, ImportStarted, rows_of
from archive.ledger.entry import Event
from archive.ledger.trail import TrailEntry, Wanted, entries_about, read_trail
from archive.tx import Transactions, Tx

SHOWN: Final = 50


class FatesViewed(Event, frozen=True, kw_only=True):
    """Somebody took the fates of an import's items with them."""

    kind = "import.fates-viewed"


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


class Opening(Protocol):
    """What of an archive this needs."""

    @property
    def transactions(self) -> Transactions: ...
    @property
    def group(self) -> GroupCommit: ...


@dataclass(frozen=True, slots=True)
class Fates:
    run: ImportRun
    fates: Sequence[Fate]


def open_fates(archive: Opening, org_id: int, actor: Actor, run_id: str) -> Fates:
    """Raises `NotFound`."""
    with archive.transactions.read(org_id, actor) as tx:
        opened = Fates(read_import(tx, run_id), list(fates_of(tx, run_id)))
    archive.group.record(org_id, actor, FatesViewed(subject=run_id))
    return opened


def list_imports(tx: Tx, limit: int = SHOWN) -> list[ImportRun]:
    """The newest first."""
    started = read_trail(tx, Wanted(kind=ImportStarted.kind), limit, details=True)
    by_id = rows_of(tx, [one.subject or "" for one in started])
    return [_of_row(one, by_id[one.subject]) if one.subject in by_id else _of_ledger(tx, one) for one in started]


def read_import(tx: Tx, run_id: str) -> ImportRun:
    """Raises `NotFound`."""
    for entry in entries_about(tx, run_id, details=True):
        if entry.kind == ImportStarted.kind:
            row = rows_of(tx, [run_id]).get(run_id)
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


@dataclass(frozen=True, slots=True)
class Outline:
    """An import with what stands out of it: how often which reason, and the first items that did not come in."""

    run: ImportRun
    reasons: Sequence[tuple[str, int]]
    flags: Sequence[tuple[str, int]]
    kept_out: Sequence[Fate]


def outline(tx: Tx, run_id: str, most: int = 50) -> Outline:
    reasons, flags = Counter[str](), Counter[str]()
    kept_out: list[Fate] = []
    for one in fates_of(tx, run_id):
        flags.update(one.flags)
        if one.status == "quarantined":
            reasons[one.reason or ""] += 1
            if len(kept_out) < most:
                kept_out.append(one)
    return Outline(read_import(tx, run_id), reasons.most_common(most), flags.most_common(), kept_out)
