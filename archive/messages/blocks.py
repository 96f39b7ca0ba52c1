"""Serials in blocks, for tables that are in the order of a hash.

Hashes come in no order, so a batch of them touches nearly every page of their tree. In order within blocks they touch
the pages of one block, however many texts there are; who looks for one looks into each block.
"""

from archive.tx import Tx

IN_A_BLOCK = 1 << 17
"""Serials."""


def block_of(serial: int) -> int:
    return serial // IN_A_BLOCK


def blocks(tx: Tx) -> range:
    """All that there are, the one that is being filled last. A statement without them looks through whole tables."""
    return range(block_of(tx.ledger_size) + 1)
