"""Hashes of the newest entries, kept beside each checkpoint until a segment of the ledger has the entries themselves.

A checkpoint is some seconds old, a segment some minutes. If the database is lost between the two, the entries are gone,
but not the place that each has in the signed tree: with their hashes the restored ledger continues what was signed, and
never has to contradict it. An object is nothing but the 32 bytes of each leaf hash (RFC 9162 §2.1.1), in order.
"""

from datetime import timedelta

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import Damaged
from archive.ledger import store as ledger
from archive.ledger.tree import HASH_SIZE
from archive.segments import names, store
from archive.segments.vault import Vault
from archive.tx import Transactions

ACTOR = Actor("job", "checkpoints")
AT_ONCE = 1 << 18
"""Leaves in one object: 8 MB."""
LOCKED_FOR = timedelta(days=1)
"""By then the entries are in a segment many times over, and the hashes are deleted."""


def keep_leaves(
    transactions: Transactions, vault: Vault, organisation: OrganisationRow, size: int, at_once: int = AT_ONCE
) -> None:
    """All leaves of a tree of `size` that are neither in a segment nor kept already."""
    with transactions.glance() as session:
        row = store.position(session, organisation.id)
    kept = max(row.leaves, row.through) if row else 0
    while kept < size:
        end = min(size, kept + at_once)
        with transactions.read(organisation.id, ACTOR) as tx:
            hashes = ledger.leaf_hashes(tx.session, kept, end)
        name = names.numbered(names.leaves_folder(organisation.public_id), kept + 1, end)
        vault.put_new(name, b"".join(hashes), transactions.clock() + LOCKED_FOR)
        kept = end
        with transactions.across() as session:
            store.note_leaves(session, organisation.id, kept)


def read_leaves(vault: Vault, organisation: str, after: int) -> list[bytes]:
    """The leaf hashes that follow entry `after`, as far as they are kept without a gap."""
    hashes: list[bytes] = []
    for name in vault.names(names.leaves_folder(organisation)):
        first, last = names.range_of(name)
        have = after + len(hashes)
        if first <= have + 1 and have < last:
            hashes += _split(name, vault.get(name), last - first + 1)[have + 1 - first :]
    return hashes


def _split(name: str, content: bytes, count: int) -> list[bytes]:
    if len(content) != count * HASH_SIZE:
        raise Damaged(f"{name} does not hold {count} hashes.", "Put it back from another copy of the vault.")
    return [content[at : at + HASH_SIZE] for at in range(0, len(content), HASH_SIZE)]
