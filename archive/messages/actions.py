"""Storing texts and reading them back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row

from archive.core.clock import day_number, day_of, to_micros
from archive.core.errors import Damaged, NotFound
from archive.keys.envelope import SealingKey
from archive.keys.keyring import HASHES, Purpose
from archive.messages import store
from archive.messages.identity_store import insert_identities
from archive.messages.known import MANY, known_identities, sift
from archive.messages.model import ClearRecord, InboundText, Message, Outcome
from archive.messages.recognising import recognise
from archive.messages.record import CLEAR_FIELDS, Hashes, chances, content_of, open_record, seal
from archive.messages.sorting import New, sort_out
from archive.retention.model import Policy, longest
from archive.retention.policies import policies_in_force
from archive.tx import Tx

STORED = "message.stored"


def hashes_of(tx: Tx) -> Hashes:
    return Hashes(tx.key(HASHES))


Weigh = Callable[[Tx, Sequence[InboundText]], Sequence[InboundText]]
"""A last look at texts that are new: the same ones in the same order, some with more flags."""


def _as_they_are(_tx: Tx, texts: Sequence[InboundText]) -> Sequence[InboundText]:
    return texts


def store_texts(
    tx: Tx, texts: Sequence[InboundText], actors: Sequence[str] | None = None, weigh: Weigh = _as_they_are
) -> list[Outcome]:
    """Store what is new, in order; an outcome for each. The same content again changes nothing.

    Different content under a known name is stored beside the first and flagged `conflict`.
    """
    hashes = hashes_of(tx)
    identities = [hashes.identity(text) for text in texts]
    sorted_out = sort_out(texts, identities, hashes, known_among(tx, texts, identities, hashes))
    fresh = [new.text for new in sorted_out.new]
    weighed = weigh(tx, fresh)
    if weighed is not fresh:
        sorted_out = sorted_out.marked(weighed)
    datings = [_dating(new.text) for new in sorted_out.new]
    days = _days(tx, datings)
    serials = tx.take_serials(len(sorted_out.new))
    batch = _Batch(tx, hashes, actors or [str(tx.actor)] * len(texts))
    for serial, new, dating, chance in zip(serials, sorted_out.new, datings, chances(len(serials)), strict=True):
        batch.add(serial, new, days[dating], chance)
    batch.write()
    if len(serials) >= MANY:
        sift(tx)
    return sorted_out.outcomes(serials.start)


def known_among(
    tx: Tx, texts: Sequence[InboundText], identities: Sequence[int], hashes: Hashes
) -> dict[int, dict[int, int]]:
    """identity → {fingerprint: serial} of all that is here already, told by whatever channel."""
    known = known_identities(tx, identities)
    if known:
        recognise(texts, identities, hashes, known, lambda serials: read_sound(tx, serials).messages)
    return known


_Dating = tuple[str, str | None, datetime, datetime]


class _Day(NamedTuple):
    """What texts of one dating share: when they expire, by which policy, the key of that day; times in microseconds."""

    expires_at: datetime
    policy: int
    key: SealingKey
    received: int
    expires: int
    due_on: int


def _dating(text: InboundText) -> _Dating:
    """What a text's time depends on: own number, campaign, anchor, and when our door took it."""
    return text.own_number, text.campaign, text.anchor_at or text.received_at, text.received_at


def _days(tx: Tx, datings: Iterable[_Dating]) -> dict[_Dating, _Day]:
    """Most of a batch shares few datings, so this is short."""
    policies = policies_in_force(tx)
    each = dict.fromkeys(datings)
    expiries = sorted(((longest(policies, *dating), dating) for dating in each), key=lambda pair: pair[0][0])
    return {dating: _day(tx, expires_at, policy, dating[-1]) for (expires_at, policy), dating in expiries}


def _day(tx: Tx, expires_at: datetime, policy: Policy, received_at: datetime) -> _Day:
    key = tx.key(Purpose.records_expiring(expires_at))
    times = to_micros(received_at), to_micros(expires_at)
    return _Day(expires_at, policy.version, key, *times, day_number(day_of(expires_at)))


