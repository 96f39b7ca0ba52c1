"""The fields of a query: their names, and how each reads its value."""

import difflib
import re
from collections.abc import Callable
from datetime import tzinfo
from typing import Final, cast

from archive.core import phone
from archive.messages.flags import FLAGS
from archive.providers.codes import MEANINGS, STATUSES
from archive.search.query import dates, spelling
from archive.search.query.error import Mistake
from archive.search.query.model import Fact, FactName, Party, PartyKind, PartyRole, Query, Serial, When

_OTHER_NAMES: Final = {
    "since": "after", "until": "before", "date": "on", "day": "on", "sender": "from", "recipient": "to",
    "contact": "with", "party": "with", "phone": "number", "own": "number", "is": "flag", "hold": "held",
    "contains": "has", "dir": "direction", "id": "serial", "seq": "serial",
    "delivered": "delivery", "status": "delivery", "outcome": "delivery",
    "why": "reason", "because": "reason", "category": "reason",
}  # fmt: skip
_CHOICES: Final[dict[str, dict[str, str]]] = {
    "direction": {
        "in": "in", "inbound": "in", "incoming": "in", "received": "in",
        "out": "out", "outbound": "out", "outgoing": "out", "sent": "out",
    },
    "has": {"link": "link", "media": "media", "emoji": "emoji", "number": "number"},
    "held": {"yes": "yes", "true": "yes", "no": "no", "false": "no"},
    "delivery": {name: name for name in STATUSES},
    "reason": {name.replace("_", "-"): name.replace("_", "-") for name in MEANINGS},
    "flag": {name: name for name in FLAGS},
}  # fmt: skip

_serials: Final = re.compile(r"(\d{1,18})(?:\.\.(\d{1,18}))?", re.ASCII)

_Reader = Callable[[str, str, tzinfo], Query]


def read_field(name: str, value: str, zone: tzinfo) -> Query:
    """The part of the query that `name:value` is. Raises Mistake for an unknown name or a value that
    does not fit.
    """
    if name not in FIELDS:
        raise Mistake(f"There is no field {name}:.", _did_you_mean(name))
    value = spelling.collapsed(value)
    if not value:
        raise Mistake(f"{name}: needs a value.", f'Write it directly after the colon: {name}:… or {name}:"…".')
    return FIELDS[name](name, value, zone)


def _did_you_mean(name: str) -> str:
    close = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.6)
    meant = _OTHER_NAMES.get(name) or (close[0] if close else None)
    quote = "To search for the words themselves, put them in quotation marks."
    return f"Did you mean {meant}:? {quote}" if meant else quote


def _party(name: str, value: str, _: tzinfo) -> Party:
    role = cast(PartyRole, name)
    party = phone.parse(value)
    if party.kind in ("number", "short-code"):
        return Party(role, cast(PartyKind, party.kind), party.address)
    if value.startswith("+") and value[1:].isdigit():
        raise Mistake(
            f"{value} is not a whole telephone number.",
            f'Put a number with spaces in quotation marks: {name}:"+1 415 555 0188".',
        )
    return Party(role, "name", value)


def _sent(name: str, value: str, zone: tzinfo) -> Query:
    return dates.sent(cast(When, name), value, zone)


def _fact(name: str, value: str, _: tzinfo) -> Fact:
    return Fact(cast(FactName, name), value.lower() if name == "provider" else value)


def _choice(name: str, value: str, _: tzinfo) -> Fact:
    """One of a closed set; people may write a name of several words as the pages show it, with spaces."""
    known = _CHOICES[name]
    chosen = known.get(value.lower().replace(" ", "-"))
    if chosen is None:
        *others, last = dict.fromkeys(known.values())
        raise Mistake(f"{name}: cannot be {value}.", f"It is {', '.join(others)} or {last}.")
    return Fact(cast(FactName, name), chosen)


def _serial(_: str, value: str, __: tzinfo) -> Serial:
    match = _serials.fullmatch(value)
    if match is None:
        raise Mistake(f"{value} is not a serial number.", "Write serial:123 or serial:100..200.")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise Mistake(f"{value} ends before it begins.", f"Write serial:{last}..{first}.")
    return Serial(first, last)


FIELDS: Final[dict[str, _Reader]] = (
    dict.fromkeys(("from", "to", "with", "number"), _party)
    | dict.fromkeys(("after", "before", "on"), _sent)
    | dict.fromkeys(("campaign", "location", "account", "provider"), _fact)
    | dict.fromkeys(_CHOICES, _choice)
    | {"serial": _serial}
)
