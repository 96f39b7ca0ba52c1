"""The tables of what has arrived, as it was counted, and of how far that has got."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.completeness.model import Cell
from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.db.upsert import upsert_for
from archive.tx import Tx


class CompletenessCountRow(OfOrganisation, Base):
    """How many texts of a cell (`model.Cell`) have ever arrived among the serials of one block.

    `repeated` of them have another text's name, so a provider counts them once. A cell without a number is of texts
    whose rows were gone before they were counted. `touched`: up to which ledger entry was counted when this last
    changed. It follows the ledger and can be made again, but of what was destroyed since.
    """

    __tablename__ = "completeness_count"
    __table_args__ = (Index("ix_completeness_count_day", "org_id", "day"), {"info": BOOKKEEPING})

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    arrived: Mapped[int]
    repeated: Mapped[int]
    touched: Mapped[int]


class CompletenessProgressRow(OfOrganisation, Base):
    """See `Progress`."""

    __tablename__ = "completeness_progress"
    __table_args__ = ({"info": BOOKKEEPING},)

    counted: Mapped[int]
    compared: Mapped[int]
    block: Mapped[int]
    looked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Progress:
    """`counted`: the last ledger entry whose text is counted. `compared`: up to where days were compared. `block`: the
    next whose rows are counted again. `looked_at`: when all of that was last done.
    """

    counted: int = 0
    compared: int = 0
    block: int = 0
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    arrived: int
    repeated: int = 0


_KEY = ("org_id", "block", "day", "provider", "account", "number", "direction")
_CELL = (
    *(CompletenessCountRow.day, CompletenessCountRow.provider, CompletenessCountRow.account),
    *(CompletenessCountRow.number, CompletenessCountRow.direction),
)
AT_ONCE = 500


def progress(tx: Tx) -> Progress:
    row = tx.session.scalars(select(CompletenessProgressRow)).one_or_none()
    return Progress(row.counted, row.compared, row.block, row.looked_at) if row else Progress()


def note_progress(tx: Tx, now: Progress) -> None:
    said = {"counted": now.counted, "compared": now.compared, "block": now.block, "looked_at": now.looked_at}
    insert = upsert_for(tx.session)(CompletenessProgressRow).values(org_id=tx.org_id, **said)
    tx.session.execute(insert.on_conflict_do_update(index_elements=["org_id"], set_=said))


def add(tx: Tx, block: int, tallies: Mapping[Cell, Tally], through: int) -> None:
    """What arrived in a stretch of one block that ends with ledger entry `through`."""
    rows = [
        {
            **{"org_id": tx.org_id, "block": block, "day": cell.day, "provider": cell.provider},
            **{"account": cell.account, "number": cell.number, "direction": cell.direction},
            **{"arrived": tally.arrived, "repeated": tally.repeated, "touched": through},
        }
        for cell, tally in tallies.items()
    ]
    insert, table = upsert_for(tx.session)(CompletenessCountRow), CompletenessCountRow
    more = {
        "arrived": table.arrived + insert.excluded.arrived,
        "repeated": table.repeated + insert.excluded.repeated,
        "touched": insert.excluded.touched,
    }
    for start in range(0, len(rows), AT_ONCE):
        some = insert.values(rows[start : start + AT_ONCE])
        tx.session.execute(some.on_conflict_do_update(index_elements=_KEY, set_=more))


def arrived_in(tx: Tx, block: int) -> dict[Cell, int]:
    """What was counted among the serials of a block."""
    rows = tx.session.execute(select(*_CELL, CompletenessCountRow.arrived).where(CompletenessCountRow.block == block))
    return {Cell(day, provider, account, number, way): texts for day, provider, account, number, way, texts in rows}


def arrived_on(tx: Tx, days: Collection[date]) -> dict[Cell, int]:
    """How many different texts have ever arrived, of those whose number is known."""
    different = CompletenessCountRow.arrived - CompletenessCountRow.repeated
    wanted = select(*_CELL, different).where(CompletenessCountRow.day.in_(days), CompletenessCountRow.number != "")
    found: dict[Cell, int] = {}
    for day, provider, account, number, way, texts in tx.session.execute(wanted):
        cell = Cell(day, provider, account, number, way)
        found[cell] = found.get(cell, 0) + texts
    return found


def days_touched_after(tx: Tx, entry: int) -> set[date]:
    """The days of which anything was counted since that ledger entry."""
    wanted = select(CompletenessCountRow.day).where(CompletenessCountRow.touched > entry)
    return set(tx.session.scalars(wanted.distinct()))


def forget_before(tx: Tx, day: date) -> None:
    tx.session.execute(
        delete(CompletenessCountRow).where(CompletenessCountRow.day < day),
        execution_options={"synchronize_session": False},
    )
