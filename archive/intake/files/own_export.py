"""A text as this archive itself hands it out (`GET /api/v1/messages/SERIAL`, a hit of a search, a line of an export),
back in the shape in which it once came.

It keeps its names (`provider`, `account`, `provider_id`), its time and its words exactly. So the archive that it came
from takes it for the same text again, also after that was destroyed, and another archive names it in the same way.
"""

from typing import Any, Final

from archive.intake.files.model import Message

_OURS: Final = frozenset(("serial", "own_number", "stored_at", "expires_at", "policy"))
"""What no sender says of a text, and every archive."""
_AS_IT_CAME: Final = (
    *("provider", "account", "provider_id", "direction", "from", "to", "text", "sent_at"),
    *("media", "campaign", "status"),
)
_TOLD: Final = ("serial", "commitment", "received_at", "stored_at", "flags")
EXPORTED: Final = "exported"


def is_our_own(item: Message) -> bool:
    return item.keys() >= _OURS


def as_it_came(item: Message) -> Message:
    """Where it was kept before, and as what, stays with it as `exported`: a proof of the other archive names it so."""
    message: Message = dict(_dictionary(item.get("extra")))
    message |= {name: item[name] for name in _AS_IT_CAME if item.get(name) is not None and item[name] != []}
    message |= _dictionary(item.get("as_received"))
    told = {name: item[name] for name in _TOLD if item.get(name) is not None}
    before = {"before": message[EXPORTED]} if EXPORTED in message else {}
    return message | {EXPORTED: told | before}


def _dictionary(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
