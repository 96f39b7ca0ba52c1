"""What intake asks of opt-outs: which texts say something, which go out in spite of it, and writing down what was said.

A batch in which nobody says stop, of an organisation to which nobody ever did, costs one look at each inbound text
and one small query.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from archive.messages.actions import hashes_of
from archive.messages.flags import AFTER_OPT_OUT
from archive.messages.model import InboundText, Outcome
from archive.optouts import store
from archive.optouts.model import Change, History, moment_of
from archive.optouts.recording import Parties, record_change, record_suspicion
from archive.optouts.wording import Said, read_reply, taken_for
from archive.tx import Tx

TAKES_YES = frozenset({"twilio"})
"""Providers that send again to somebody who had said stop and then just yes."""

_NEW = ("stored", "conflict")

Heard = Mapping[int, Said]
"""Position in the batch → what the text says."""


def listen(texts: Sequence[InboundText]) -> dict[int, Said]:
    return {
        at: said for at, text in enumerate(texts) if text.direction == "inbound" and (said := _said(text)) is not None
    }


def _said(text: InboundText) -> Said | None:
    return read_reply(text.text) if text.extra is None else taken_for(text.text, text.extra.get("taken_for"))


def mark(tx: Tx, texts: Sequence[InboundText], heard: Heard) -> Sequence[InboundText]:
    """The texts; those that go out to somebody who had said stop with the flag for it."""
    if Said.OPT_OUT not in heard.values() and not store.anybody(tx):
        return texts
    outbound = [at for at, text in enumerate(texts) if text.direction == "outbound"]
    parties = Parties(tx, hashes_of(tx))
    history = _history(tx, parties, texts, heard, outbound)
    marked = list(texts)
    for at in outbound:
        text, order = texts[at], (_moment(texts[at]), _place(tx, at))
        if any(history.standing(text.own_number, parties.of(other), order) for other in text.others):
            marked[at] = replace(text, flags=tuple(sorted((*text.flags, AFTER_OPT_OUT))))
    return marked


def _history(tx: Tx, parties: Parties, texts: Sequence[InboundText], heard: Heard, outbound: list[int]) -> History:
    """Of all whom the batch is sent to: what they had said before, and what they say in the batch itself."""
    wanted = {parties.of(other) for at in outbound for other in texts[at].others}
    history = History(store.changes_of(tx, wanted), everywhere=store.everywhere(tx))
    for at, said in heard.items():
        text, meant = texts[at], _meant(texts[at], said)
        if meant in (Said.OPT_OUT, Said.OPT_IN):
            place = _place(tx, at)
            party = parties.of(text.sender)
            history.add(Change(place, text.own_number, party, meant, _moment(text), "text", place))
    return history


def _place(tx: Tx, at: int) -> int:
    """Something like the serial that a text will get: after all that is here, in the order of the batch."""
    return tx.ledger_size + 1 + at


def _moment(text: InboundText) -> datetime:
    return moment_of(text.sent_at, text.received_at)


def _meant(text: InboundText, said: Said) -> Said:
    """A yes is what the provider takes it for."""
    return Said.OPT_IN if said is Said.AGREES and text.provider in TAKES_YES else said


def heed(tx: Tx, texts: Sequence[InboundText], heard: Heard, outcomes: Sequence[Outcome]) -> None:
    """Let what was said in new texts take effect. A duplicate says nothing again."""
    new = [(texts[at], said, outcomes[at].serial) for at, said in heard.items() if outcomes[at].status in _NEW]
    if not new or (all(said is Said.AGREES for _, said, _ in new) and not store.anybody(tx)):
        return
    parties = Parties(tx, hashes_of(tx))
    wanted = {parties.of(text.sender) for text, said, _ in new if said is Said.AGREES}
    history = History(store.changes_of(tx, wanted), everywhere=store.everywhere(tx))
    for text, said, serial in sorted(new, key=lambda one: _moment(one[0])):
        assert serial is not None
        _heed_one(tx, parties, history, text, said, serial)


def _heed_one(tx: Tx, parties: Parties, history: History, text: InboundText, said: Said, serial: int) -> None:
    at = _moment(text)
    if said is Said.AGREES and not history.standing(text.own_number, parties.of(text.sender), (at, serial)):
        return
    meant = _meant(text, said)
    if meant in (Said.SUSPICION, Said.AGREES):
        means = Said.OPT_OUT if meant is Said.SUSPICION else Said.OPT_IN
        record_suspicion(tx, parties, text.own_number, text.sender, means, at, serial)
        return
    history.add(record_change(tx, parties, text.own_number, text.sender, meant, at, "text", serial))
