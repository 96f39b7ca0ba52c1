"""The follower that builds the tree and signs it. Intake never waits for a hash of the tree."""

from archive.core.actor import Actor
from archive.core.errors import Damaged
from archive.keys.keyring import SIGNING
from archive.ledger import store, tiles
from archive.ledger.note import Checkpoint
from archive.ledger.rows import CheckpointRow
from archive.ledger.signing import Signer
from archive.ledger.tree import ProofError, verify_consistency
from archive.tx import Transactions, Tx

LEAVES_AT_ONCE = 128 * tiles.TILE_WIDTH
FOLLOWER = Actor("job", "checkpoints")


def signer(tx: Tx, origin: str) -> Signer:
    return Signer(origin, tx.key(SIGNING))


def bring_up(transactions: Transactions, org_id: int, origin: str) -> CheckpointRow:
    """A checkpoint over everything that is committed now: the newest one if it is that already."""
    while _store_tiles(transactions, org_id):
        pass
    with transactions.write(org_id, FOLLOWER) as tx:
        last = store.newest_checkpoint(tx.session)
        if last and last.size == tx.ledger_size:
            return last
        return _sign(tx, origin, last)


def _store_tiles(transactions: Transactions, org_id: int) -> bool:
    """Store the next full tiles, and what they begin above them; whether there may be more.

    The hashing reads without holding up any writer.
    """
    with transactions.read(org_id, FOLLOWER) as tx:
        start = store.tiled_leaves(tx.session)
        end = min(tx.ledger_size // tiles.TILE_WIDTH * tiles.TILE_WIDTH, start + LEAVES_AT_ONCE)
        if end <= start:
            return False
        builder = tiles.TileBuilder.resume(start, store.StoredTiles(tx.session))
        full = builder.append(store.leaf_hashes(tx.session, start, end))
        begun = [tile for tile in builder.partial() if tile.level > 0]
    with transactions.write(org_id, FOLLOWER) as tx:
        if store.tiled_leaves(tx.session) == start:  # Nobody else has done it in between.
            store.put_tiles(tx.session, org_id, [*full, *begun])
    return True


def _sign(tx: Tx, origin: str, last: CheckpointRow | None) -> CheckpointRow:
    """Never sign what contradicts what was signed: a log that does is worth nothing (C2SP tlog-checkpoint)."""
    stored = store.StoredTiles(tx.session)
    size = tx.ledger_size
    checkpoint = Checkpoint(origin, size, tiles.root(size, stored))
    if last:
        try:
            proof = tiles.consistency_proof(last.size, size, stored)
            verify_consistency(last.size, size, last.root, checkpoint.root, proof)
        except ProofError as problem:
            raise Damaged(
                f"The ledger does not continue what was signed at {last.size} entries: {problem}.",
                "Nothing was signed. Run `textarchive verify` and keep the database as it is for the examination.",
            ) from None
    note = signer(tx, origin).sign(checkpoint)
    store.add_checkpoint(tx.session, tx.org_id, checkpoint, note, tx.now)
    return CheckpointRow(org_id=tx.org_id, size=size, root=checkpoint.root, note=note, signed_at=tx.now)
