"""Historic files through the ordinary door: in large batches, resumable, with a preview."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Any

import msgspec

from archive.core.actor import Actor
from archive.core.canonical import canonical_json
from archive.core.errors import BadInput
from archive.intake.actions import assess_all, receive
from archive.intake.fates import fate
from archive.intake.files import FileProblem, Line, Options, Progress, Source, format_of, read_file
from archive.intake.files.bundles import digest_of
from archive.intake.files.source import name_of
from archive.intake.import_runs import ImportOptions, note_end, note_part, run_of
from archive.intake.model import Arrival
from archive.intake.parse import Unreadable, parse_text
from archive.messages.actions import hashes_of, known_among
from archive.messages.model import InboundText, Outcome
from archive.messages.sorting import sort_out
from archive.numbers.store import all_numbers
from archive.retention.model import Policy
from archive.retention.policies import policies_in_force
from archive.tx import Transactions, Tx

__all__ = ["ImportOptions", "Shown", "Summary", "import_file", "preview_file"]

LINES_AT_ONCE = 5_000
BYTES_AT_ONCE = 32_000_000
"""Of mails, one may have a million."""
MOST_REASONS = 50
FIRST = 10

Report = Callable[[Progress, "Summary"], None]


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the first things in a file, and what would become of it. `wire` is None if it can't be read."""

    place: str
    arrival: Arrival
    outcome: Outcome


@dataclass(slots=True)
class Summary:
    """What became of the lines of one file. `resumed` of them were dealt with in an earlier, broken-off run.

    `id` is the import's, None for a preview, which alone has `first`.
    """

    file: str
    id: str | None = None
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    first: list[Shown] = field(default_factory=list)
    resumed: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts[name] for name in ("stored", "duplicate", "conflict", "quarantined"))

    def add(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self.counts[outcome.status] += 1
            if outcome.status == "quarantined" and len(self.reasons) < MOST_REASONS:
                self.reasons[outcome.reason or ""] += 1

    def as_json(self) -> dict[str, Any]:
        names = ("stored", "duplicate", "conflict", "quarantined", "expired")
        counts = {name: self.counts[name] for name in names if name != "expired" or name in self.counts}
        return {
            "file": self.file,
            "id": self.id,
            "total": self.total,
            **counts,
            "resumed": self.resumed,
            "reasons": dict(self.reasons),
        }


def import_file(
    transactions: Transactions, org_id: int, actor: Actor, source: Source, options: ImportOptions, report: Report
) -> Summary:
    """Take in a whole file. Raises `BadInput` when it can't be read at all; nothing read before is lost."""
    digest, progress = _sha256(source), Progress()
    with transactions.write(org_id, actor) as tx:  # Names are made with a key that has to stay.
        reading = _reading(tx, options)
    format_ = _format(source, options, reading)
    lines = _begun(_lines(source, format_, reading, progress))
    with transactions.write(org_id, actor) as tx:
        run = run_of(tx, name_of(source), digest, format_, options)
    summary = Summary(name_of(source), run.id, Counter(msgspec.json.decode(run.counts)), resumed=run.lines)
    for _ in islice(lines, run.lines):
        report(progress, summary)
    for batch in _batches(lines):
        with transactions.write(org_id, actor) as tx:
            outcomes = receive(tx, [_arrival(line, tx.now, options) for line in batch])
            summary.add(outcomes)
            pairs = zip(batch, outcomes, strict=True)
            note_part(tx, run, summary.counts, [fate(line.position, outcome) for line, outcome in pairs])
        report(progress, summary)
    with transactions.write(org_id, actor) as tx:
        note_end(tx, run, summary.counts)
    return summary


def preview_file(
    transactions: Transactions, org_id: int, actor: Actor, source: Source, options: ImportOptions, report: Report
) -> Summary:
    """What `import_file` would do, without doing it; `expired` counts texts whose retention is over already."""
    summary, progress, seen = Summary(name_of(source)), Progress(), dict[int, dict[int, int]]()
    with transactions.read(org_id, actor) as tx:
        lines = _lines(source, options.format, _reading(tx, options), progress)
    for batch in _batches(lines):
        with transactions.read(org_id, actor) as tx:
            arrivals = [_arrival(line, tx.now, options) for line in batch]
            outcomes = _foretold(tx, arrivals, seen, summary)
        summary.add(outcomes)
        whole = zip(batch, arrivals, outcomes, strict=True)
        first = islice(whole, FIRST - len(summary.first))
        summary.first += [Shown(line.position, arrival, outcome) for line, arrival, outcome in first]
        report(progress, summary)
    return summary


def _foretold(tx: Tx, arrivals: Sequence[Arrival], seen: dict[int, dict[int, int]], summary: Summary) -> list[Outcome]:
    """An outcome for each, in order."""
    texts = assess_all(tx, arrivals)
    hashes, policies = hashes_of(tx), policies_in_force(tx)
    identities = [hashes.identity(text) for text in texts]
    for identity, known in known_among(tx, texts, identities, hashes).items():
        seen.setdefault(identity, {}).update(known)
    readable = iter(sort_out(texts, identities, hashes, seen).outcomes(0))
    summary.counts["expired"] += sum(_is_over(text, policies, tx.now) for text in texts)
    return [next(readable) if arrival.wire else Outcome("quarantined", reason=arrival.problem) for arrival in arrivals]


def _is_over(text: InboundText, policies: Sequence[Policy], now: datetime) -> bool:
    """Whether its time would be over, if it did not stay a month for having just come in."""
    anchor = text.anchor_at or text.received_at
    applying = (policy for policy in policies if policy.scope.covers(text.own_number, text.campaign))
    return all(policy.period.after(anchor) <= now for policy in applying)


def _sha256(source: Source) -> str:
    try:
        return digest_of(source)
    except FileProblem as problem:
        raise BadInput(str(problem)) from None


def _reading(tx: Tx, options: ImportOptions) -> Options:
    numbers = [number.e164 for number in all_numbers(tx)]
    return Options(
        default_provider=options.provider,
        own_number=options.own_number,
        # A source that names no number of ours is taken to be about the first one.
        first_number=numbers[0] if numbers else None,
        own_numbers=frozenset(numbers),
        zone=options.zone,
        mapping=options.profile.mapping if options.profile else None,
        name_of=hashes_of(tx).name,
    )


def _format(source: Source, options: ImportOptions, reading: Options) -> str:
    try:
        return format_of(source, options.format, reading)
    except FileProblem as problem:
        raise BadInput(str(problem)) from None


def _begun(lines: Iterator[Line]) -> Iterator[Line]:
    """The same, once the first is read: a file of which nothing can be read is no import."""
    return chain(list(islice(lines, 1)), lines)


def _lines(source: Source, format_: str, reading: Options, progress: Progress) -> Iterator[Line]:
    try:
        yield from read_file(source, format_, reading, progress)
    except FileProblem as problem:
        raise BadInput(str(problem)) from None


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    """As many as one transaction takes. What stands before the place where a file is damaged comes out first."""
    batch: list[Line] = []
    size = 0
    try:
        for line in lines:
            batch.append(line)
            size += len(line.raw)
            if len(batch) == LINES_AT_ONCE or size > BYTES_AT_ONCE:
                yield batch
                batch, size = [], 0
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
