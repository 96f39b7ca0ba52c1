"""What <sms> and <mms> of SMS Backup & Restore have in common: literal "null", boxes and times."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from archive.intake.files.model import Message, NoText
from archive.intake.files.times import times_of

PROVIDER = "sms-backup"
NULL = "null"
DRAFT = "3"
BOXES: dict[str, Message] = {
    "1": {"direction": "inbound"},
    "2": {"direction": "outbound"},
    "4": {"direction": "outbound", "status": "queued"},
    "5": {"direction": "outbound", "status": "failed"},
    "6": {"direction": "outbound", "status": "queued"},
}
"""Android's boxes: received, sent, on its way, failed, waiting. Somebody pressed "send" in all but the first."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_DIGITS = 14


def box(number: str) -> Message:
    """Direction and status of what lies in this box. NoText for drafts, and for boxes that nobody knows."""
    if number == DRAFT:
        raise NoText("This is a draft, which was never sent.")
    if number not in BOXES:
        raise NoText("This lies neither among what was received nor among what was sent.")
    return BOXES[number]


def said(attributes: Mapping[str, str], name: str) -> str:
    """Empty if the attribute is missing or the app wrote its "null"."""
    written = attributes.get(name, "").strip()
    return "" if written == NULL else written


def others(attributes: Mapping[str, str], used: frozenset[str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if name not in used and value != NULL}


def times(written: str) -> Message:
    """Milliseconds since 1970. 0 is what a phone has for a time it doesn't know."""
    known = written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS and int(written)
    moment = _EPOCH + timedelta(milliseconds=int(written)) if known else None
    return times_of(written, moment, None)
