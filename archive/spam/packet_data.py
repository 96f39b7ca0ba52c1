"""A packet for programs: everything in it as plain data, in the order of a reader's questions. Pure."""

import json
from datetime import datetime
from typing import Any

from archive.core.clock import rfc3339
from archive.letters.model import Letter, LetterState
from archive.letters.states import state_at
from archive.messages.model import Message
from archive.optouts.model import Change
from archive.spam.packet import Packet
from archive.spam.reasons import reason

FORMAT = "textarchive-evidence-packet-v1"


def data_of(packet: Packet) -> dict[str, Any]:
    organisation, checkpoint = packet.organisation, packet.checkpoint
    return {
        "format": FORMAT,
        "organisation": {"name": organisation.name, "id": organisation.public_id, "origin": organisation.origin},
        "made_at": rfc3339(packet.made_at),
        "as_of": rfc3339(packet.at),
        "report": _report(packet),
        "text": _message(packet.text) if packet.text else None,
        "why_this_text": [
            {"serial": one.serial, "score": one.score, "reason": reason(one)} for one in packet.report.matches
        ],
        "conversation": [_message(one) for one in packet.conversation],
        "texting": _texting(packet),
        "number": _number(packet),
        "letters": [_letter(letter, packet.at) for letter in packet.letters],
        "campaign": _campaign(packet),
        "missing": list(packet.missing),
        "checkpoint": {"size": checkpoint.size, "note": checkpoint.note},
    }


def packet_json(packet: Packet) -> str:
    """Half a surrogate pair of a text is written as the escape that it came as."""
    return json.dumps(data_of(packet), indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def state_then(letter: Letter, at: datetime) -> LetterState:
    ended = frozenset(ending.how for ending in letter.endings if ending.at <= at)
    return state_at(at, signed_at=letter.signed_at, last_day=letter.last_day, endings=ended)


def _report(packet: Packet) -> dict[str, Any]:
    row, said, claim = packet.report.row, packet.report.said, packet.report.claim
    return {
        "id": row.id,
        "entry": row.entry,
        "source": row.source,
        "own_number": row.own_number,
        "received_at": rfc3339(row.received_at),
        "state": row.state,
        "fee_tier": row.fee_tier,
        "reporter": said.reporter,
        "email": said.email,
        "carrier": said.carrier,
        "reference": said.reference,
        "words": said.words,
        "texted_since": rfc3339(claim.since) if claim else None,
        "texted_until": rfc3339(claim.until) if claim else None,
        "history": [
            {"entry": step.entry.seq, "at": rfc3339(step.entry.at), "kind": step.entry.kind, "by": step.entry.actor}
            | {"detail": step.entry.detail, "note": step.note}
            for step in packet.steps[::-1]
        ],
    }


def _message(message: Message) -> dict[str, Any]:
    clear, content = message.clear, message.content
    return {
        "serial": message.serial,
        "direction": clear.direction,
        "from": content.sender,
        "to": list(content.to),
        "text": content.text,
        "sent_at": rfc3339(clear.sent_at) if clear.sent_at else None,
        "received_at": rfc3339(clear.received_at),
        "provider": clear.provider,
        "provider_id": clear.provider_id,
        "campaign": clear.campaign,
        "flags": list(message.flags),
        "commitment": message.commitment.hex(),
    }


def _texting(packet: Packet) -> dict[str, Any] | None:
    texting = packet.texting
    if texting is None:
        return None
    standing = texting.standing
    return {
        "complainant": packet.complainant,
        "opted_out_when_the_text_went_out": _change(standing) if standing else None,
        "said": [_change(change) for change in texting.said],
        "first_text": _message(texting.first) if texting.first else None,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "entry": change.entry,
        "said": change.said.value,
        "said_at": rfc3339(change.said_at),
        "own_number": change.own_number,
        "how": change.how,
        "text": change.serial,
    }


def _number(packet: Packet) -> dict[str, Any]:
    names = ("location", "label", "by", "reason", "entry")
    history = [
        {"state": one.state.value, "since": rfc3339(one.since), "until": rfc3339(one.until) if one.until else None}
        | {name: getattr(one, name) for name in names}
        for one in packet.past
    ]
    then = next((one for one in history if packet.then and one["entry"] == packet.then.entry), None)
    return {"number": packet.report.row.own_number, "then": then, "history": history}


def _campaign(packet: Packet) -> dict[str, Any]:
    """`history`: up to the moment of the text; `now` is how it is since."""
    found = packet.registered
    steps = [
        {"entry": step.entry, "at": rfc3339(step.at), "event": step.event, "level": step.level, "state": step.state}
        | {"carrier": step.carrier, "reason": step.reason}
        for step in packet.campaign_steps
    ]
    named = {"named": packet.campaign, "history": steps}
    if found is None:
        return named
    verdict = {"active": found.verdict.active, "because": found.verdict.because}
    return named | {
        "id": found.id,
        "registry_id": found.registry_id,
        "name": found.name,
        "brand": found.brand_name,
        "usecase": found.usecase,
        "now": verdict,
    }


def _letter(letter: Letter, at: datetime) -> dict[str, Any]:
    return {
        "id": letter.id,
        "entry": letter.entry,
        "signed_at": rfc3339(letter.signed_at),
        "form": letter.form.value,
        "state_then": state_then(letter, at).value,
        "numbers": list(letter.numbers),
        "signer": letter.evidence.signer.name if letter.evidence else None,
        "pdf_sha256": letter.pdf_sha256,
    }
