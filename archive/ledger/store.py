"""Reading entries, tiles and checkpoints of the transaction's organisation, and adding tiles and checkpoints."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, func, select, text
from sqlalchemy.orm import Session

from archive.core.clock import from_micros
from archive.ledger.entry import LOST, leaf_data
from archive.ledger.note import Checkpoint
from archive.ledger.rows import NO_TEXT, CheckpointRow, LedgerEntryRow, LedgerHeadRow, LedgerTileRow
from archive.ledger.tiles import TILE_WIDTH, Tile
from archive.ledger.tree import HASH_SIZE, leaf_hash, root_of
from archive.tx import Tx

_LEAF = (LedgerEntryRow.seq, LedgerEntryRow.kind, LedgerEntryRow.at, LedgerEntryRow.commitment)
_WHOLE = ("seq", "kind", "at", "actor", "subject", "commitment", "detail", "key_id", "sealed")


def entries(tx: Tx, after: int, through: int) -> Sequence[Row[Any]]:
    """Entries as (seq, kind, at, actor, subject, commitment, detail, key_id, sealed), oldest first."""
    table: Any = LedgerEntryRow.__table__
    return tx.scan(table, _WHOLE, after, through)


def entry_at(session: Session, seq: int) -> LedgerEntryRow | None:
    return session.scalars(select(LedgerEntryRow).where(LedgerEntryRow.seq == seq)).one_or_none()


def commitments(tx: Tx, after: int, through: int) -> dict[int, bytes]:
    """seq → commitment; of an entry that was lost, what is left of it is none."""
    rows: Sequence[Any] = tx.scan(cast(Table, LedgerEntryRow.__table__), ("seq", "kind", "commitment"), after, through)
    return {seq: bytes(commit) for seq, kind, commit in rows if kind != LOST}


def moments(tx: Tx, after: int, through: int) -> list[datetime]:
    """When entries were made, oldest first."""
    table: Any = LedgerEntryRow.__table__
    return [from_micros(row[0]) for row in tx.scan(table, ("at",), after, through)]


def sizes(session: Session) -> Sequence[Row[int, int]]:
    """(organisation, entries) of every ledger; in a session that is not about one organisation."""
    return session.execute(select(LedgerHeadRow.org_id, LedgerHeadRow.size)).all()


def any_unsigned(session: Session) -> bool:
    """Whether some ledger is longer than its newest checkpoint."""
    signed = (
        select(func.coalesce(func.max(CheckpointRow.size), 0))
        .where(CheckpointRow.org_id == LedgerHeadRow.org_id)
        .scalar_subquery()
    )
    return session.scalar(select(LedgerHeadRow.org_id).where(LedgerHeadRow.size > signed).limit(1)) is not None


def last_entry(session: Session) -> int:
    return session.scalar(select(func.max(LedgerEntryRow.seq))) or 0


def next_entry(session: Session, after: int) -> int:
    """The first sequence number behind `after` that has an entry; there is one."""
    return session.scalars(select(func.min(LedgerEntryRow.seq)).where(LedgerEntryRow.seq > after)).one()


def written_at(session: Session, seq: int) -> datetime | None:
    return session.scalar(select(LedgerEntryRow.at).where(LedgerEntryRow.seq == seq))


def first_since(tx: Tx, at: datetime) -> int:
    """The first entry of the ledger that was written at or after a moment. Entries are in the order of time, so some
    twenty looks find it among a million."""
    low, high = 1, tx.ledger_size + 1
    while low < high:
        middle = (low + high) // 2
        written = tx.session.scalar(select(LedgerEntryRow.at).where(LedgerEntryRow.seq == middle))
        if written is None or written >= at:
            high = middle
        else:
            low = middle + 1
    return low


def has_entry_about(session: Session, kind: str, subject: str) -> bool:
    wanted = select(LedgerEntryRow.seq).where(LedgerEntryRow.subject == subject, LedgerEntryRow.kind == kind)
    return session.scalars(wanted.limit(1)).first() is not None


def has_entry_of(session: Session, kind: str) -> bool:
    return session.scalars(select(LedgerEntryRow.seq).where(LedgerEntryRow.kind == kind).limit(1)).first() is not None


def details_of(tx: Tx, kind: str) -> Sequence[str | None]:
    """The readable details of all entries of a kind, oldest first, as they are stored."""
    wanted = select(LedgerEntryRow.detail).where(LedgerEntryRow.kind == kind).order_by(LedgerEntryRow.seq)
    return tx.session.scalars(wanted).all()


def told_about(session: Session, kind: str) -> Sequence[Row[str | None, datetime]]:
    """(subject, moment) of every entry of a kind that is no text's."""
    wanted = select(LedgerEntryRow.subject, LedgerEntryRow.at).where(LedgerEntryRow.kind == kind, text(NO_TEXT))
    return session.execute(wanted.order_by(LedgerEntryRow.seq)).all()


