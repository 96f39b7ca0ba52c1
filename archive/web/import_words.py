"""What people read about imports of files."""

from typing import Any

from archive.http.translation import _
from archive.intake.imports import Shown
from archive.web.texts import flag_labels

_LONGEST = 300


def format_labels() -> dict[str, str]:
    return {
        "auto": _("Look into the file"),
        "csv": _("Table (CSV)"),
        "jsonl": _("JSON lines, or an export of an archive like this"),
        "sms-backup": _("SMS Backup & Restore (Android)"),
        "google-voice": _("Google Voice from Takeout"),
        "imessage": _("Messages of a Mac or an iPhone (chat.db)"),
        "rsmf": _("RSMF of Relativity"),
        "eml": _("Mails made of texts (.eml, .mbox)"),
        "nus-xml": _("NUS SMS corpus"),
    }


def status_labels() -> dict[str, str]:
    """In the order in which they are told."""
    return {
        "stored": _("stored"),
        "duplicate": _("here already"),
        "conflict": _("kept beside another"),
        "quarantined": _("in quarantine"),
    }


def preview_row(one: Shown) -> dict[str, Any]:
    """One of the first items, as it would be read. A text is cut: the page is no place to read on."""
    wire = one.arrival.wire
    return {
        "place": one.place,
        "status": one.outcome.status,
        "reason": one.outcome.reason,
        "flags": [flag_labels().get(flag, flag) for flag in one.outcome.flags],
        "direction": wire.direction if wire else None,
        "sender": wire.sender if wire else "",
        "recipients": list(wire.recipients[:3]) if wire else [],
        "sent_at": wire.sent_at if wire else None,
        "time_unread": wire.sent_at_as_received or (wire.extra or {}).get("time_as_received") if wire else None,
        "text": wire.text[:_LONGEST] if wire else "",
    }
