"""Taking a report in: the row, the ledger's entry, and the texts that it may be about, in one breath."""

import hashlib
import secrets
from dataclasses import dataclass, replace

from archive.core import phone
from archive.core.errors import BadInput
from archive.core.ids import new_id
from archive.ledger.entry import encode
from archive.messages.actions import hashes_of
from archive.messages.record import Hashes
from archive.numbers.store import number_by_e164
from archive.spam import store
from archive.spam.due import due_on
from archive.spam.events import SpamReported
from archive.spam.model import (
    CARRIER_LENGTH,
    EMAIL_LENGTH,
    REFERENCE_LENGTH,
    WORDS_LENGTH,
    NewReport,
    Said,
    State,
)
from archive.spam.sealing import month_key, seal
from archive.spam.store import SpamReportRow
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Taken:
    """`new`: False for one that says what was said before, which changes nothing."""

    report_id: str
    new: bool


def take_report(tx: Tx, report: NewReport) -> Taken:
    """Raises `BadInput` for one that is about no number of the organisation's, or is too long."""
    report = checked(tx, report)
    hashes = hashes_of(tx)
    fingerprint = _fingerprint(hashes, report)
    if before := store.known(tx, fingerprint):
        return Taken(before, new=False)
    return Taken(_write(tx, hashes, report, fingerprint).id, new=True)


def checked(tx: Tx, report: NewReport) -> NewReport:
    """With the number in its canonical form."""
    own_number = own(tx, report.own_number) if report.own_number.strip() else ""
    if not own_number and not report.campaign:
        raise BadInput("Which number sent the text is not said.", "Name one of the organisation's numbers.")
    said = report.said
    lengths = (WORDS_LENGTH, EMAIL_LENGTH, REFERENCE_LENGTH, CARRIER_LENGTH)
    for what, longest in zip((said.words, said.email, said.reference, said.carrier), lengths, strict=True):
        if len(what) > longest:
            raise BadInput(f"This has more than {longest:,} characters: {what[:20]}…", "Shorten it.")
    reporter = other(said.reporter) if said.reporter.strip() else ""
    kept = Said(reporter, said.email.strip(), _lines(said.words), said.reference.strip(), said.carrier.strip())
    return replace(report, own_number=own_number, said=kept, received_at=report.received_at or tx.now)


def _lines(words: str) -> str:
    """Forms send line ends otherwise than files have them; the same complaint is to be known by either way."""
    return words.replace("\r\n", "\n").strip()


def own(tx: Tx, number: str) -> str:
    address = phone.parse(number.strip()).address
    if number_by_e164(tx, address) is None:
        raise BadInput(f"{number[:40]} is not one of the organisation's numbers.", "`/numbers` lists those that are.")
    return address


def other(number: str) -> str:
    found = phone.parse(number.strip())
    if found.kind not in ("number", "short-code"):
        raise BadInput(f"{number[:40]!r} is not a telephone number.", "Type it like +1 (415) 555-0188.")
    return found.address


def _write(tx: Tx, hashes: Hashes, report: NewReport, fingerprint: int) -> SpamReportRow:
    received_at = report.received_at or tx.now
    report_id, key = new_id("spm", tx.now), month_key(tx, received_at)
    digest, sealed = seal(tx, key, report_id, report.said)
    tier = report.fee_tier.value if report.fee_tier else None
    entry = tx.record(
        SpamReported(
            subject=report_id,
            source=report.source.value,
            own_number=report.own_number,
            digest=digest,
            campaign=report.campaign,
            fee_tier=tier,
        )
    )
    row = SpamReportRow(
        org_id=tx.org_id,
        id=report_id,
        entry=entry,
        source=report.source.value,
        own_number=report.own_number,
        campaign=report.campaign,
        party_key=hashes.party(report.said.reporter) if report.said.reporter else None,
        received_at=received_at,
        claimed_since_at=report.claim.since if report.claim else None,
        claimed_until_at=report.claim.until if report.claim else None,
        state=State.NEW.value,
        state_since_at=tx.now,
        due_on=due_on(report.source, received_at),
        fee_tier=tier,
        origin_entry=report.origin_entry,
        fingerprint=fingerprint,
        key_id=key.id,
        sealed=sealed,
    )
    tx.session.add(row)
    tx.session.flush()
    return row


def _fingerprint(hashes: Hashes, report: NewReport) -> int:
    """Of who complains of what, so that the same again is known. Where nobody says who they are, each counts."""
    said = report.said
    if not said.reporter and not said.reference:
        return secrets.randbits(64) - (1 << 63)
    claim = (report.claim.since, report.claim.until) if report.claim else ()
    return hashes.raw(hashlib.sha256(encode((report.source, report.own_number, report.campaign, said, claim))).digest())
