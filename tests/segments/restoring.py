"""Into the vault and back out of it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy import text as sql

from archive.access.organisations import OrganisationRow
from archive.db.base import Base
from archive.proving import verify_organisation
from archive.safekeeping import keep_up, restore
from archive.segments.restore import Restored
from archive.wiring import Archive


def keep(archive: Archive, organisation: OrganisationRow) -> None:
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)


def bring_back(archive: Archive, **more: Any) -> Restored:
    (restored,) = restore(archive.transactions, archive.vault, archive.keys_backup, **more)
    return restored


def is_clean(archive: Archive, organisation: OrganisationRow) -> bool:
    return verify_organisation(archive.transactions, archive.vault, organisation).faults == []


def rows(archive: Archive, table: str) -> list[tuple[Any, ...]]:
    wanted = select(Base.metadata.tables[table])
    with archive.engine.connect() as connection:
        return sorted((tuple(row) for row in connection.execute(wanted)), key=repr)


def empty(archive: Archive) -> None:
    """The database is lost once more, and with it what the process remembers of it."""
    with archive.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(sql(f"DELETE FROM {table.name}"))
    archive.keyring._open.clear()
    archive.keyring._current.clear()
