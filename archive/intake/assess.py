"""What the rules say of a text. They flag, they never refuse; and they are pure: the state comes in as an argument."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from archive.core import phone
from archive.intake.model import Arrival, WireText
from archive.messages.model import InboundText
from archive.numbers.model import NumberState

INTERNATIONAL = "international"
MMS = "mms"
SENT_AT_IN_FUTURE = "sent-at-in-future"
SENT_AT_UNREADABLE = "sent-at-unreadable"
UNAUTHORISED_NUMBER = "unauthorised-number"
UNKNOWN_NUMBER = "unknown-number"
UNPARSED_ADDRESS = "unparsed-address"
FLAGS = {
    "conflict": "the provider's id is here already with different content",
    INTERNATIONAL: "one of the parties is outside the US and Canada",
    MMS: "has media; only references to them are kept",
    SENT_AT_IN_FUTURE: "the provider says it was sent more than a day after we got it",
    SENT_AT_UNREADABLE: "the provider's time names no moment; it is kept as received",
    UNAUTHORISED_NUMBER: "our number was not authorised to text when this came in",
    UNKNOWN_NUMBER: "our side is not one of the organisation's numbers",
    UNPARSED_ADDRESS: "a party's address is neither a number, a short code nor a name",
}

CLOCK_TOLERANCE = timedelta(days=1)


def own_candidates(wire: WireText) -> tuple[str, ...]:
    """The canonical addresses that may be ours, by direction."""
    ours = (wire.sender,) if wire.direction == "outbound" else wire.recipients
    return tuple([phone.parse(address).address for address in ours])


def assess(arrival: Arrival, wire: WireText, states: Mapping[str, NumberState]) -> InboundText:
    """`states`: the state of those of the candidates that are the organisation's numbers, at this moment."""
    sender = phone.parse(wire.sender)
    recipients = [phone.parse(address) for address in wire.recipients]
    candidates = own_candidates(wire)
    own_number = next((address for address in candidates if address in states), candidates[0])
    flags = [
        *_number_flags(states.get(own_number)),
        *{flag for party in (sender, *recipients) for flag in _party_flags(party)},
        *_time_flags(arrival, wire),
    ]
    if wire.media:
        flags.append(MMS)
    return InboundText(
        provider=wire.provider,
        account=wire.account,
        provider_id=wire.provider_id,
        direction=wire.direction,
        sender=sender.address,
        recipients=tuple([party.address for party in recipients]),
        text=wire.text,
        own_number=own_number,
        received_at=arrival.received_at,
        sent_at=wire.sent_at,
        media=wire.media,
        campaign=wire.campaign,
        status=wire.status,
        as_received=_as_received(wire, sender, recipients),
        extra=wire.extra,
        flags=tuple(sorted(flags)),
        anchor_at=_anchor(arrival, wire),
    )


def _number_flags(state: NumberState | None) -> tuple[str, ...]:
    if state is None:
        return (UNKNOWN_NUMBER,)
    return () if state.authorised else (UNAUTHORISED_NUMBER,)


@lru_cache(maxsize=16_384)
def _party_flags(party: phone.Party) -> tuple[str, ...]:
    if party.kind == "unparsed":
        return (UNPARSED_ADDRESS,)
    abroad = party.kind == "number" and not phone.is_domestic(party)
    return (INTERNATIONAL,) if abroad else ()


def _time_flags(arrival: Arrival, wire: WireText) -> tuple[str, ...]:
    if wire.sent_at_as_received is not None:
        return (SENT_AT_UNREADABLE,)
    if wire.sent_at and wire.sent_at > arrival.received_at + CLOCK_TOLERANCE:
        return (SENT_AT_IN_FUTURE,)
    return ()


def _anchor(arrival: Arrival, wire: WireText) -> datetime | None:
    """Retention of an import may count from sending, but never from a date that is missing or still to come."""
    if not arrival.anchor_on_sent or wire.sent_at is None or wire.sent_at > arrival.received_at:
        return None
    return wire.sent_at


def _as_received(wire: WireText, sender: phone.Party, recipients: list[phone.Party]) -> dict[str, object] | None:
    """What normalising has changed, so that nothing of what was received is lost."""
    changed: dict[str, object] = {}
    if sender.address != wire.sender:
        changed["from"] = wire.sender
    if any(party.address != address for party, address in zip(recipients, wire.recipients, strict=True)):
        changed["to"] = wire.recipients
    if wire.sent_at_as_received is not None:
        changed["sent_at"] = wire.sent_at_as_received
    return changed or None
