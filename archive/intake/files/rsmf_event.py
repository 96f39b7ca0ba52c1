"""One event of an RSMF manifest as a text.

============= ======================================================================================
what          "message" in a conversation whose platform is SMS, MMS or RCS. Anything else (joins,
              disclaimers, histories, other platforms) is no text of ours and goes to quarantine
`provider`    "rsmf", or what the import says
`provider_id` "rsmf:" and a name made of who, when and what: ids of events are unique within one file
`direction`   as the event says, which is from the custodian's side; else by who sent it
`from`, `to`  our side is the custodian, or else the one participant whose number is the organisation's,
              or the number that the import says. The others are everybody else in the conversation
`sent_at`     `timestamp`; one without a zone needs that of the import
`media`       attached files: name, and of those in the zip their size and SHA-256
`source`      everything else that the event says, with the conversation and the names of the people
============= ======================================================================================
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from archive.intake.files.model import Message, NoText, Options
from archive.intake.files.rsmf_manifest import MOST_PEOPLE, Manifest, Object, address_of, number_of
from archive.intake.files.rsmf_media import Attached
from archive.intake.files.times import time_of

PROVIDER: Final = "rsmf"
MESSAGE: Final = "message"
KINDS: Final = ("disclaimer", "join", "leave", "history", "unknown")
DIRECTIONS: Final = {"incoming": "inbound", "outgoing": "outbound"}
_TEXTING: Final = re.compile(r"\b(sms|mms|rcs|texts?|text messages?|text messaging)\b", re.IGNORECASE)
_USED: Final = frozenset(("body", "attachments", "timestamp", "participant", "conversation", "direction", "type"))


def read_event(event: Any, manifest: Manifest, attached: Attached, options: Options) -> Message:
    """NoText says why it is none."""
    _demand_text(event)
    conversation = _conversation(event, manifest)
    people = _people(conversation, manifest)
    ours, own = _our_side(conversation, people, options)
    sender = _text(event, "participant")
    outbound = _direction(event, sender == ours) == "outbound"
    sent_by, others = _others(people, ours, sender, own)
    if outbound and not others:
        raise NoText("Nobody is named to whom this was sent.")
    media, body, written = attached.of(event), _body(event), _text(event, "timestamp")
    if not body and not media:
        raise NoText("This event has neither words nor files.")
    files = [str(one["name"]) for one in media]
    made_of = ("rsmf", own, "out" if outbound else "in", sent_by, *others, written, body, *files)
    return {
        "provider": options.default_provider or PROVIDER,
        "provider_id": f"rsmf:{options.name_of(chr(0).join(made_of))}",
        "direction": "outbound" if outbound else "inbound",
        "from": sent_by,
        "to": others if outbound else [own, *others],
        "text": body,
        **({"media": media} if media else {}),
        **time_of(written, options.zone),
        "source": _source(event, conversation, people, manifest),
    }


def _demand_text(event: Any) -> None:
    if not isinstance(event, dict):
        raise NoText("This event is no JSON object.")
    kind = event.get("type")
    if kind != MESSAGE:
        which = f"of the kind {kind}" if kind in KINDS else "of a kind that the format doesn't have"
        raise NoText(f"This event is {which}, and no text.")


def _conversation(event: Object, manifest: Manifest) -> Object:
    conversation = manifest.conversations.get(_text(event, "conversation"))
    if conversation is None:
        raise NoText("The conversation of this event is not in the manifest.")
    if not _TEXTING.search(_text(conversation, "platform")):
        raise NoText("The conversation of this event is on another platform than SMS, MMS or RCS.")
    return conversation


def _people(conversation: Object, manifest: Manifest) -> dict[str, Object]:
    listed = conversation.get("participants")
    ids = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    if not ids or len(ids) > MOST_PEOPLE or any(one not in manifest.participants for one in ids):
        raise NoText(f"The people of this conversation are not all in the manifest, or more than {MOST_PEOPLE}.")
    return {one: manifest.participants[one] for one in dict.fromkeys(ids)}


def _our_side(conversation: Object, people: dict[str, Object], options: Options) -> tuple[str, str]:
    """(id of the participant who is us, our number)."""
    custodian = conversation.get("custodian")
    numbers = {one: number_of(people[one]) for one in people}
    if isinstance(custodian, str) and custodian in people:
        own = numbers[custodian] or options.own_number
        if own is None:
            raise NoText("The custodian has no number in this file. Say it when importing it (--number).")
        return custodian, own
    ours = options.own_numbers if options.own_number is None else {options.own_number}
    found: Sequence[tuple[str, str]] = [(one, number) for one, number in numbers.items() if number in ours and number]
    if len(found) != 1:
        raise NoText("Nothing tells which side of this conversation is ours: no custodian, and not one number of ours.")
    return found[0]


def _others(people: dict[str, Object], ours: str, sender: str, own: str) -> tuple[str, list[str]]:
    """(address of the sender, addresses of everybody else but us)."""
    if sender not in people:
        raise NoText("Who sent this is not among the people of its conversation.")
    others = [address_of(people[one]) for one in people if one not in (ours, sender)]
    return (own if sender == ours else address_of(people[sender])), others


def _direction(event: Object, sent_by_us: bool) -> str:
    said = event.get("direction")
    by_sender = "outbound" if sent_by_us else "inbound"
    direction = DIRECTIONS.get(str(said), by_sender)
    if direction != by_sender:
        raise NoText("The direction of this event and who sent it contradict each other.")
    return direction


def _body(event: Object) -> str:
    body = event.get("body")
    if body is None:
        return ""
    if not isinstance(body, str):
        raise NoText("The body of this event is no text.")
    return body


def _text(value: Object, name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""


def _source(event: Object, conversation: Object, people: dict[str, Object], manifest: Manifest) -> Message:
    told: Message = {name: value for name, value in event.items() if name not in _USED}
    told["conversation"] = {name: conversation[name] for name in ("id", "display", "type") if name in conversation}
    told["people"] = {one: str(people[one].get("display", "")) for one in people}
    return told | ({"collection": manifest.collection} if manifest.collection else {})
