"""What the archive remembers about its vault. The vault itself is the truth: all of this can be read from it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.db.upsert import upsert_for
from archive.segments.days import Finished


class VaultPositionRow(OfOrganisation, Base):
    """How far the vault is. `segment`: the newest one of the ledger, which ends at `through`; `leaves`: how far those
    are kept. `state`: a keyed digest of the small tables when they were last kept, and of how many entries that was.
    """

    __tablename__ = "vault_position"
    __table_args__ = ({"info": BOOKKEEPING},)

    through: Mapped[int] = mapped_column(server_default="0")
    segment: Mapped[str | None]
    leaves: Mapped[int] = mapped_column(server_default="0")
    state: Mapped[bytes | None]
    state_at: Mapped[datetime | None]
    state_size: Mapped[int] = mapped_column(server_default="0")
    swept_at: Mapped[datetime | None]
    ran_at: Mapped[datetime | None]
    error: Mapped[str | None]
    error_at: Mapped[datetime | None]
    immutable: Mapped[bool | None]
    because: Mapped[str | None]


class VaultSegmentRow(OfOrganisation, Base):
    """One segment. `texts` counts the messages among its records; `day` is empty for the ledger's own."""

    __tablename__ = "vault_segment"
    __table_args__ = ({"info": BOOKKEEPING},)

    name: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(index=True)
    records: Mapped[int]
    texts: Mapped[int]
    size: Mapped[int]
    keep_until: Mapped[datetime]
    locked_until: Mapped[datetime]


class VaultHeldDayRow(OfOrganisation, Base):
    """A day of expiry whose objects are under a legal hold: what is still to be written for it is held too."""

    __tablename__ = "vault_held_day"
    __table_args__ = ({"info": BOOKKEEPING},)

    day: Mapped[str] = mapped_column(primary_key=True)


def position(session: Session, org_id: int) -> VaultPositionRow | None:
    return session.get(VaultPositionRow, org_id)


def note(session: Session, org_id: int, *, where: Any = None, **values: Any) -> None:
    """Write some columns of an organisation's position, which is made if there is none yet."""
    insert = upsert_for(session)(VaultPositionRow).values(org_id=org_id, **values)
    session.execute(insert.on_conflict_do_update(index_elements=[VaultPositionRow.org_id], set_=values, where=where))


def advance(
    session: Session, org_id: int, through: int, segment: Finished, parts: Sequence[Finished], longest: datetime
) -> None:
    """Everything up to `through` is in the vault; no lock ends after `longest`. Several may say so at once."""
    note_objects(session, org_id, [segment, *parts], longest)
    note(session, org_id, where=VaultPositionRow.through < through, through=through, segment=segment.name)


def note_objects(session: Session, org_id: int, objects: Sequence[Finished], longest: datetime) -> None:
    """What was put into the vault; no lock ends after `longest`. Several may say so at once."""
    key = [VaultSegmentRow.org_id, VaultSegmentRow.name]
    for each in objects:
        values = {
            "day": each.day,
            "records": each.records,
            "texts": each.texts,
            "size": len(each.content),
            "keep_until": each.keep_until,
            "locked_until": min(each.keep_until, longest),
        }
        insert = upsert_for(session)(VaultSegmentRow).values(org_id=org_id, name=each.name, **values)
        session.execute(insert.on_conflict_do_update(index_elements=key, set_=values))


def note_leaves(session: Session, org_id: int, leaves: int) -> None:
    note(session, org_id, where=VaultPositionRow.leaves < leaves, leaves=leaves)


def forget(session: Session, org_id: int) -> None:
    """Nothing is known of the vault any more. Which days are held stays: that is not in it."""
    session.execute(delete(VaultSegmentRow).where(VaultSegmentRow.org_id == org_id))
    note(session, org_id, through=0, segment=None, leaves=0, state=None, state_at=None, state_size=0)


def held_days(session: Session, org_id: int) -> set[str]:
    return set(session.scalars(select(VaultHeldDayRow.day).where(VaultHeldDayRow.org_id == org_id)))


def locked_too_shortly(session: Session, org_id: int, before: datetime, limit: int = 500) -> Sequence[VaultSegmentRow]:
    """Segments whose lock ends before they may go, and before a moment."""
    wanted = select(VaultSegmentRow).where(
        VaultSegmentRow.org_id == org_id,
        VaultSegmentRow.locked_until < VaultSegmentRow.keep_until,
        VaultSegmentRow.locked_until < before,
    )
    return session.scalars(wanted.order_by(VaultSegmentRow.locked_until).limit(limit)).all()


def note_lock(session: Session, row: VaultSegmentRow, until: datetime) -> None:
    session.merge(row).locked_until = until


def sizes(session: Session, org_id: int) -> dict[str, int]:
    """Name → bytes of every segment."""
    rows = session.execute(select(VaultSegmentRow.name, VaultSegmentRow.size).where(VaultSegmentRow.org_id == org_id))
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class Totals:
    segments: int
    texts: int
    size: int


def totals(session: Session, org_id: int) -> Totals:
    counted = select(
        func.count(),
        func.coalesce(func.sum(VaultSegmentRow.texts), 0),
        func.coalesce(func.sum(VaultSegmentRow.size), 0),
    ).where(VaultSegmentRow.org_id == org_id)
    found = session.execute(counted).one()
    return Totals(int(found[0]), int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class Locks:
    """`locked` segments can't be deleted now: the first of these until `first`, the last one until `last`. `cut_short`
    are locked for less long than they have to stay, since no lock may be longer; they are lengthened in time.
    """

    locked: int
    first: datetime | None
    last: datetime | None
    cut_short: int
    held_days: int


def locks(session: Session, org_id: int, now: datetime) -> Locks:
    mine = VaultSegmentRow.org_id == org_id
    ends = VaultSegmentRow.locked_until
    found = session.execute(select(func.count(), func.min(ends), func.max(ends)).where(mine, ends > now)).one()
    short = select(func.count()).where(mine, ends < VaultSegmentRow.keep_until)
    return Locks(found[0], found[1], found[2], session.scalar(short) or 0, len(held_days(session, org_id)))


def note_held_day(session: Session, org_id: int, day: str) -> None:
    session.merge(VaultHeldDayRow(org_id=org_id, day=day))


def note_released_day(session: Session, org_id: int, day: str) -> None:
    session.execute(delete(VaultHeldDayRow).where(VaultHeldDayRow.org_id == org_id, VaultHeldDayRow.day == day))


def note_longer(session: Session, org_id: int, folder: str, keep_until: datetime, locked_until: datetime) -> None:
    """Everything in a folder is kept until a later moment."""
    session.execute(
        update(VaultSegmentRow)
        .where(_in_folder(org_id, folder), VaultSegmentRow.keep_until < keep_until)
        .values(keep_until=keep_until, locked_until=locked_until)
    )


def forget_folder(session: Session, org_id: int, folder: str) -> None:
    session.execute(delete(VaultSegmentRow).where(_in_folder(org_id, folder)))


def _in_folder(org_id: int, folder: str) -> ColumnElement[bool]:
    return (VaultSegmentRow.org_id == org_id) & VaultSegmentRow.name.startswith(folder, autoescape=True)