class _Batch:
    """Rows of many texts, ready for the driver."""

    def __init__(self, tx: Tx, hashes: Hashes, actors: Sequence[str]) -> None:
        self._tx = tx
        self._hashes = hashes
        self._actors = actors
        self._now, self._at = tx.now, to_micros(tx.now)
        self._messages: list[tuple[Any, ...]] = []
        self._parties: list[tuple[bytes, int]] = []
        self._identities: list[tuple[int, int, int]] = []
        self._entries: list[tuple[Any, ...]] = []

    def add(self, serial: int, new: New, day: _Day, chance: bytes) -> None:
        text = new.text
        parties = [self._hashes.party(party) for party in text.others]
        actor, conversation = self._actors[new.position], self._hashes.conversation(text.own_number, parties)
        # By place, in the order of the record's fields: by name this would take twice as long.
        clear = ClearRecord(
            text.account,
            actor,
            text.campaign,
            conversation,
            text.direction,
            day.expires_at,
            " ".join(new.flags),
            text.own_number,
            day.policy,
            text.provider,
            text.provider_id,
            text.received_at,
            text.sent_at,
            serial,
            self._now,
        )
        commit, sealed = seal(self._tx.org_id, day.key, clear, content_of(text), chance)
        self._messages.append(_columns(clear, day.key.id, sealed, day.received, day.expires, day.due_on))
        self._parties.extend([(party, serial) for party in parties])
        self._identities.append((new.identity, serial, new.fingerprint))
        self._entries.append((serial, STORED, self._at, clear.actor, commit))

    def write(self) -> None:
        store.insert_messages(self._tx, self._messages, self._parties)
        insert_identities(self._tx, self._identities)
        self._tx.add_entries(self._entries)


def message_row(clear: ClearRecord, key_id: int, sealed: bytes, due_on: date | None) -> tuple[Any, ...]:
    """Of a record that is put back."""
    day = None if due_on is None else day_number(due_on)
    return _columns(clear, key_id, sealed, to_micros(clear.received_at), to_micros(clear.expires_at), day)


def _columns(
    clear: ClearRecord, key_id: int, sealed: bytes, received: int, expires: int, due_on: int | None
) -> tuple[Any, ...]:
    return (
        clear.seq,
        clear.direction,
        clear.own_number,
        clear.provider,
        clear.account,
        clear.provider_id,
        clear.campaign,
        clear.conversation,
        to_micros(clear.sent_at) if clear.sent_at else None,
        received,
        expires,
        clear.policy,
        clear.flags,
        key_id,
        sealed,
        due_on,
    )


def opened(tx: Tx, row: Row[Any]) -> Message:
    """A row of `store.records_…` as a message; raises `Damaged` if it is not what was committed to."""
    clear = ClearRecord(*row[:CLEAR_FIELDS])
    commit, key_id, sealed = row[CLEAR_FIELDS:]
    key = tx.keyring.by_id(tx.session, tx.org_id, key_id)
    if key is None:
        raise Damaged(f"The key of message {clear.seq} is destroyed, but the message is still here.")
    return open_record(tx.org_id, key, clear, sealed, commit)


def read_messages(tx: Tx, serials: Sequence[int]) -> list[Message]:
    """Those of `serials` that are there, in the order asked for. Raises `Damaged` if one is not what it was."""
    found = {message.serial: message for message in (opened(tx, row) for row in store.records_by_serial(tx, serials))}
    return [found[serial] for serial in serials if serial in found]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """`damaged`: the serials of those that are not what the ledger committed to, and so are not among `messages`."""

    messages: list[Message]
    damaged: tuple[int, ...]


def read_sound(tx: Tx, serials: Sequence[int]) -> ReadBack:
    """Like `read_messages`, but one damaged text does not keep anybody from reading the others."""
    try:
        return ReadBack(read_messages(tx, serials), ())
    except Damaged:
        return _read_one_by_one(tx, serials)


def _read_one_by_one(tx: Tx, serials: Sequence[int]) -> ReadBack:
    sound: list[Message] = []
    damaged: list[int] = []
    for serial in serials:
        try:
            sound += read_messages(tx, [serial])
        except Damaged:
            damaged.append(serial)
    return ReadBack(sound, tuple(damaged))


def read_message(tx: Tx, serial: int) -> Message:
    found = read_messages(tx, [serial])
    if not found:
        raise NotFound(f"There is no message {serial}.", "Search for it; a purged one is named in its certificate.")
    return found[0]


def conversation_around(tx: Tx, message: Message, each_side: int = 25) -> ReadBack:
    """The conversation of a message in the order of time: up to `each_side` texts before it and after it."""
    party_key = hashes_of(tx).party(message.others[0])
    moments = store.conversation_moments(tx, party_key, message.clear.conversation)
    here = moments.index((to_micros(message.at), message.serial))
    window = moments[max(0, here - each_side) : here + each_side + 1]
    return read_sound(tx, [serial for _, serial in window])
