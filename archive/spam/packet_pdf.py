"""A packet to read and to file. What counts is in the ZIP beside it: proofs that a stranger can check."""

from datetime import datetime
from importlib.resources import files
from typing import Any

from archive.core import phone
from archive.letters.model import Letter
from archive.messages.flags import FLAGS
from archive.messages.model import Message
from archive.optouts.model import Change
from archive.pdf import Attachment, write_pdf
from archive.spam.fees import FEES
from archive.spam.packet import Packet
from archive.spam.packet_data import packet_json, state_then
from archive.spam.reasons import reason

_SOURCES = {"public": "the public page", "api": "a program", "carrier": "a carrier", "person": "somebody who was told"}
_HOW = {"text": "by text", "person": "told to a person", "import": "imported"}
_STEPS = {
    "spam.reported": "Taken in",
    "spam.matched": "Compared with texts",
    "spam.noted": "Note",
    "spam.changed": "Handling changed",
    "spam.packet-made": "Packet made",
}
_MOST_STRETCHES = 12


def packet_pdf(packet: Packet) -> bytes:
    """The same bytes for the same packet."""
    template = files("archive.spam").joinpath("packet.typ").read_bytes()
    source = Attachment("packet.json", packet_json(packet), "application/json", "The same for programs.")
    return write_pdf(template, _said(packet), source, packet.made_at)


def _said(packet: Packet) -> dict[str, Any]:
    row, text = packet.report.row, packet.text
    about = phone.display(row.own_number) if row.own_number else f"campaign {row.campaign}"
    return {
        "id": row.id,
        "organisation": packet.organisation.name,
        "about": about,
        "made": _moment(packet.made_at),
        "as_of": _moment(packet.at),
        "report": _report(packet),
        "words": packet.report.said.words,
        "text": _text(text) if text else None,
        "why": [[f"#{one.serial}", f"{one.score} %", reason(one)] for one in packet.report.matches],
        "conversation": [_line(one, packet) for one in packet.conversation],
        "texting": _texting(packet),
        "number": _number(packet),
        "stretches": [
            [one.state.replace("_", " "), _moment(one.since), one.location or "–", f"{one.entry:,}"]
            for one in packet.past[:_MOST_STRETCHES]
        ],
        "letters": [_letter(letter, packet.at) for letter in packet.letters],
        "campaign": packet.campaign or "",
        "registered": _registered(packet),
        "campaign_steps": [
            [_moment(one.at), one.event or f"{one.level}: {one.state}", one.carrier or "–", f"{one.entry:,}"]
            for one in packet.campaign_steps[:_MOST_STRETCHES]
        ],
        "steps": [_step(one.entry.kind, one.entry.detail, one.entry.at, one.note) for one in packet.steps[::-1]],
        "missing": list(packet.missing),
        "checkpoint": packet.checkpoint.note.strip(),
    }


def _report(packet: Packet) -> list[list[str]]:
    row, said, claim = packet.report.row, packet.report.said, packet.report.claim
    when = f"between {_moment(claim.since)} and {_moment(claim.until)}" if claim else "not said"
    tier = packet.report.fee_tier
    rows = [
        ["Report", row.id],
        ["Received", f"{_moment(row.received_at)}, from {_SOURCES[row.source]}; entry {row.entry:,} of the ledger"],
        ["About", phone.display(row.own_number) if row.own_number else f"campaign {row.campaign}"],
        ["Complainant", phone.display(said.reporter) if said.reporter else "did not say who they are"],
        ["E-mail", said.email],
        ["Carrier", said.carrier],
        ["Reference", said.reference],
        ["The text came", when],
        ["State", row.state],
        ["Fee", f"{tier.value.replace('-', ' ')}: ${FEES[tier].dollars:,}, {FEES[tier].about}" if tier else ""],
    ]
    return [fact for fact in rows if fact[1]]


def _text(message: Message) -> dict[str, Any]:
    clear = message.clear
    flags = [f"{flag}: {FLAGS.get(flag, 'not known to this version')}" for flag in message.flags]
    facts = [
        ["Serial number", f"{message.serial:,}, which is its entry of the ledger"],
        ["From", phone.display(message.content.sender)],
        ["To", ", ".join(map(phone.display, message.content.to))],
        ["Sent", f"{_moment(clear.sent_at)}, says the provider" if clear.sent_at else "the provider named no time"],
        ["Received here", _moment(clear.received_at)],
        ["Provider", f"{clear.provider}, {clear.provider_id}"],
        ["Flags", "; ".join(flags) or "none"],
        ["Commitment", message.commitment.hex()],
    ]
    return {"words": message.content.text, "facts": facts}


def _line(message: Message, packet: Packet) -> dict[str, Any]:
    ours = message.clear.direction == "outbound"
    writer = "We" if ours else phone.display(message.content.sender)
    return {
        "ours": ours,
        "meant": packet.text is not None and message.serial == packet.text.serial,
        "head": " · ".join((writer, _moment(message.at), f"#{message.serial}")),
        "words": message.content.text,
    }


def _texting(packet: Packet) -> dict[str, Any] | None:
    texting = packet.texting
    if texting is None:
        return None
    standing, first = texting.standing, texting.first
    who = phone.display(packet.complainant)
    verdict = (
        f"{who} had opted out on {_moment(standing.said_at)}, before the text went out."
        if standing
        else f"{who} had not opted out of texts from this number when the text went out."
    )
    begun = ""
    if first:
        writer = "they wrote to us" if first.clear.direction == "inbound" else "we wrote to them"
        where = f"#{first.serial}, {_moment(first.at)}"
        begun = f"In the first text of the conversation that is still here ({where}) {writer}."
    said = [_change(one) for one in texting.said]
    return {"verdict": verdict, "broken": standing is not None, "begun": begun, "said": said}


def _change(change: Change) -> list[str]:
    text = f", text #{change.serial}" if change.serial else ""
    where = phone.display(change.own_number) if change.own_number else "every number"
    return [_moment(change.said_at), change.said.value, where, f"{_HOW[change.how]}{text}", f"{change.entry:,}"]


def _number(packet: Packet) -> list[list[str]]:
    then = packet.then
    if then is None:
        return []
    may = "authorised to text" if then.state.authorised else "not authorised to text"
    rows = [
        ["State then", f"{then.state.value.replace('_', ' ')}: {may}"],
        ["Since", f"{_moment(then.since)}; entry {then.entry:,} of the ledger"],
        ["Location", then.location],
        ["Held by", then.label],
        ["Reason given", then.reason],
    ]
    return [fact for fact in rows if fact[1]]


def _letter(letter: Letter, at: datetime) -> list[str]:
    signer = letter.evidence.signer.name if letter.evidence else "destroyed"
    return [letter.id, _moment(letter.signed_at), signer, state_then(letter, at).value, f"{letter.entry:,}"]


def _registered(packet: Packet) -> list[list[str]]:
    found = packet.registered
    if found is None:
        return []
    return [
        ["Campaign", f"{found.name} ({found.id})"],
        ["At the registry", found.registry_id or "no id yet"],
        ["Brand", found.brand_name],
        ["Use case", found.usecase or "none named"],
        ["When this was made", f"{'active' if found.verdict.active else 'not active'}: {found.verdict.because}"],
    ]


def _step(kind: str, detail: dict[str, Any], at: datetime, note: str) -> list[str]:
    what: str = _STEPS.get(kind) or detail.get("after") or detail.get("action") or kind
    return [_moment(at), what.replace("-", " ").capitalize(), note]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
