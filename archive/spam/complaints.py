"""What the registry tells of complaints to mobile operators (TCR's event `MNO_COMPLAINT`): a report about a campaign.

`following` calls this for each event; the same one again changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from archive.core.errors import BadInput
from archive.spam.model import Claim, NewReport, Said, Source
from archive.spam.recording import Taken, take_report
from archive.spam.table import EXACTLY
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class OperatorComplaint:
    """`reference`: by what the same is known again. What the operator did not say is left out."""

    campaign: str
    reference: str
    operator: str = ""
    own_number: str = ""
    words: str = ""
    sent_at: datetime | None = None
    received_at: datetime | None = None
    origin_entry: int | None = None


def take_complaint(tx: Tx, complaint: OperatorComplaint) -> Taken:
    """Kept even if the number is none of ours: then it is about the campaign alone, and says what was named."""
    try:
        return take_report(tx, _report(complaint, complaint.own_number, complaint.words))
    except BadInput:
        named = f"{complaint.own_number[:40]}: {complaint.words}".strip(": ")
        return take_report(tx, _report(complaint, "", named))


def _report(complaint: OperatorComplaint, own_number: str, words: str) -> NewReport:
    said = Said(words=words[:2_000], reference=complaint.reference[:200], carrier=complaint.operator[:100])
    claim = Claim(complaint.sent_at, complaint.sent_at + EXACTLY) if complaint.sent_at else None
    return NewReport(
        Source.CARRIER,
        own_number,
        said,
        claim,
        complaint.campaign,
        received_at=complaint.received_at,
        origin_entry=complaint.origin_entry,
    )
