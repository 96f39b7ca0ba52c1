"""The register, and one report of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.core import phone
from archive.core.errors import NotFound
from archive.messages.actions import hashes_of
from archive.spam import store
from archive.spam.model import Claim, FeeTier, Said, Source, State
from archive.spam.sealing import check_digest, open_sealed
from archive.spam.store import SpamMatchRow, SpamReportRow, Wanted
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is read: opened, and found to be what was committed to. `matches`: likeliest first."""

    row: SpamReportRow
    said: Said
    matches: Sequence[SpamMatchRow]

    @property
    def source(self) -> Source:
        return Source(self.row.source)

    @property
    def state(self) -> State:
        return State(self.row.state)

    @property
    def fee_tier(self) -> FeeTier | None:
        return FeeTier(self.row.fee_tier) if self.row.fee_tier else None

    @property
    def claim(self) -> Claim | None:
        return claim_of_row(self.row)

    @property
    def texted_at(self) -> datetime:
        """As of when everything about it is judged, while no text is known: what was named, or when it came."""
        return self.row.claimed_since_at or self.row.received_at


def claim_of_row(row: SpamReportRow) -> Claim | None:
    if row.claimed_since_at and row.claimed_until_at:
        return Claim(row.claimed_since_at, row.claimed_until_at)
    return None


def list_reports(tx: Tx, wanted: Wanted, limit: int) -> list[SpamReportRow]:
    """Without what is sealed: who reports, and what they write, takes opening one."""
    return list(store.some_reports(tx, wanted, limit))


def party_key_of(tx: Tx, number: str) -> bytes:
    """By what all reports of one reporter are found: their number, in any usual spelling, as its hash."""
    return hashes_of(tx).party(phone.parse(number).address)


def read_report(tx: Tx, report_id: str) -> Report:
    """Raises `NotFound`, or `Damaged` where it is not what the ledger committed to."""
    row = found(tx, report_id)
    return Report(row, open_said(tx, row), store.matches_of(tx, report_id))


def found(tx: Tx, report_id: str) -> SpamReportRow:
    row = store.report_by_id(tx, report_id)
    if row is None:
        raise NotFound(f"There is no report {report_id[:40]}.", "`/spam-reports` lists those that there are.")
    return row


def open_said(tx: Tx, row: SpamReportRow) -> Said:
    digest, said = open_sealed(tx, row.key_id, row.id, row.sealed, Said)
    check_digest(row.id, digest, store.committed_digest(tx, row.entry))
    return said
