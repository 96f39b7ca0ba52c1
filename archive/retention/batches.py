"""The table of purge batches, and every statement on it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.core.errors import NotFound
from archive.db.base import Base, OfOrganisation
from archive.retention.batch import Approval, Batch, State, Step
from archive.retention.breakers import Breaker, Trip
from archive.retention.serials import NOTHING, pack, unpack
from archive.tx import Tx

NEEDLE = 16
"""So many bytes of an envelope's beginning, its nonce among them, are looked for in raw files afterwards."""


class PurgeBatchRow(OfOrganisation, Base):
    """See `batch.Batch`. `day` is its UTC day, as keys and the vault write it.

    `needles` is kept turned over (each bit of it), or the search would find its own list.
    """

    __tablename__ = "purge_batch"
    __table_args__ = (Index("ix_purge_batch_day", "org_id", "day"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str]
    state: Mapped[str]
    planned_at: Mapped[datetime]
    plan_entry: Mapped[int]
    policy: Mapped[int]
    texts: Mapped[int]
    items: Mapped[int]
    held: Mapped[int]
    longer: Mapped[int]
    numbers: Mapped[str]
    serials: Mapped[bytes]
    trips: Mapped[str]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    approved: Mapped[str | None]
    begun_at: Mapped[datetime | None]
    begun_entry: Mapped[int | None]
    destroyed: Mapped[bytes | None]
    destroyed_items: Mapped[int | None]
    stays: Mapped[bytes | None]
    kept: Mapped[str | None]
    keys: Mapped[str | None]
    needles: Mapped[bytes | None]
    steps: Mapped[str]
    certified_at: Mapped[datetime | None]
    certificate: Mapped[str | None]


def add_batch(tx: Tx, batch: Batch) -> None:
    tx.session.add(
        PurgeBatchRow(
            org_id=tx.org_id,
            id=batch.id,
            day=batch.expires_on.isoformat(),
            state=batch.state.value,
            planned_at=batch.planned_at,
            plan_entry=batch.plan_entry,
            policy=batch.policy,
            texts=batch.texts,
            items=batch.items,
            held=batch.held,
            longer=batch.longer,
            numbers=_json(batch.numbers),
            serials=batch.planned,
            trips=_trips_out(batch.trips),
            steps="{}",
        )
    )
    tx.session.flush()


def read_batch(tx: Tx, batch_id: str) -> Batch:
    """Raises `NotFound`."""
    return _batch(_row(tx, batch_id))


def all_batches(tx: Tx) -> list[Batch]:
    """Those of the latest days first."""
    rows = tx.session.scalars(select(PurgeBatchRow).order_by(PurgeBatchRow.day.desc(), PurgeBatchRow.id.desc()))
    return [_batch(row) for row in rows]


def some_batches(tx: Tx, limit: int, before: str | None = None) -> list[Batch]:
    """A page of them, those of the latest days first. `before`: the id of the last one on the page before."""
    wanted = select(PurgeBatchRow).order_by(PurgeBatchRow.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(PurgeBatchRow.id < before)
    return [_batch(row) for row in tx.session.scalars(wanted)]


def open_batches(tx: Tx) -> list[Batch]:
    """Those that are not certified yet, in the order of their days."""
    wanted = select(PurgeBatchRow).where(PurgeBatchRow.state != State.CERTIFIED.value)
    return [_batch(row) for row in tx.session.scalars(wanted.order_by(PurgeBatchRow.day, PurgeBatchRow.id))]


def count_of_day(tx: Tx, day: date) -> int:
    return len(tx.session.scalars(select(PurgeBatchRow.id).where(PurgeBatchRow.day == day.isoformat())).all())


def sizes_before(tx: Tx, day: date, limit: int) -> list[int]:
    """How many texts the batches of the days before had."""
    wanted = select(PurgeBatchRow.texts).where(PurgeBatchRow.day < day.isoformat())
    return list(tx.session.scalars(wanted.order_by(PurgeBatchRow.day.desc()).limit(limit)))


def begun_batches(tx: Tx) -> list[Batch]:
    """All that have destroyed something, or are about to."""
    wanted = select(PurgeBatchRow).where(PurgeBatchRow.state != State.PLANNED.value)
    return [_batch(row) for row in tx.session.scalars(wanted.order_by(PurgeBatchRow.day, PurgeBatchRow.id))]


def taken_among(tx: Tx, serials: Collection[int]) -> set[int]:
    """Those of `serials` that a batch has destroyed, or has begun to. One batch at a time: each has many."""
    wanted, found = set(serials), set[int]()
    began = select(PurgeBatchRow.id).where(PurgeBatchRow.destroyed.is_not(None)).order_by(PurgeBatchRow.id)
    for name in tx.session.scalars(began).all():
        taken = tx.session.scalar(select(PurgeBatchRow.destroyed).where(PurgeBatchRow.id == name))
        found |= wanted.intersection(unpack(taken or NOTHING))
    return found


def withdraw_batch(tx: Tx, batch_id: str) -> None:
    tx.session.delete(_row(tx, batch_id))
    tx.session.flush()


def note_trips(tx: Tx, batch_id: str, trips: Collection[Trip], unapproved: Collection[Breaker] = ()) -> None:
    """`unapproved`: breakers that have tripped again, so that what was allowed of them does not count any more."""
    row = _row(tx, batch_id)
    row.trips = _trips_out(trips)
    if row.approved is not None:
        row.approved = _json([name for name in msgspec.json.decode(row.approved) if name not in unapproved])


def note_approval(tx: Tx, batch_id: str, breakers: Collection[Breaker], policy: int) -> None:
    """`policy`: the newest there is. Whoever allows the batch has seen that one."""
    row = _row(tx, batch_id)
    row.approved_at, row.approved_by = tx.now, str(tx.actor)
    row.approved, row.policy = _json(sorted(breakers)), policy


def note_begun(
    tx: Tx,
    batch_id: str,
    entry: int,
    destroyed: Sequence[int],
    items: int,
    kept: Mapping[str, int],
    keys: Mapping[int, int],
    envelopes: Sequence[bytes],
) -> None:
    row = _row(tx, batch_id)
    row.state, row.begun_at, row.begun_entry = State.SHREDDING.value, tx.now, entry
    row.destroyed, row.destroyed_items = pack(destroyed), items
    row.kept, row.keys = _json(kept), _json({str(key): count for key, count in keys.items()})
    row.needles = _turned_over(b"".join(envelope[:NEEDLE] for envelope in envelopes))


def note_staying(tx: Tx, batch_id: str, serials: Collection[int]) -> None:
    """Serials of what was sealed anew, beside those that were before."""
    row = _row(tx, batch_id)
    row.stays = pack({*unpack(row.stays or NOTHING), *serials})


def note_step(tx: Tx, batch_id: str, step: Step, said: Mapping[str, Any]) -> None:
    row = _row(tx, batch_id)
    steps = msgspec.json.decode(row.steps)
    row.steps = _json({**steps, step.value: {"at": tx.now, **said}})


def begin_again(tx: Tx, batch_id: str) -> None:
    """From its first step on."""
    _row(tx, batch_id).steps = "{}"


def note_certified(tx: Tx, batch_id: str, certificate: str) -> None:
    row = _row(tx, batch_id)
    row.state, row.certified_at, row.certificate = State.CERTIFIED.value, tx.now, certificate


def _row(tx: Tx, batch_id: str) -> PurgeBatchRow:
    row = tx.session.scalars(select(PurgeBatchRow).where(PurgeBatchRow.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no purge batch {batch_id}.", "`textarchive purge list` names those that there are.")
    return row


def _batch(row: PurgeBatchRow) -> Batch:
    return Batch(
        id=row.id,
        expires_on=date.fromisoformat(row.day),
        state=State(row.state),
        planned_at=row.planned_at,
        plan_entry=row.plan_entry,
        policy=row.policy,
        texts=row.texts,
        items=row.items,
        held=row.held,
        longer=row.longer,
        numbers=msgspec.json.decode(row.numbers),
        planned=row.serials,
        trips=tuple(Trip(Breaker(breaker), because) for breaker, because in msgspec.json.decode(row.trips)),
        approval=_approval(row),
        begun_at=row.begun_at,
        begun_entry=row.begun_entry,
        taken=row.destroyed or NOTHING,
        destroyed_items=row.destroyed_items or 0,
        stays=row.stays or NOTHING,
        kept=msgspec.json.decode(row.kept or "{}"),
        keys=msgspec.json.decode(row.keys or "{}", type=dict[int, int]),
        needles=_needles(row.needles or b""),
        steps={Step(name): said for name, said in msgspec.json.decode(row.steps).items()},
        certified_at=row.certified_at,
        certificate=row.certificate,
    )


def _approval(row: PurgeBatchRow) -> Approval | None:
    if row.approved_at is None or row.approved_by is None:
        return None
    breakers = frozenset(map(Breaker, msgspec.json.decode(row.approved or "[]")))
    return Approval(row.approved_by, row.approved_at, breakers)


def _needles(turned: bytes) -> tuple[bytes, ...]:
    needles = _turned_over(turned)
    return tuple(needles[at : at + NEEDLE] for at in range(0, len(needles), NEEDLE))


def _turned_over(content: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in content)


def _trips_out(trips: Collection[Trip]) -> str:
    return _json([(trip.breaker.value, trip.because) for trip in trips])


def _json(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()
