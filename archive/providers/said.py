"""What providers say, in our words: a text, what became of one, who is not to be texted, or none of these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from archive.core import phone
from archive.core.canonical import canonical_json
from archive.providers.bodies import events_in, is_json
from archive.providers.codes import Status, category_of, settled
from archive.providers.tcr import RegistryEvent

LONGEST_WORD: Final = 200
_NUMBERS: Final = ("number", "short-code")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the shape of an item of our own API, but for whose it is: `provider` and `account` are those of the
    door. `payload` in it is the whole event as it came; `raw` is its bytes."""

    item: dict[str, Any]
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a provider says became of a text on its way to one recipient (an address as `core.phone` writes it).

    `among`: all recipients of the text, in its order, where there are several: by these a text is known as well.
    `said`: the provider's own word for `status`. `category`: what its `code` means, in the words of `codes`.
    `at` is None where it names no moment.
    """

    provider_id: str
    recipient: str
    status: Status
    said: str
    code: str | None = None
    category: str | None = None
    title: str | None = None
    at: datetime | None = None
    among: tuple[str, ...] = ()

    @property
    def recipients(self) -> tuple[str, ...]:
        return self.among or (self.recipient,)


@dataclass(frozen=True, slots=True)
class OptOut:
    """What somebody has said about being texted, and the provider has put on its list: no text of its own.

    `own_number` is empty for all numbers of the account; `out`: they are not to be texted, or else again. `at` is None
    where it names no moment. `words`: what they wrote, as far as it says so.
    """

    party: str
    own_number: str
    out: bool
    at: datetime | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Piece `number` of `total` of a long text, as an item of its own. `reference`: what the provider gives all pieces
    of one text; it is used again for others."""

    item: dict[str, Any]
    reference: str
    number: int
    total: int
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that is no text and no delivery. It is kept as it came; `reason` says why it is no more than that."""

    reason: str
    raw: bytes = b""


Beside = Delivery | OptOut | RegistryEvent
"""What is added to what is here. All else is an arrival of its own."""

Item = Text | Part | Beside | Unread
Event = Mapping[str, Any]


def parser(read: Callable[[Event], Sequence[Item]]) -> Callable[[bytes], Sequence[Item]]:
    """The `parse` of a door from what reads one of its events. It never raises."""

    def parse(said: bytes) -> Sequence[Item]:
        try:
            events = events_in(said)
        except (ValueError, RecursionError):
            return [Unread("what was said is neither JSON nor a form that can be read", said)]
        alone = not (is_json(said) and said.lstrip().startswith(b"["))
        return items_of(events[0], said, read) if alone else read_each(events, read)

    return parse


def read_each(events: Sequence[Any], read: Callable[[Event], Sequence[Item]]) -> list[Item]:
    """Of a list of events, each of which is kept by itself."""
    return [item for event in events for item in items_of(event, canonical_json(event), read)]


def items_of(event: Any, raw: bytes, read: Callable[[Event], Sequence[Item]]) -> Sequence[Item]:
    """`raw`: its bytes as they came."""
    if not isinstance(event, dict):
        return [Unread("an event that is no object", raw)]
    return [item if isinstance(item, Beside) else replace(item, raw=raw) for item in read(event)]


def text(
    event: Event,
    *,
    provider_id: Any,
    direction: Any,
    sender: Any,
    to: Sequence[Any],
    words: Any,
    sent_at: Any = None,
    media: Sequence[Any] = (),
    campaign: Any = None,
    status: Any = None,
    taken_for: str | None = None,
) -> Text:
    """What is missing or of the wrong kind is left as it is: our own door says so, as it does of any item.

    `taken_for`: what the provider takes a reply for, be it by words that only it knows: opt-out, opt-in or help.
    """
    item = {
        "provider_id": word(provider_id) or None,
        "direction": direction,
        "from": sender,
        "to": list(to),
        "text": words,
        "sent_at": sent_at,
        "media": list(media) or None,
        "campaign": campaign,
        "status": word(status) or None,
        "taken_for": taken_for,
        "payload": dict(event),
    }
    return Text({name: value for name, value in item.items() if value is not None})


def delivery(
    provider: str,
    known: Mapping[str, Status],
    *,
    provider_id: Any,
    recipient: str,
    said: Any,
    code: Any = None,
    title: Any = None,
    at: datetime | None = None,
    among: Sequence[str] = (),
) -> Delivery | Unread:
    """`known`: the provider's words, in small letters, and what each means. A code of noughts is no error."""
    of, status = word(provider_id), known.get(word(said).lower())
    if status is None or not of or not recipient:
        lacking = "status that is known" if status is None else "id of the text" if not of else "recipient"
        return Unread(f"a delivery report without a {lacking}")
    number = word(code) if word(code).strip("0") else None
    category = category_of(provider, number)
    several_only = tuple(among) if len(among) > 1 else ()
    return Delivery(
        of, recipient, settled(status, category), word(said), number, category, word(title) or None, at, several_only
    )


def opt_out(*, party: Any, own_number: Any, out: bool, at: datetime | None, words: Any = "") -> OptOut | Unread:
    """An own number of None means all of the account's."""
    who, ours = phone.parse(word(party)), phone.parse(word(own_number))
    if who.kind not in _NUMBERS or (own_number is not None and ours.kind not in _NUMBERS):
        return Unread("an opt-out without two numbers")
    return OptOut(who.address, "" if own_number is None else ours.address, out, at, word(words))


def word(value: Any, longest: int = LONGEST_WORD) -> str:
    """A short text or a whole number, as text; of anything else nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\0", "")[:longest]


def part(event: Any, *path: str | int) -> Any:
    """What stands at a path inside JSON, or None."""
    for step in path:
        if isinstance(event, dict) and isinstance(step, str):
            event = event.get(step)
        elif isinstance(event, list) and isinstance(step, int) and step < len(event):
            event = event[step]
        else:
            return None
    return event


def several(value: Any) -> list[Any]:
    """The elements of a list; one thing is a list of one, and nothing is an empty one."""
    if isinstance(value, list):
        return value
    return [] if value in (None, "") else [value]
