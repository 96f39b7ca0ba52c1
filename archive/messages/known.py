"""Which texts are here already, asked for many at a time.

Looking into every block costs a batch more with each 131,072 texts that the archive has. So a full block gets a sieve,
and what that holds back is not looked for. A block without one is looked into.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from archive.messages import identity_store as store
from archive.messages.blocks import block_of, blocks
from archive.messages.sieve import let_through, places_of, sieve_of
from archive.tx import Tx

MANY = 256
"""Fewer are found sooner than the sieves are read."""


def known_identities(tx: Tx, identities: Sequence[int]) -> dict[int, dict[int, int]]:
    """identity → {fingerprint: serial} of all that is here already."""
    sifted = store.blocks_with_sieve(tx) if len(identities) >= MANY else []
    unsifted = [block for block in blocks(tx) if block not in sifted]
    known: dict[int, dict[int, int]] = {}
    for among, wanted in chain([(unsifted, identities)], _come_through(tx, sifted, identities)):
        for identity, fingerprint, serial in store.known_in(tx, among, wanted):
            known.setdefault(identity, {})[fingerprint] = serial
    return known


def _come_through(tx: Tx, sifted: list[int], identities: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """For each block with a sieve those that may be in it, where there are any."""
    places = places_of(identities)
    for block in sifted:
        found = let_through(store.sieve_for(tx, block), places)
        if len(found):
            yield [block], [identities[at] for at in found]


def sift(tx: Tx) -> None:
    """Make the sieve of one full block that has none, if there is such a block."""
    lacking = set(range(block_of(tx.ledger_size))) - set(store.blocks_with_sieve(tx))
    if lacking:
        block = max(lacking)
        store.add_sieve(tx, block, sieve_of(store.identities_in(tx, block)))
