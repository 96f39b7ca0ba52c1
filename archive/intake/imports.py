"""Historic files through the ordinary door: in large batches, resumable, with a preview.

How far a file has got is written in the transaction that stores its texts. A file is known by its SHA-256, so an import
that was killed goes on where it was, whatever the file is called by then.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from archive.core.actor import Actor
from archive.core.canonical import canonical_json
from archive.core.errors import BadInput
from archive.core.ids import new_id
from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.intake.actions import assess_all, receive
from archive.intake.files import FileProblem, Line, Options, Progress, detect, read_file
from archive.intake.model import Arrival
from archive.intake.parse import Unreadable, parse_text
from archive.ledger.entry import Event
from archive.messages.actions import hashes_of, known_among
from archive.messages.model import InboundText, Outcome
from archive.messages.sorting import sort_out
from archive.numbers.store import all_numbers
from archive.retention.model import Policy
from archive.retention.policies import policies_in_force
from archive.tx import Transactions, Tx

LINES_AT_ONCE = 5_000
MOST_REASONS = 50

Anchor = Literal["received", "sent"]
Report = Callable[[Progress, "Summary"], None]


class ImportStarted(Event, frozen=True, kw_only=True):
    kind = "import.started"
    private = frozenset({"file"})
    file: str
    sha256: str
    format: str
    anchor: str


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
    """How a file is to be read and dated."""

    format: str = "auto"
    anchor: Anchor = "received"
    own_number: str | None = None
    provider: str | None = None
    zone: tzinfo | None = None


@dataclass(slots=True)
class Summary:
    """What became of the lines of one file. `resumed` of them were dealt with in an earlier, broken-off run."""

    file: str
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    resumed: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts[name] for name in ("stored", "duplicate", "conflict", "quarantined"))

    def add(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            self.counts[outcome.status] += 1
            if outcome.status == "quarantined" and len(self.reasons) < MOST_REASONS:
                self.reasons[outcome.reason or ""] += 1

    def as_json(self) -> dict[str, Any]:
        names = ("stored", "duplicate", "conflict", "quarantined", "expired")
        counts = {name: self.counts[name] for name in names if name != "expired" or name in self.counts}
        return {
            "file": self.file,
            "total": self.total,
            **counts,
            "resumed": self.resumed,
            "reasons": dict(self.reasons),
        }


def import_file(
    transactions: Transactions, org_id: int, actor: Actor, path: Path, options: ImportOptions, report: Report
) -> Summary:
    """Take in a whole file. Raises `BadInput` when it can't be read at all; nothing read before is lost."""
    summary = Summary(path.name)
    with transactions.write(org_id, actor) as tx:
        run = _run_of(tx, path, options)
        reading = _reading(tx, options)
    summary.resumed, summary.counts = run.lines, Counter(msgspec.json.decode(run.counts))
    progress = Progress()
    lines = _lines(path, options.format, reading, progress)
    for _ in islice(lines, run.lines):
        report(progress, summary)
    for batch in _batches(lines):
        with transactions.write(org_id, actor) as tx:
            arrivals = [_arrival(line, tx.now, options) for line in batch]
            summary.add(receive(tx, arrivals))
            run.lines += len(batch)
            run.counts = msgspec.json.encode(dict(summary.counts)).decode()
            tx.session.merge(run)
        report(progress, summary)
    with transactions.write(org_id, actor) as tx:
        run.finished_at = tx.now
        tx.session.merge(run)
        tx.record(ImportFinished(subject=run.id, sha256=run.sha256, counts=dict(summary.counts)))
    return summary


def preview_file(
    transactions: Transactions, org_id: int, actor: Actor, path: Path, options: ImportOptions, report: Report
) -> Summary:
    """What `import_file` would do, without doing it; `expired` counts texts whose retention is over already."""
    summary, progress, seen = Summary(path.name), Progress(), dict[int, dict[int, int]]()
    with transactions.read(org_id, actor) as tx:
        lines = _lines(path, options.format, _reading(tx, options), progress)
    for batch in _batches(lines):
        with transactions.read(org_id, actor) as tx:
            _preview(tx, [_arrival(line, tx.now, options) for line in batch], seen, summary)
        report(progress, summary)
    return summary


def _preview(tx: Tx, arrivals: list[Arrival], seen: dict[int, dict[int, int]], summary: Summary) -> None:
    summary.add([Outcome("quarantined", reason=item.problem) for item in arrivals if item.wire is None])
    texts = assess_all(tx, arrivals)
    hashes, policies = hashes_of(tx), policies_in_force(tx)
    identities = [hashes.identity(text) for text in texts]
    for identity, known in known_among(tx, texts, identities, hashes).items():
        seen.setdefault(identity, {}).update(known)
    summary.add(sort_out(texts, identities, hashes, seen).outcomes(0))
    summary.counts["expired"] += sum(_is_over(text, policies, tx.now) for text in texts)


def _is_over(text: InboundText, policies: Sequence[Policy], now: datetime) -> bool:
    """Whether its time would be over, if it did not stay a month for having just come in."""
    anchor = text.anchor_at or text.received_at
    applying = (policy for policy in policies if policy.scope.covers(text.own_number, text.campaign))
    return all(policy.period.after(anchor) <= now for policy in applying)


def _run_of(tx: Tx, path: Path, options: ImportOptions) -> ImportRunRow:
    """The run that was broken off, or a new one."""
    digest = _sha256(path)
    key = f"{options.format} {options.anchor} {options.own_number} {options.provider} {options.zone}"
    broken_off = select(ImportRunRow).where(
        ImportRunRow.sha256 == digest, ImportRunRow.options == key, ImportRunRow.finished_at.is_(None)
    )
    run = tx.session.scalars(broken_off).first()
    if run is None:
        run = ImportRunRow(
            org_id=tx.org_id,
            id=new_id("imp", tx.now),
            sha256=digest,
            options=key,
            lines=0,
            counts="{}",
            started_at=tx.now,
        )
        tx.session.add(run)
        tx.record(
            ImportStarted(subject=run.id, file=path.name, sha256=digest, format=options.format, anchor=options.anchor)
        )
    return run


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise BadInput(f"{path} can't be read: {problem.strerror}.", "Check the path and its permissions.") from None


def _reading(tx: Tx, options: ImportOptions) -> Options:
    return Options(options.provider, options.own_number, _first_number(tx), options.zone, hashes_of(tx).name)


def _first_number(tx: Tx) -> str | None:
    """A source that names no number of ours is taken to be about the first one."""
    numbers = all_numbers(tx)
    return numbers[0].e164 if numbers else None


def _lines(path: Path, format_: str, reading: Options, progress: Progress) -> Iterator[Line]:
    try:
        yield from read_file(path, detect(path) if format_ == "auto" else format_, reading, progress)
    except FileProblem as problem:
        raise BadInput(str(problem)) from None


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    """As many as one transaction takes. What stands before the place where a file is damaged comes out first."""
    batch: list[Line] = []
    try:
        for line in lines:
            batch.append(line)
            if len(batch) == LINES_AT_ONCE:
                yield batch
                batch = []
    except BadInput:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _arrival(line: Line, now: datetime, options: ImportOptions) -> Arrival:
    on_sent = options.anchor == "sent"
    if line.message is None:
        return Arrival(line.raw, None, line.problem, now, "import", on_sent)
    raw = canonical_json(line.message)
    try:
        return Arrival(raw, parse_text(line.message), None, now, "import", on_sent)
    except Unreadable as reason:
        return Arrival(raw, None, str(reason), now, "import", on_sent)
