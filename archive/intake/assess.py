"""What the rules say of a text. They flag, they never refuse; and they are pure: the state comes in as an argument."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from archive.core import phone
from archive.intake.model import Arrival, WireText
from archive.messages.flags import (
    INTERNATIONAL,
    MMS,
    NO_ACTIVE_CAMPAIGN,
    SENT_AT_IN_FUTURE,
    SENT_AT_UNREADABLE,
    UNAUTHORISED_NUMBER,
    UNKNOWN_NUMBER,
    UNPARSED_ADDRESS,
)
from archive.messages.model import InboundText
from archive.numbers.model import NumberState

CLOCK_TOLERANCE = timedelta(days=1)


def own_candidates(wires: Iterable[WireText]) -> set[str]:
    """The canonical addresses that may be ours, by direction."""
    found: set[str] = set()
    for wire in wires:
        if wire.direction == "outbound":
            found.add(wire.sender)
        else:
            found.update(wire.recipients)
    return {_address(raw)[0] for raw in found}


def assess(arrival: Arrival, wire: WireText, states: Mapping[str, NumberState]) -> InboundText:
    """`states`: the state of those of the candidates that are the organisation's numbers, at this moment."""
    sender, sender_flag = _address(wire.sender)
    recipients, recipient_flags = _addresses(wire.recipients)
    own_number = _own_number((sender,) if wire.direction == "outbound" else recipients, states)
    state = states.get(own_number)
    flags = _STANDING_OUT[state] if wire.direction == "outbound" else _STANDING_IN[state]
    time_flag = _time_flag(arrival, wire)
    if sender_flag or recipient_flags or time_flag or wire.media or arrival.flags:
        others = (sender_flag, time_flag, MMS if wire.media else None, *recipient_flags, *arrival.flags)
        flags = tuple(sorted({*flags, *[flag for flag in others if flag]}))
    as_received = None
    if sender != wire.sender or recipients != wire.recipients or wire.sent_at_as_received is not None:
        as_received = _as_received(wire, sender, recipients)
    # With more than fifteen keywords Python takes a slower way, on which this would cost as much as all the rest.
    return InboundText(
        wire.provider,
        wire.account,
        wire.provider_id,
        wire.direction,
        sender=sender,
        recipients=recipients,
        text=wire.text,
        own_number=own_number,
        received_at=arrival.received_at,
        sent_at=wire.sent_at,
        media=wire.media or (),
        campaign=wire.campaign,
        status=wire.status,
        as_received=as_received,
        extra=wire.extra,
        flags=flags,
        anchor_at=_anchor(arrival, wire) if arrival.anchor_on_sent else None,
    )


def _own_number(candidates: Sequence[str], states: Mapping[str, NumberState]) -> str:
    """The first that is the organisation's, and the first of all where none is."""
    for address in candidates:
        if address in states:
            return address
    return candidates[0]


def _of_number(state: NumberState | None, *, goes_out: bool) -> tuple[str, ...]:
    """What a text is by the number of ours that it comes to or goes out from, in order."""
    if state is None:
        return (UNKNOWN_NUMBER,)
    no_campaign = (NO_ACTIVE_CAMPAIGN,) if goes_out and state is not NumberState.REGISTERED else ()
    return (*no_campaign, *(() if state.authorised else (UNAUTHORISED_NUMBER,)))


_STANDING_IN = {state: _of_number(state, goes_out=False) for state in (*NumberState, None)}
_STANDING_OUT = {state: _of_number(state, goes_out=True) for state in (*NumberState, None)}


@lru_cache(maxsize=65_536)
def _address(raw: str) -> tuple[str, str | None]:
    """(canonical address, the flag that it deserves)."""
    party = phone.parse(raw)
    if party.kind == "unparsed":
        return party.address, UNPARSED_ADDRESS
    abroad = party.kind == "number" and not phone.is_domestic(party)
    return party.address, INTERNATIONAL if abroad else None


def _addresses(recipients: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(their canonical addresses, the flags that they deserve). Nearly every text has one recipient."""
    if len(recipients) == 1:
        address, flag = _address(recipients[0])
        return (address,), (flag,) if flag else ()
    read = [_address(recipient) for recipient in recipients]
    return tuple([address for address, _ in read]), tuple([flag for _, flag in read if flag])


def _time_flag(arrival: Arrival, wire: WireText) -> str | None:
    if wire.sent_at_as_received is not None:
        return SENT_AT_UNREADABLE
    sent, received = wire.sent_at, arrival.received_at
    return SENT_AT_IN_FUTURE if sent and sent > received and sent - received > CLOCK_TOLERANCE else None


def _anchor(arrival: Arrival, wire: WireText) -> datetime | None:
    """Retention of an import may count from sending, but never from a date that is missing or still to come."""
    return None if wire.sent_at is None or wire.sent_at > arrival.received_at else wire.sent_at


def _as_received(wire: WireText, sender: str, recipients: tuple[str, ...]) -> dict[str, object]:
    """What normalising has changed, so that nothing of what was received is lost."""
    changed: dict[str, object] = {}
    if sender != wire.sender:
        changed["from"] = wire.sender
    if recipients != wire.recipients:
        changed["to"] = wire.recipients
    if wire.sent_at_as_received is not None:
        changed["sent_at"] = wire.sent_at_as_received
    return changed
