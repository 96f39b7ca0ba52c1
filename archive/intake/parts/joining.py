"""Keeping pieces until all of their text are here, and archiving it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from archive.core.actor import Actor
from archive.core.canonical import canonical_json
from archive.core.errors import Damaged
from archive.intake.actions import receive
from archive.intake.from_providers import PartSaid
from archive.intake.parse import arrival
from archive.intake.parts import store
from archive.intake.parts.events import PieceKept, PiecesForgotten, PiecesJoined
from archive.intake.parts.model import REMEMBERED, WAITS, Piece, gather, is_late, put_together
from archive.intake.parts.store import TextPartRow
from archive.keys.keyring import Purpose
from archive.messages.actions import hashes_of
from archive.messages.flags import INCOMPLETE
from archive.messages.record import Hashes
from archive.providers.moments import moment
from archive.retention.model import EVERYTHING
from archive.retention.period import dated
from archive.retention.policies import policies_in_force
from archive.tx import Tx

SOURCE: Final = "parts:"
"""Where a text comes from that was put together: `parts:vonage/A1`."""

AT_ONCE: Final = 200


def take_parts(tx: Tx, parts: Sequence[PartSaid]) -> int:
    """How many of them are new. What is whole with them is archived in the same transaction."""
    if not parts:
        return 0
    hashes = hashes_of(tx)
    return sum(_take(tx, hashes, said) for said in parts)


def end_waiting(tx: Tx) -> int:
    """Archive what has waited long enough, without what is missing; how many texts. Up to `AT_ONCE`."""
    texts = 0
    while texts < AT_ONCE and (first := store.first_waiting(tx, tx.now - WAITS)):
        _archive(tx, gather(first, store.pieces_of(tx, first.whole)))
        texts += 1
    if forgotten := store.forget(tx, tx.now - REMEMBERED):
        tx.record(PiecesForgotten(count=forgotten))
    return texts


def _take(tx: Tx, hashes: Hashes, said: PartSaid) -> bool:
    digest, whole = _hash(hashes, said, "provider_id", "text"), _hash(hashes, said)
    if store.is_known(tx, digest):
        return False
    others = store.pieces_of(tx, whole)
    piece = _keep(tx, said, digest, whole)
    together = gather(piece, others)
    if len(together) == piece.total:
        _archive(tx, together)
    elif is_late(piece, others):
        _archive(tx, [piece])
    return True


def _hash(hashes: Hashes, said: PartSaid, *more: str) -> int:
    """Keyed. Without `more` it is the same for all pieces of one text; with it, the same for a piece and its repeats,
    though a repeat is signed anew."""
    part = said.part
    item: dict[str, Any] = {name: part.item.get(name) for name in ("from", "to", *more)}
    number = {"number": part.number} if more else {}
    named = {"provider": said.provider, "account": said.account, "reference": part.reference, "total": part.total}
    return hashes.raw(b"part\0" + canonical_json({**item, **named, **number}))


def _keep(tx: Tx, said: PartSaid, digest: int, whole: int) -> Piece:
    part = said.part
    provider_id = str(part.item.get("provider_id") or "")
    entry = tx.record(
        PieceKept(
            provider=said.provider,
            account=said.account,
            provider_id=provider_id,
            number=part.number,
            total=part.total,
        ),
        said.actor,
    )
    at = moment(part.item.get("sent_at")) or said.received_at
    key = tx.key(Purpose.records_expiring(_expires(tx, said.received_at)))
    content = canonical_json({"provider": said.provider, "account": said.account, "item": part.item})
    tx.session.add(
        TextPartRow(
            org_id=tx.org_id,
            digest=digest,
            whole=whole,
            number=part.number,
            total=part.total,
            at=at,
            received_at=said.received_at,
            entry=entry,
            key_id=key.id,
            sealed=key.seal(content, _place(tx, entry)),
            alone=False,
        )
    )
    tx.session.flush()
    return Piece(digest, whole, part.number, part.total, at, said.received_at, entry)


def _archive(tx: Tx, pieces: Sequence[Piece]) -> None:
    total, alone = pieces[0].total, len(pieces) < pieces[0].total
    opened = [_opened(tx, row) for row in store.rows_of(tx, pieces)]
    provider, account = opened[0]["provider"], opened[0]["account"]
    items = [(piece.number, told["item"]) for piece, told in zip(pieces, opened, strict=True)]
    whole = canonical_json({**put_together(items, total), "provider": provider, "account": account})
    received_at = max(piece.received_at for piece in pieces)
    made = arrival(whole, received_at, f"{SOURCE}{provider}/{account}")
    flagged = msgspec.structs.replace(made, flags=(INCOMPLETE,) if alone else ())
    (outcome,) = receive(tx, [flagged], [str(Actor("provider", f"{provider}/{account}"))])
    kept_as = "quarantine" if outcome.status == "quarantined" else "message"
    entries = tuple(piece.entry for piece in pieces)
    tx.record(PiecesJoined(subject=f"{kept_as}:{outcome.serial}", entries=entries, missing=total - len(pieces)))
    store.settle(tx, pieces, outcome.serial if kept_as == "message" else None, alone=alone)


def _opened(tx: Tx, row: TextPartRow) -> dict[str, Any]:
    key = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
    if key is None:
        raise Damaged(f"The key of the piece in entry {row.entry} is destroyed, but the piece is still here.")
    told: dict[str, Any] = json.loads(key.open(row.sealed, _place(tx, row.entry)))
    return told


def _expires(tx: Tx, received_at: datetime) -> datetime:
    period = next(policy.period for policy in policies_in_force(tx) if policy.scope == EVERYTHING)
    return dated(received_at, received_at, period)


def _place(tx: Tx, entry: int) -> bytes:
    return f"{tx.org_id}:part:{entry}".encode()
