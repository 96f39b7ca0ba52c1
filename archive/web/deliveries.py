"""What became of a text, for people."""

from collections.abc import Sequence
from typing import Any, Final

from archive.deliveries.model import Report, outcomes
from archive.http.translation import _
from archive.messages.model import Message
from archive.providers.codes import MISSED

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
        "advice": category_advice().get(report.category or "") if report.status in MISSED else None,
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


def category_advice() -> dict[str, str]:
    """What to do about it, one sentence for each meaning that asks for something."""
    campaign = _("See at its campaign what stopped it, and write to nobody from its numbers until it is active.")
    number = _("Correct the number, or take it off the list: it will not arrive later either.")
    again = _("Nothing is wrong with the text: it may be sent again later.")
    fewer = _("Send fewer texts at once, or spread them over the day.")
    return {
        "account": _("Have whoever pays the provider look at the account."),
        "blocked": _("Find out at the provider who blocks our number, and why."),
        "campaign_inactive": campaign,
        "campaign_suspended": campaign,
        "carrier_rejected": _("Ask the provider for the carrier's reason, and do not send it again unchanged."),
        "client_error": _("Have whoever runs the sending program look at the code."),
        "compliance_block": _("Ask the provider which of its rules it broke before anything like it is sent."),
        "content": _("Write it without what can't be carried, such as pictures or unusual characters."),
        "expired": again,
        "filtered_content_url": _("Use full links on a domain of your own instead of a public shortener."),
        "filtered_spam": _("Compare it with the samples of its campaign, and do not send it again unchanged."),
        "inbound_incomplete": _("Ask the sender to write it again."),
        "invalid_number": number,
        "invalid_route": number,
        "opted_out": _("Do not write to them again. Decide on the page Opt-outs whether they have asked for it."),
        "price": _("Raise the highest price at the provider if it was meant to go there."),
        "region_blocked": _("Only the United States and Canada can be texted."),
        "sender_not_enabled": _("Have our number enabled for texting at the provider."),
        "server_temp": again,
        "unreachable": again,
        "unregistered": _("Put our number on an active campaign, or ask the provider why it does not know that it is."),
        "volume": fewer,
        "volume_warning": fewer,
    }
