"""Adding what was said of texts, once each, and bringing it together with texts that come later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.core.actor import Actor
from archive.core.clock import rfc3339, to_micros
from archive.deliveries import store
from archive.deliveries.events import DeliveriesJoined, DeliveryNoted
from archive.deliveries.model import hex_of, without_numbers
from archive.deliveries.reckoning import reckon
from archive.messages.actions import hashes_of
from archive.messages.known import known_identities
from archive.messages.model import InboundText, Outcome
from archive.messages.record import Hashes
from archive.providers.said import Delivery
from archive.retention.model import EVERYTHING
from archive.retention.period import Period, dated
from archive.retention.policies import policies_in_force
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Said:
    """A report and whose it is."""

    provider: str
    account: str
    delivery: Delivery
    actor: Actor


@dataclass(frozen=True, slots=True)
class _Named:
    said: Said
    identity: int
    digest: int


def note(tx: Tx, reports: Sequence[Said], *, as_listed: bool = False) -> list[bool]:
    """Whether each of them is new, which a repeat in the same batch is not.

    One on a text that is destroyed is not kept: nothing of it is to be left.

    `as_listed`: they are of a list, which says how a text stands and not what has happened since; so what is known to
    stand like that is no news, whatever word or moment it was told with.
    """
    if not reports:
        return []
    hashes = hashes_of(tx)
    given = [_named(hashes, said) for said in reports]
    named = {report.digest: report for report in given}
    known = store.known_digests(tx, named)
    new = [report for digest, report in named.items() if digest not in known]
    if as_listed:
        new = _otherwise_unknown(tx, new)
    first = _first_texts(tx, [report.identity for report in new])
    alive = store.living(tx, set(first.values()))
    expires = dated(tx.now, tx.now, _period(tx))
    rows = [
        _row(tx, report, first.get(report.identity), expires)
        for report in new
        if report.identity not in first or first[report.identity] in alive
    ]
    store.insert_reports(tx, rows)
    reckon(tx, {first[report.identity] for report in new if first.get(report.identity) in alive})
    written = {digest for digest, *_ in rows}
    return [_taken_from(written, report.digest) for report in given]


def _taken_from(written: set[int], digest: int) -> bool:
    """Each counts once."""
    if digest not in written:
        return False
    written.remove(digest)
    return True


def join(tx: Tx, texts: Sequence[InboundText], outcomes: Sequence[Outcome]) -> None:
    """Give new texts what was said of them before they came."""
    if not store.are_orphans(tx):
        return
    hashes = hashes_of(tx)
    stored = [
        (text, outcome.serial) for text, outcome in zip(texts, outcomes, strict=True) if outcome.status == "stored"
    ]
    serials = {hashes.identity(text): serial for text, serial in stored if serial is not None}
    waiting = store.orphans_of(tx, serials)
    for identity, entries in waiting.items():
        store.give_text(tx, identity, serials[identity])
        tx.record(DeliveriesJoined(subject=f"message:{serials[identity]}", entries=tuple(entries)))
    reckon(tx, {serials[identity] for identity in waiting})


def _named(hashes: Hashes, said: Said) -> _Named:
    told = said.delivery
    identity = hashes.identity_of(said.provider, said.account, told.provider_id, told.recipients)
    moment = rfc3339(told.at) if told.at else ""
    whole = "\0".join((str(identity), told.recipient, told.said.lower(), told.code or "", moment))
    return _Named(said, identity, hashes.raw(b"delivery\0" + whole.encode("utf-8", "surrogatepass")))


def _first_texts(tx: Tx, identities: Sequence[int]) -> dict[int, int]:
    """identity → the first text of that name, be it destroyed since or not."""
    return {identity: min(seen.values()) for identity, seen in known_identities(tx, identities).items()}


def _period(tx: Tx) -> Period:
    """The organisation's own: of a text that may never come nobody knows the number or the campaign."""
    return next(policy.period for policy in policies_in_force(tx) if policy.scope == EVERYTHING)


def _row(tx: Tx, report: _Named, serial: int | None, expires: datetime) -> tuple[Any, ...]:
    said, told = report.said, report.said.delivery
    place = _place_of(told)
    entry = tx.record(_entry(report, place, serial, expires), said.actor)
    return (
        *(report.digest, entry, report.identity, serial, place, told.status),
        *(said.provider, said.account, told.provider_id),
        *(to_micros(tx.now), to_micros(expires)),
    )


def _place_of(told: Delivery) -> int:
    return told.recipients.index(told.recipient) if told.recipient in told.recipients else 0


def _otherwise_unknown(tx: Tx, reports: Sequence[_Named]) -> list[_Named]:
    stands = {(one.identity, _place_of(one.said.delivery), one.said.delivery.status): one for one in reports}
    known = store.known_to_stand(tx, {one.identity for one in reports})
    return [one for how, one in stands.items() if how not in known]


def _entry(report: _Named, place: int, serial: int | None, expires: datetime) -> DeliveryNoted:
    said, told = report.said, report.said.delivery
    gap = {"provider": said.provider, "account": said.account, "provider_id": told.provider_id}
    return DeliveryNoted(
        subject=None if serial is None else f"message:{serial}",
        digest=hex_of(report.digest),
        identity=hex_of(report.identity),
        until=expires,
        to=place,
        status=told.status,
        said=told.said,
        code=told.code,
        category=told.category,
        title=without_numbers(told.title) if told.title else None,
        at=told.at,
        **(gap if serial is None else {}),
    )
