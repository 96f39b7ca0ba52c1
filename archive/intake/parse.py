"""Bytes to a `WireText`, or a sentence that says why not. Strict about shape, tolerant of everything unknown."""

from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from archive.core.canonical import is_nested_beyond, parse_json
from archive.intake.model import LONGEST_NAME, MOST_RECIPIENTS, Arrival, Moment, OddText, WireText
from archive.messages.model import Direction

LONGEST_ITEM = 1 << 20
DEEPEST = 100
"""Lists and objects inside each other. What is read with little on the stack must be readable with much on it, too."""

_decode = msgspec.json.Decoder().decode

_KNOWN = frozenset(field.encode_name for field in msgspec.structs.fields(WireText))
_decode_ordinary = msgspec.json.Decoder(WireText).decode


class Unreadable(ValueError):
    """Why an item can't become a message. The sentence holds nothing of the item's content."""


def arrival(raw: bytes, received_at: datetime, source: str, *, anchor_on_sent: bool = False) -> Arrival:
    """What one item of JSON says; never raises."""
    ordinary = _ordinary(raw)
    if ordinary:
        return Arrival(raw, ordinary, None, received_at, source, anchor_on_sent)
    try:
        wire, problem = parse_text(_load(raw)), None
    except Unreadable as reason:
        wire, problem = None, str(reason)
    return Arrival(raw, wire, problem, received_at, source, anchor_on_sent)


def _ordinary(raw: bytes) -> WireText | None:
    """The quick way for what is as it should be. What is not is None: the slow way knows how to say what is wrong."""
    # One byte is looked for much more quickly than six.
    if len(raw) > LONGEST_ITEM or (b"\\" in raw and b"\\u0000" in raw):
        return None
    try:
        item = _decode_ordinary(raw)
        if item.media and is_nested_beyond(DEEPEST, item.media):
            return None
        sent_at = item.sent_at
        if sent_at is None or sent_at.tzinfo is UTC:
            return item
        return msgspec.structs.replace(item, sent_at=sent_at.astimezone(UTC))
    except (msgspec.DecodeError, UnicodeDecodeError, OverflowError, RecursionError):
        return None


def _load(raw: bytes) -> Any:
    if len(raw) > LONGEST_ITEM:
        raise Unreadable(f"the item is longer than {LONGEST_ITEM:,} bytes")
    try:
        return _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _load_leniently(raw)


def _load_leniently(raw: bytes) -> Any:
    """The standard library reads half surrogate pairs, which are kept like everything else."""
    try:
        return parse_json(raw.decode())
    except UnicodeDecodeError as problem:
        raise Unreadable(f"the item is not UTF-8 (byte {problem.start})") from None
    except RecursionError:
        raise Unreadable("the item is nested too deeply") from None
    except ValueError as problem:
        where = getattr(problem, "pos", None)
        raise Unreadable("the item is not JSON" + (f" (at character {where})" if where is not None else "")) from None


def stated_provider(raw: bytes) -> str | None:
    """Who an item that can't be read says that it is from, if it says so at all."""
    try:
        item = _load(raw)
    except Unreadable:
        return None
    provider = item.get("provider") if isinstance(item, dict) else None
    return provider[:LONGEST_NAME] if isinstance(provider, str) else None


def parse_text(item: Any) -> WireText:
    """Raises `Unreadable`, naming the field."""
    if not isinstance(item, dict):
        raise Unreadable("the item is not a JSON object")
    if is_nested_beyond(DEEPEST, item):
        raise Unreadable("the item is nested too deeply")
    media = _media(item.get("media"))
    sent_at, sent_at_as_received = _moment(item.get("sent_at"))
    text = WireText(
        provider=_name(item, "provider"),
        provider_id=_name(item, "provider_id"),
        direction=_direction(item.get("direction")),
        sender=_name(item, "from"),
        recipients=_recipients(item.get("to")),
        text=_text(item.get("text"), has_media=bool(media)),
        account=_optional(item, "account"),
        sent_at=sent_at,
        media=media,
        campaign=_optional(item, "campaign"),
        status=_optional(item, "status"),
    )
    extra = {name: value for name, value in item.items() if name not in _KNOWN}
    if not extra and sent_at_as_received is None:
        return text
    return OddText(**msgspec.structs.asdict(text), sent_at_as_received=sent_at_as_received, extra=extra or None)


def _name(item: dict[str, Any], field: str) -> str:
    value = item.get(field)
    if type(value) is str and 0 < len(value) <= LONGEST_NAME and "\0" not in value:
        return _writable(value, field)
    if value is None or value == "":
        raise Unreadable(f"`{field}` is missing")
    raise Unreadable(f"`{field}` is not a text of 1 to {LONGEST_NAME} characters")


def _writable(value: str, field: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unreadable(f"`{field}` holds half a surrogate pair") from None
    return value


def _optional(item: dict[str, Any], field: str) -> str | None:
    return None if item.get(field) in (None, "") else _name(item, field)


def _direction(value: Any) -> Direction:
    if value in ("inbound", "outbound"):
        return cast(Direction, value)
    raise Unreadable("`direction` is neither `inbound` nor `outbound`" if value else "`direction` is missing")


def _recipients(value: Any) -> tuple[str, ...]:
    several = [value] if isinstance(value, str) else value
    if not several:
        raise Unreadable("`to` is missing")
    if not isinstance(several, list) or len(several) > MOST_RECIPIENTS:
        raise Unreadable(f"`to` is not a list of 1 to {MOST_RECIPIENTS} addresses")
    return tuple([_name({"to": each}, "to") for each in several])


def _text(value: Any, *, has_media: bool) -> str:
    if isinstance(value, str):
        return value
    if value is None and has_media:
        return ""
    raise Unreadable("`text` is missing" if value is None else "`text` is not a text")


def _media(value: Any) -> tuple[Any, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise Unreadable("`media` is not a list")
    return tuple(value)


def _moment(value: Any) -> tuple[datetime | None, str | None]:
    """(the moment, what was received if it can't be read). A time without a zone names no moment."""
    if value is None or value == "":
        return None, None
    try:
        return msgspec.convert(value, Moment).astimezone(UTC), None  # As the quick way reads it, to the microsecond.
    except (msgspec.ValidationError, UnicodeEncodeError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None or "T" not in value.upper():
            raise ValueError
        return moment.astimezone(UTC), None
    except (ValueError, TypeError, OverflowError):
        return None, value if isinstance(value, str) else repr(value)[:LONGEST_NAME]
