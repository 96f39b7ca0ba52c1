"""What an RSMF manifest says of its conversations: who is in them, by which address, and which side is ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from archive.core import phone
from archive.core.canonical import is_nested_beyond
from archive.intake.files.model import NoText

MANIFEST: Final = "rsmf_manifest.json"
DEEPEST: Final = 32
MOST_PEOPLE: Final = 500
_NUMBERED: Final = ("number", "phone", "mobile", "msisdn")
_WITHOUT_MAIL: Final = ".invalid"

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Participants and conversations by their ids. Events are as they came; each may still be anything."""

    participants: dict[str, Object]
    conversations: dict[str, Object]
    collection: str | None
    events: Sequence[Any]


def understand_manifest(value: Any) -> Manifest:
    """NoText if it is not built as the format wants it (rsmf_schema_2_0_0.json)."""
    if not isinstance(value, dict):
        raise NoText("Its manifest is no JSON object.")
    if is_nested_beyond(DEEPEST, value):
        raise NoText("Its manifest is nested too deeply.")
    missing = [name for name in ("version", "participants", "conversations", "events") if name not in value]
    if missing:
        raise NoText(f"Its manifest lacks {' and '.join(missing)}.")
    events, collection = value["events"], value.get("eventcollectionid")
    if not isinstance(events, list):
        raise NoText("The events of its manifest are no list.")
    return Manifest(
        _by_id(value, "participants"),
        _by_id(value, "conversations"),
        collection if isinstance(collection, str) else None,
        events,
    )


def _by_id(value: Object, name: str) -> dict[str, Object]:
    listed = value[name]
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise NoText(f"The {name} of its manifest are no list of objects.")
    for at, one in enumerate(listed):
        if not isinstance(one.get("id"), str) or not one["id"]:
            raise NoText(f"{name}[{at}] of its manifest has no id that is a text.")
    return {one["id"]: one for one in listed}


def number_of(participant: Object) -> str | None:
    """The number by which somebody texts, wherever the writer of the file has put it."""
    email = str(participant.get("email") or "")
    local, _at, domain = email.partition("@")
    said = [
        participant.get("account_id"),
        *_said_beside(participant),
        participant.get("display"),
        participant.get("id"),
    ]
    if domain.casefold().endswith(_WITHOUT_MAIL) or local.startswith("+"):
        said.insert(1, local)
    for one in said:
        found = phone.parse(one).e164 if isinstance(one, str) else None
        if found:
            return found
    return None


def address_of(participant: Object) -> str:
    """Their number, or what else tells them apart."""
    named = (participant.get(name) for name in ("account_id", "email", "display", "id"))
    return number_of(participant) or next(one for one in named if isinstance(one, str) and one)


def _said_beside(participant: Object) -> list[Any]:
    custom = participant.get("custom")
    pairs = [pair for pair in custom if isinstance(pair, dict)] if isinstance(custom, list) else []
    return [pair.get("value") for pair in pairs if any(word in str(pair.get("name")).casefold() for word in _NUMBERED)]
