"""A row of a table that somebody has said the columns of.

What the row doesn't say is not made up. Its direction may follow from which of its numbers is ours, and its name, by
which it is known when it comes again, from what it says.
"""

from collections.abc import Sequence
from datetime import datetime

from archive.core import phone
from archive.intake.files.csv_mapping import zone_named
from archive.intake.files.csv_words import DIRECTIONS, as_list, direction_of
from archive.intake.files.model import Mapping, Message, NoText, Options
from archive.intake.files.times import time_of, times_of

_SIMPLE = ("provider", "account", "campaign", "status")


def understand_mapped(given: dict[str, str], mapping: Mapping, options: Options) -> Message:
    """`given`: field → what stands in its column. NoText if nothing says who was on which side."""
    said = {**mapping.constants, **{field: cell for field, cell in given.items() if cell.strip() or field == "text"}}
    own = options.own_number or said.get("own", "").strip()
    direction = direction_of(said.get("direction", ""), _words(mapping))
    sender, recipients = _parties(said, own, direction)
    if not direction:
        ours = options.own_numbers | {phone.parse(own).address}
        direction = {"direction": _told_by_numbers(sender, recipients, ours)}
    message: Message = {"from": sender, "to": recipients, "text": said.get("text", ""), **direction}
    message |= {field: said[field].strip() for field in _SIMPLE if field in said}
    if options.default_provider:
        message.setdefault("provider", options.default_provider)
    if "media" in said:
        message["media"] = [{"url": url} for url in as_list(said["media"])]
    written = said.get("sent_at", "")
    return message | _times(written, mapping, options) | {"provider_id": _name(said, message, written, options)}


def _words(mapping: Mapping) -> dict[str, Sequence[str]]:
    more = {"inbound": mapping.inbound, "outbound": mapping.outbound}
    return {name: (*words, *(word.strip().casefold() for word in more[name])) for name, words in DIRECTIONS.items()}


def _parties(said: dict[str, str], own: str, direction: Message) -> tuple[str, list[str]]:
    if "from" in said or "to" in said:
        return said.get("from", "").strip(), as_list(said.get("to", ""))
    others = as_list(said.get("other", ""))
    if not others:
        raise NoText("This row names no other party.")
    if not own:
        raise NoText("This row doesn't say which number of ours it is about. Say it for the whole table (own).")
    if direction.get("direction") == "outbound":
        return own, others
    if direction.get("direction") == "inbound":
        return others[0], [own, *others[1:]]
    raise NoText("This row doesn't say in a known word whether it came in or went out.")


def _told_by_numbers(sender: str, recipients: Sequence[str], ours: frozenset[str]) -> str:
    sent = phone.parse(sender).address in ours
    received = any(phone.parse(each).address in ours for each in recipients)
    if sent == received:
        which = "both sides are" if sent else "neither side is"
        raise NoText(f"This row doesn't say whether it came in or went out, and {which} ours.")
    return "outbound" if sent else "inbound"


def _times(written: str, mapping: Mapping, options: Options) -> Message:
    zone = options.zone or (zone_named(mapping.zone) if mapping.zone else None)
    if mapping.date_format is None:
        return time_of(written, zone)
    return times_of(written, _in_format(written, mapping.date_format), zone)


def _in_format(written: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(written.strip(), pattern)  # noqa: DTZ007 - the caller knows the zone, or that there is none.
    except ValueError:
        return None


def _name(said: dict[str, str], message: Message, written: str, options: Options) -> str:
    if "provider_id" in said:
        return said["provider_id"].strip()
    parties = (
        str(message["direction"]),
        str(message["from"]),
        *map(str, as_list(said.get("to", said.get("other", "")))),
    )
    return f"csv:{options.name_of(chr(0).join((*parties, written.strip(), str(message['text']))))}"
