"""What the demo's providers say beside the texts: what became of some, and how many they carried, of which one is
missing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from archive.completeness.expecting import expect
from archive.completeness.model import Count, last_closed
from archive.core.clock import day_of
from archive.demo.model import Message, Organisation, OwnNumber
from archive.intake.from_providers import Brought
from archive.intake.hooked import take_in
from archive.messages.model import Direction
from archive.providers.accounts import connect
from archive.providers.model import DOORS
from archive.tx import Tx

SECRETS: Final = {"twilio": "the token of nobody", "bandwidth": "demo:the word of nobody", "telnyx": "A" * 43 + "="}
"""Nobody sends to a demo."""
TOLD: Final = timedelta(days=60)
UNREGISTERED: Final = {"MessageStatus": "undelivered", "ErrorCode": "30034"}


def hear_carriers(tx: Tx, organisation: Organisation) -> None:
    for provider, account in sorted({(own.provider, own.account) for own in organisation.numbers}):
        connect(tx, provider, account, SECRETS[provider])
    recent = [text for text in organisation.texts if _at(text) >= tx.now - TOLD]
    take_in(tx, list(_reports(tx, recent)))
    _tell_counts(tx, organisation, recent)


def _reports(tx: Tx, texts: list[Message]) -> Iterator[Brought]:
    """Twilio's on what went out to one person. The newest was refused for a number that we hold as registered."""
    sent = [
        text for text in texts if text["provider"] == "twilio" and text["direction"] == "outbound" and _to_one(text)
    ]
    for text in sent:
        said = UNREGISTERED if text is sent[-1] else {"MessageStatus": "delivered"}
        form = {"MessageSid": str(text["provider_id"]), "To": _to(text)[0], **said}
        yield Brought("twilio", str(text["account"]), DOORS["twilio"].parse(urlencode(form).encode()), tx.now)


def _tell_counts(tx: Tx, organisation: Organisation, texts: list[Message]) -> None:
    """Of days that are over; on the last of them one more than there is."""
    for own in organisation.numbers:
        counted = {key: len(ids) for key, ids in _carried(own, texts).items() if key[0] <= last_closed(tx.now)}
        if counted and own is organisation.numbers[0]:
            counted[max(counted)] += 1
        expect(tx, own.provider, own.account, [Count(own.number, *key, texts) for key, texts in counted.items()])


def _carried(own: OwnNumber, texts: list[Message]) -> dict[tuple[date, Direction], set[str]]:
    """Day and direction → ids, since some of the demo's texts come twice."""
    carried: dict[tuple[date, Direction], set[str]] = {}
    for text in texts:
        outbound = text["direction"] == "outbound"
        if own.number in ([text["from"]] if outbound else _to(text)):
            key: tuple[date, Direction] = (day_of(_at(text)), "outbound" if outbound else "inbound")
            carried.setdefault(key, set()).add(str(text["provider_id"]))
    return carried


def _at(text: Message) -> datetime:
    return datetime.fromisoformat(str(text["sent_at"])).astimezone(UTC)


def _to_one(text: Message) -> bool:
    return len(_to(text)) == 1


def _to(text: Message) -> list[str]:
    assert isinstance(text["to"], list)
    return text["to"]
