"""What became of a text, for people."""

from collections.abc import Sequence
from typing import Any, Final

from archive.deliveries.model import Report, outcomes
from archive.http.translation import _
from archive.messages.model import Message

TONES: Final = {"delivered": "ok", "undelivered": "warn", "blocked": "bad", "failed": "bad"}


def deliveries_of(message: Message, reports: Sequence[Report]) -> list[dict[str, Any]]:
    """For each recipient of whom something was said: what counts, and all that was said, newest first."""
    counting = outcomes(reports)
    return [
        {
            "recipient": message.content.to[to],
            "status": status_label(counting[to].status),
            "tone": TONES.get(counting[to].status, ""),
            "reports": [_report(report) for report in sorted(reports, key=_newest_first) if report.to == to],
        }
        for to in sorted(counting)
    ]


def _newest_first(report: Report) -> tuple[float, int]:
    return -report.moment.timestamp(), -report.entry


def _report(report: Report) -> dict[str, Any]:
    return {
        "status": status_label(report.status),
        "said": report.said if report.said.lower() != report.status else None,
        "why": category_labels().get(report.category or ""),
        "code": report.code,
        "title": report.title,
        "at": report.moment,
        "is_ours": report.at is None,
    }


def status_label(status: str) -> str:
    labels = {
        "queued": _("Queued"),
        "sent": _("Sent"),
        "delivered": _("Delivered"),
        "undelivered": _("Undelivered"),
        "blocked": _("Blocked"),
        "failed": _("Failed"),
    }
    return labels.get(status, status)


def category_labels() -> dict[str, str]:
    """What a provider's code means, in a few words."""
    return {
        "account": _("the account at the provider is not in order"),
        "blocked": _("somebody blocks this number"),
        "campaign_inactive": _("its campaign is not active"),
        "campaign_suspended": _("its campaign is suspended"),
        "carrier_rejected": _("the carrier refused it"),
        "client_error": _("the sender's request was wrong"),
        "compliance_block": _("the provider stopped it for compliance"),
        "content": _("its content can't be carried"),
        "expired": _("it was not delivered in time"),
        "filtered_content_url": _("a link in it was filtered"),
        "filtered_spam": _("it was filtered as spam"),
        "inbound_incomplete": _("a part of it did not arrive"),
        "invalid_number": _("the number can't be reached by text"),
        "invalid_route": _("there is no route to the number"),
        "opted_out": _("the recipient had opted out"),
        "price": _("it would have cost more than allowed"),
        "region_blocked": _("texts to that region are not allowed"),
        "sender_not_enabled": _("our number may not text there"),
        "server_temp": _("a fault at the provider"),
        "unknown": _("for a reason that nobody gave"),
        "unknown_no_dlr": _("the carrier reported nothing"),
        "unreachable": _("the phone could not be reached"),
        "unregistered": _("our number is not registered"),
        "volume": _("a limit was reached"),
        "volume_warning": _("a limit is near"),
    }
