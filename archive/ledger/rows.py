"""The ledger's tables. Entries are only ever added; head, tiles and checkpoints say how far it has got."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import BOOKKEEPING, Base, OfOrganisation

# Texts are most of a ledger and are found by their own table, so the indexes leave them out and cost them nothing.
# What a person stores (by retrying) is kept in, since all that somebody did is asked for by name. The statements in
# `trail` repeat these conditions word for word: that is how both databases see that an index may be used.
WITH_SUBJECT = "subject IS NOT NULL"
NO_TEXT = "kind <> 'message.stored'"
BY_SOMEBODY = "kind <> 'message.stored' OR actor LIKE 'person:%'"


class LedgerHeadRow(OfOrganisation, Base):
    """One row an organisation: its lock, and how many entries it has. The next entry is `size + 1`."""

    __tablename__ = "ledger_head"
    __table_args__ = ({"info": BOOKKEEPING},)

    size: Mapped[int]


class LedgerEntryRow(OfOrganisation, Base):
    __tablename__ = "ledger_entry"
    __table_args__ = (
        *(
            Index(
                f"ix_ledger_entry_{column}",
                "org_id",
                column,
                "seq",
                sqlite_where=text(where),
                postgresql_where=text(where),
            )
            for column, where in (("subject", WITH_SUBJECT), ("kind", NO_TEXT), ("actor", BY_SOMEBODY))
        ),
        {"sqlite_with_rowid": False},
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    subject: Mapped[str | None]
    commitment: Mapped[bytes]
    detail: Mapped[str | None]
    key_id: Mapped[int | None]
    sealed: Mapped[bytes | None]


class LedgerTileRow(OfOrganisation, Base):
    """A full tile: 256 hashes of 32 bytes. Level 0 holds leaves, level L subtrees of 256^L leaves (C2SP tlog-tiles)."""

    __tablename__ = "ledger_tile"
    __table_args__ = ({"info": BOOKKEEPING},)

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hashes: Mapped[bytes]


class CheckpointRow(OfOrganisation, Base):
    """A signed statement "at this size the root is this" (C2SP tlog-checkpoint)."""

    __tablename__ = "ledger_checkpoint"
    __table_args__ = ({"info": BOOKKEEPING},)

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes]
    note: Mapped[str]
    signed_at: Mapped[datetime]
