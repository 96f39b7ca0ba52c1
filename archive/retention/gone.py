"""What may be missing: for `verify`, which finds a record gone, and asks whether a certificate says so.

Nothing in the table of batches is believed. What a batch has taken is compared with the digests in the ledger, and its
certificate with the ledger and with the key that must have signed it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text

from archive.core.canonical import parse_json
from archive.holds.events import digest_of
from archive.ledger.note import VerifierKey
from archive.ledger.rows import NO_TEXT, LedgerEntryRow
from archive.ledger.signed_file import SignedFileError
from archive.retention.batches import PurgeBatchRow
from archive.retention.certificate import check, digest
from archive.retention.purge_events import PurgeBegun, PurgeCertified, PurgePlanned, PurgeWithdrawn
from archive.retention.serials import Ranges, Spans, ranges_of, unpack
from archive.tx import Tx

AT_MOST = timedelta(hours=24)
"""A batch that has begun is certified within minutes. One that is not after a day needs somebody to look at it."""

Fault = tuple[int | None, str]


@dataclass(slots=True)
class Gone:
    """`certified` serials must be gone, those that are `going` may be, and everything else has to be here."""

    certified: Spans = field(default_factory=Spans)
    going: Spans = field(default_factory=Spans)
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class _Said:
    """What the ledger says of one batch: (entry, detail) of each kind."""

    entries: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)

    def detail(self, kind: str, name: str) -> Any:
        return self.entries.get(kind, (0, {}))[1].get(name)


def gone(tx: Tx, key: VerifierKey) -> Gone:
    said, certified, going = _said(tx), Ranges(), Ranges()
    found = Gone()
    for row in _rows(tx):
        mine = said.pop(f"batch:{row.id}", _Said())
        found.faults += _faults(tx, row, mine, key)
        serials = unpack(row.destroyed) if row.destroyed else []
        if PurgeBegun.kind in mine.entries and digest_of(serials) == mine.detail(PurgeBegun.kind, "digest"):
            (certified if PurgeCertified.kind in mine.entries else going).extend(ranges_of(serials))
    found.faults += _missing(said)
    found.certified, found.going = Spans(certified), Spans(going)
    return found


def _said(tx: Tx) -> dict[str, _Said]:
    """Subject → what there is about it. A plan that was withdrawn is none."""
    tx.write_entries()
    kinds = (PurgePlanned.kind, PurgeBegun.kind, PurgeCertified.kind, PurgeWithdrawn.kind)
    wanted = select(LedgerEntryRow.seq, LedgerEntryRow.kind, LedgerEntryRow.subject, LedgerEntryRow.detail)
    rows = tx.session.execute(wanted.where(LedgerEntryRow.kind.in_(kinds), text(NO_TEXT)).order_by(LedgerEntryRow.seq))
    found: dict[str, _Said] = {}
    for seq, kind, subject, detail in rows:
        if kind == PurgeWithdrawn.kind:
            found.pop(subject or "", None)
        else:
            found.setdefault(subject or "", _Said()).entries[kind] = (seq, parse_json(detail or "{}"))
    return found


def _rows(tx: Tx) -> Iterator[PurgeBatchRow]:
    """One after the other, since each may hold many serials."""
    for name in tx.session.scalars(select(PurgeBatchRow.id).order_by(PurgeBatchRow.id)).all():
        row = tx.session.scalars(select(PurgeBatchRow).where(PurgeBatchRow.id == name)).one()
        yield row
        tx.session.expunge(row)


def _faults(tx: Tx, row: PurgeBatchRow, said: _Said, key: VerifierKey) -> Iterator[Fault]:
    if digest_of(unpack(row.serials)) != said.detail(PurgePlanned.kind, "digest"):
        yield row.plan_entry, f"the plan of the purge batch {row.id} is not what the ledger says"
    begun, certified = said.entries.get(PurgeBegun.kind), said.entries.get(PurgeCertified.kind)
    if (row.begun_entry or 0) != (begun or (0,))[0]:
        yield row.begun_entry, f"the ledger does not say that the purge batch {row.id} has begun, or says it otherwise"
    elif begun and digest_of(unpack(row.destroyed or b"\x90")) != begun[1]["digest"]:
        yield begun[0], f"the purge batch {row.id} has taken other texts than the ledger says"
    if (row.certificate is None) != (certified is None):
        yield row.begun_entry, f"the database and the ledger disagree on whether the batch {row.id} is certified"
    elif row.certificate and certified:
        yield from _certificate_faults(row, certified, key)
    elif begun and row.begun_at and tx.now - row.begun_at > AT_MOST:
        yield begun[0], f"the purge batch {row.id} was begun on {row.begun_at:%Y-%m-%d} and is not certified yet"


def _certificate_faults(row: PurgeBatchRow, said: tuple[int, dict[str, Any]], key: VerifierKey) -> Iterator[Fault]:
    entry, detail = said
    try:
        made = check(row.certificate or "", key)
    except SignedFileError as problem:
        yield entry, f"the certificate of the purge batch {row.id} is not good: {problem}"
        return
    if digest(made) != detail["certificate"] or made.destroyed.digest != detail["digest"]:
        yield entry, f"the certificate of the purge batch {row.id} is not the one that the ledger committed to"


def _missing(said: dict[str, _Said]) -> Iterator[Fault]:
    for subject, mine in said.items():
        entry, _ = max(mine.entries.values(), key=lambda pair: pair[0])
        yield entry, f"the purge {subject.replace(':', ' ')} is gone from the database"
