"""The record pane: integrity, facts, retention, chain of custody."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from archive.core.clock import DAY
from archive.deliveries.model import Report
from archive.http.translation import _, ngettext
from archive.ledger.trail import TrailEntry
from archive.messages.custody import Standing
from archive.messages.model import Message
from archive.numbers.history import Stretch
from archive.retention.explaining import Explanation
from archive.retention.period import Period
from archive.web.deliveries import deliveries_of
from archive.web.kinds import kind_label
from archive.web.names import Names
from archive.web.number_states import state_label
from archive.web.texts import flags_of, kind_of, way


def record_of(
    message: Message,
    standing: Standing,
    why: Explanation,
    then: Stretch | None,
    reports: Sequence[Report],
    names: Names,
    now: datetime,
) -> dict[str, Any]:
    """`then`: what the own number was as of the text's time."""
    clear, content = message.clear, message.content
    return {
        "serial": message.serial,
        "integrity": _integrity(standing, now),
        "own_number": _own_number(clear.own_number, then),
        "provider": clear.provider,
        "account": clear.account,
        "provider_id": clear.provider_id,
        "sender": content.sender,
        "recipients": content.to,
        "kind": kind_of(message),
        "direction": way(message),
        "sent_at": clear.sent_at,
        "received_at": clear.received_at,
        "stored_at": clear.stored_at,
        "encoding": content.encoding.upper(),
        "segments": content.segments,
        "characters": len(content.text),
        "campaign": clear.campaign,
        "commitment": message.commitment.hex(),
        "flags": flags_of(message),
        "deliveries": deliveries_of(message, reports),
        "retention": _retention(why, now),
        "custody": _custody(message, standing, names, {report.entry for report in reports}),
        "proof_href": f"/messages/{message.serial}/proof",
    }


def _integrity(standing: Standing, now: datetime) -> dict[str, Any]:
    """The record was opened and compared with its commitment just now: else it would not be shown at all."""
    point = standing.checkpoint
    return {
        "state": "sealed" if point else "pending",
        "checkpoint_size": point.size if point else None,
        "signed_at": point.signed_at if point else None,
        "checked_at": now,
    }


def _own_number(number: str, then: Stretch | None) -> dict[str, Any]:
    return {
        "number": number,
        "state": then.state.value if then else None,
        "state_label": state_label(then.state) if then else None,
        "location": then.location if then else "",
        "assigned_to": then.label if then else "",
        "user": then.user_id if then else None,
        "letter": then.letter if then else None,
        "campaign": then.campaign if then else None,
    }


def _retention(why: Explanation, now: datetime) -> dict[str, Any]:
    """What the purge itself would decide now."""
    verdict = why.verdict
    whole, elapsed = verdict.due_at - verdict.anchor_at, now - verdict.anchor_at
    return {
        "because": verdict.because,
        "due_at": verdict.due_at,
        "until": verdict.until,
        "due_on": why.due_on,
        "kept_days": whole // DAY,
        "elapsed_days": max(0, min(elapsed // DAY, whole // DAY)),
        "period": period_label(verdict.policy.period),
        "version": verdict.policy.version,
        "anchor": verdict.anchor,
        "holds": [{"id": hold.id, "matter": hold.matter.name} for hold in why.holds],
    }


def period_label(period: Period) -> str:
    if period.days is not None:
        return ngettext("%(num)d day", "%(num)d days", period.days)
    return ngettext("%(num)d year", "%(num)d years", period.years or 0)


def _custody(message: Message, standing: Standing, names: Names, shown: set[int]) -> list[dict[str, Any]]:
    """`shown`: the entries that stand under delivery."""
    clear = message.clear
    point = standing.checkpoint
    signed = {"what": _("Covered by a signed checkpoint"), "who": None, "at": point.signed_at} if point else None
    return [
        *(_step(entry, names) for entry in standing.custody if entry.seq not in shown),
        *([{**signed, "detail": _("checkpoint %(size)s", size=f"{point.size:,}")}] if signed and point else []),
        {
            "what": _("Sealed and written into the ledger"),
            "who": None,
            "at": clear.stored_at,
            "detail": _("entry %(seq)s", seq=message.serial),
        },
        {"what": _("Received"), "who": names.actor(clear.actor), "at": clear.received_at, "detail": clear.provider},
    ]


def _step(entry: TrailEntry, names: Names) -> dict[str, Any]:
    return {
        "what": kind_label(entry.kind),
        "who": names.actor(entry.actor),
        "at": entry.at,
        "detail": _("entry %(seq)s", seq=entry.seq),
    }
