"""The table of gaps, open and closed, and every statement on it."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec
from sqlalchemy import Index, Select, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.completeness.gap import Because, Cause, Gap, Shortfall
from archive.completeness.model import Cell
from archive.db.base import Base, OfOrganisation
from archive.tx import Tx


class CompletenessGapRow(OfOrganisation, Base):
    """See `gap.Gap`. `serials` as JSON; `entry`: the ledger entry that opened it."""

    __tablename__ = "completeness_gap"
    __table_args__ = (Index("ix_completeness_gap_day", "org_id", "day"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[str]
    day: Mapped[date]
    provider: Mapped[str]
    account: Mapped[str]
    number: Mapped[str]
    direction: Mapped[str]
    block: Mapped[int | None]
    expected: Mapped[int]
    stored: Mapped[int]
    indexed: Mapped[int]
    missing: Mapped[int]
    serials: Mapped[str]
    opened_at: Mapped[datetime]
    entry: Mapped[int]
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    acknowledged_missing: Mapped[int | None]


def add_gap(tx: Tx, gap: Gap) -> None:
    cell = gap.short.cell
    row = CompletenessGapRow(
        org_id=tx.org_id,
        id=gap.id,
        cause=gap.short.cause.value,
        day=cell.day,
        provider=cell.provider,
        account=cell.account,
        number=cell.number,
        direction=cell.direction,
        block=gap.short.block,
        opened_at=gap.opened_at,
        entry=gap.entry,
    )
    tx.session.add(row)
    _write(row, gap)


def put_gap(tx: Tx, gap: Gap) -> None:
    """Its newest figures, and whether it is closed or acknowledged."""
    _write(_row(tx, gap.id), gap)


def find_gap(tx: Tx, gap_id: str) -> Gap | None:
    row = tx.session.scalars(select(CompletenessGapRow).where(CompletenessGapRow.id == gap_id)).one_or_none()
    return _gap(row) if row else None


def open_gaps(tx: Tx) -> list[Gap]:
    """Oldest days first."""
    wanted = select(CompletenessGapRow).where(CompletenessGapRow.closed_at.is_(None))
    return list(_gaps(tx, wanted.order_by(CompletenessGapRow.day, CompletenessGapRow.id)))


def gaps_between(tx: Tx, first: date, last: date) -> list[Gap]:
    """Open and closed ones of these days, the latest days first."""
    wanted = select(CompletenessGapRow).where(CompletenessGapRow.day.between(first, last))
    return list(_gaps(tx, wanted.order_by(CompletenessGapRow.day.desc(), CompletenessGapRow.id.desc())))


def count_alarms(tx: Tx) -> dict[Cause, tuple[int, int]]:
    """Cause → (gaps, texts missing) of those that nobody has acknowledged."""
    alarm = (CompletenessGapRow.closed_at.is_(None), CompletenessGapRow.acknowledged_at.is_(None))
    wanted = select(CompletenessGapRow.cause, func.count(), func.sum(CompletenessGapRow.missing)).where(*alarm)
    rows = tx.session.execute(wanted.group_by(CompletenessGapRow.cause))
    return {Cause(cause): (gaps, int(missing)) for cause, gaps, missing in rows}


def forget_gaps_before(tx: Tx, day: date) -> int:
    """Closed ones; how many they were."""
    old = (CompletenessGapRow.day < day, CompletenessGapRow.closed_at.is_not(None))
    count = tx.session.scalar(select(func.count()).select_from(CompletenessGapRow).where(*old)) or 0
    if count:
        tx.session.execute(delete(CompletenessGapRow).where(*old), execution_options={"synchronize_session": False})
    return count


def _gaps(tx: Tx, wanted: Select[CompletenessGapRow]) -> Iterator[Gap]:
    return (_gap(row) for row in tx.session.scalars(wanted))


def _row(tx: Tx, gap_id: str) -> CompletenessGapRow:
    tx.session.flush()
    return tx.session.scalars(select(CompletenessGapRow).where(CompletenessGapRow.id == gap_id)).one()


def _write(row: CompletenessGapRow, gap: Gap) -> None:
    short = gap.short
    row.expected, row.stored, row.indexed, row.missing = short.expected, short.stored, short.indexed, short.missing
    row.serials = msgspec.json.encode(short.serials).decode()
    row.closed_at, row.closed_because = gap.closed_at, gap.because.value if gap.because else None
    row.acknowledged_at, row.acknowledged_by = gap.acknowledged_at, gap.acknowledged_by
    row.acknowledged_missing = gap.acknowledged_missing


def _gap(row: CompletenessGapRow) -> Gap:
    short = Shortfall(
        cause=Cause(row.cause),
        cell=Cell(row.day, row.provider, row.account, row.number, row.direction),
        expected=row.expected,
        stored=row.stored,
        indexed=row.indexed,
        missing=row.missing,
        block=row.block,
        serials=msgspec.json.decode(row.serials, type=tuple[tuple[int, int], ...]),
    )
    return Gap(
        id=row.id,
        short=short,
        opened_at=row.opened_at,
        entry=row.entry,
        closed_at=row.closed_at,
        because=Because(row.closed_because) if row.closed_because else None,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        acknowledged_missing=row.acknowledged_missing,
    )
