"""How far the ledger is and what of it is signed, for whoever wants to remember it outside this archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from archive.core.errors import NotFound
from archive.ledger import store
from archive.ledger.checkpoints import signer
from archive.ledger.rows import CheckpointRow
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Standing:
    """`checkpoints`: a page of them, newest first, and whether older ones follow. `newest` is the newest of all."""

    origin: str
    public_key: str
    size: int
    newest: CheckpointRow | None
    checkpoints: Sequence[CheckpointRow] = ()
    more: bool = False


def standing(tx: Tx, origin: str, *, limit: int = 0, before: int | None = None) -> Standing:
    """Up to `limit` checkpoints of fewer than `before` entries."""
    found = store.checkpoints(tx.session, limit + 1, before) if limit else []
    return Standing(
        origin=origin,
        public_key=str(signer(tx, origin).public),
        size=tx.ledger_size,
        newest=store.newest_checkpoint(tx.session),
        checkpoints=found[:limit],
        more=len(found) > limit,
    )


@dataclass(frozen=True, slots=True)
class Unsigned:
    """`entries` that no checkpoint covers yet, the oldest of them written at `since`; `signed_at` of the newest one."""

    entries: int
    since: datetime | None
    signed_at: datetime | None


def unsigned(tx: Tx) -> Unsigned:
    newest = store.newest_checkpoint(tx.session)
    size = newest.size if newest else 0
    return Unsigned(tx.ledger_size - size, store.written_at(tx.session, size + 1), newest.signed_at if newest else None)


def anything_unsigned(session: Session) -> bool:
    """Whether a checkpoint is wanting in any organisation; quick, and in a session that is not about one of them."""
    return store.any_unsigned(session)


def read_checkpoint(tx: Tx, size: int) -> CheckpointRow:
    row = store.checkpoint_at(tx.session, size)
    if row is None:
        raise NotFound(f"No checkpoint of {size} entries was signed.", "The page on integrity lists those that were.")
    return row
