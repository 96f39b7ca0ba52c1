"""The table of what providers say they carried, and every statement on it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.completeness.model import Cell
from archive.db.base import Base, OfOrganisation
from archive.db.upsert import upsert_for
from archive.tx import Tx


class ProviderCountRow(OfOrganisation, Base):
    """The newest word of a provider on one day. `number` is empty where it counts for a whole account. `entry`: the one
    in the ledger, from which all of it can be written anew.
    """

    __tablename__ = "provider_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    texts: Mapped[int]
    entry: Mapped[int]
    said_at: Mapped[datetime]


_KEY = ("org_id", "day", "provider", "account", "number", "direction")
AT_ONCE = 500


def said_by(tx: Tx, provider: str, account: str, days: Collection[date]) -> dict[Cell, int]:
    """The counts that this account's provider has named for these days."""
    theirs = (ProviderCountRow.provider == provider, ProviderCountRow.account == account)
    return _read(tx, *theirs, ProviderCountRow.day.in_(days))


def said_on(tx: Tx, days: Collection[date]) -> dict[Cell, int]:
    """All counts of these days."""
    return _read(tx, ProviderCountRow.day.in_(days))


def days_said_after(tx: Tx, entry: int) -> set[date]:
    """The days of which a provider has said something since that ledger entry."""
    return set(tx.session.scalars(select(ProviderCountRow.day).where(ProviderCountRow.entry > entry).distinct()))


def forget_before(tx: Tx, day: date) -> int:
    """How many counts they were."""
    count = tx.session.scalar(select(func.count()).select_from(ProviderCountRow).where(ProviderCountRow.day < day)) or 0
    if count:
        tx.session.execute(
            delete(ProviderCountRow).where(ProviderCountRow.day < day),
            execution_options={"synchronize_session": False},
        )
    return count


def put(tx: Tx, counts: Iterable[tuple[Cell, int]], entry: int, at: datetime) -> None:
    rows = [
        {
            **{"org_id": tx.org_id, "day": cell.day, "provider": cell.provider, "account": cell.account},
            **{"number": cell.number, "direction": cell.direction, "texts": texts, "entry": entry, "said_at": at},
        }
        for cell, texts in counts
    ]
    insert = upsert_for(tx.session)(ProviderCountRow)
    newest = {name: insert.excluded[name] for name in ("texts", "entry", "said_at")}
    for start in range(0, len(rows), AT_ONCE):
        some = insert.values(rows[start : start + AT_ONCE])
        tx.session.execute(some.on_conflict_do_update(index_elements=_KEY, set_=newest))


def _read(tx: Tx, *wanted: Any) -> dict[Cell, int]:
    columns = (
        *(ProviderCountRow.day, ProviderCountRow.provider, ProviderCountRow.account),
        *(ProviderCountRow.number, ProviderCountRow.direction, ProviderCountRow.texts),
    )
    rows = tx.session.execute(select(*columns).where(*wanted))
    return {Cell(day, provider, account, number, way): texts for day, provider, account, number, way, texts in rows}