def leaf_hashes(session: Session, start: int, end: int) -> list[bytes]:
    """Hashes of the leaves [start, end); leaf I is entry I + 1."""
    rows = session.execute(
        select(*_LEAF).where(LedgerEntryRow.seq > start, LedgerEntryRow.seq <= end).order_by(LedgerEntryRow.seq)
    )
    return [row.commitment if row.kind == LOST else leaf_hash(leaf_data(*row)) for row in rows]


class StoredTiles:
    """The tree as it is stored. What is not in its table yet is hashed from what lies below it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, level: int, index: int, width: int) -> bytes:
        stored = self._session.scalar(
            select(LedgerTileRow.hashes).where(LedgerTileRow.level == level, LedgerTileRow.number == index)
        )
        if stored is not None and len(stored) >= width * HASH_SIZE:
            return stored[: width * HASH_SIZE]
        first = index * TILE_WIDTH
        if level == 0:
            return b"".join(leaf_hashes(self._session, first, first + width))
        return b"".join(root_of(_split(self(level - 1, first + at, TILE_WIDTH))) for at in range(width))


def tiled_leaves(session: Session) -> int:
    """How many leaves are in full tiles of level 0."""
    newest = session.scalar(select(func.max(LedgerTileRow.number)).where(LedgerTileRow.level == 0))
    return 0 if newest is None else (newest + 1) * TILE_WIDTH


def put_tiles(session: Session, org_id: int, tiles: Iterable[Tile]) -> None:
    """Store tiles; one that was begun before is replaced by its wider self."""
    for tile in tiles:
        session.merge(LedgerTileRow(org_id=org_id, level=tile.level, number=tile.index, hashes=tile.hashes))


def tiles_between(session: Session, first: int, last: int) -> dict[tuple[int, int], bytes]:
    """(level, number) → hashes of the stored tiles of level 0 from `first` to `last`, and all above."""
    rows = session.execute(
        select(LedgerTileRow.level, LedgerTileRow.number, LedgerTileRow.hashes).where(
            (LedgerTileRow.level > 0) | LedgerTileRow.number.between(first, last)
        )
    )
    return {(level, number): hashes for level, number, hashes in rows}


def add_checkpoint(session: Session, org_id: int, checkpoint: Checkpoint, note: str, at: datetime) -> None:
    session.add(CheckpointRow(org_id=org_id, size=checkpoint.size, root=checkpoint.root, note=note, signed_at=at))


def newest_checkpoint(session: Session) -> CheckpointRow | None:
    return session.scalars(select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(1)).one_or_none()


def checkpoint_at(session: Session, size: int) -> CheckpointRow | None:
    return session.scalars(select(CheckpointRow).where(CheckpointRow.size == size)).one_or_none()


def checkpoint_covering(session: Session, seq: int) -> CheckpointRow | None:
    """The first one that was signed over entry `seq`."""
    covering = select(CheckpointRow).where(CheckpointRow.size >= seq).order_by(CheckpointRow.size).limit(1)
    return session.scalars(covering).one_or_none()


def checkpoints(session: Session, limit: int | None = None, before: int | None = None) -> Sequence[CheckpointRow]:
    """Newest first; those of fewer than `before` entries."""
    wanted = select(CheckpointRow).order_by(CheckpointRow.size.desc()).limit(limit)
    return session.scalars(wanted if before is None else wanted.where(CheckpointRow.size < before)).all()


def checkpoints_between(session: Session, first: int, last: int) -> Sequence[CheckpointRow]:
    """Those of `first` to `last` entries, in order."""
    wanted = select(CheckpointRow).where(CheckpointRow.size.between(first, last)).order_by(CheckpointRow.size)
    return session.scalars(wanted).all()


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]
