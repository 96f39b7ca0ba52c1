"""A sieve holds back what is not in a set for certain, and lets through all that is in it (Bloom, 1970).

Keyed hashes are spread evenly already, so three bits for each are three stretches of the hash itself. One that is not
in a full set of 131,072 comes through 5 times in 1,000, as theory has it: (1 - e^(-3/16))³.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_BITS = 21
SIEVE_BYTES = (1 << _BITS) // 8

Places = NDArray[np.uint64]


def places_of(hashes: Sequence[int]) -> Places:
    """Three numbers of 21 bits for each signed 64-bit hash: an array of shape (3, hashes)."""
    spread = np.asarray(hashes, dtype=np.int64).view(np.uint64)
    return np.stack([(spread >> np.uint64(_BITS * at)) & np.uint64((1 << _BITS) - 1) for at in range(3)])


def sieve_of(hashes: Sequence[int]) -> bytes:
    """`SIEVE_BYTES` long, however many there are."""
    bits = np.zeros(1 << _BITS, dtype=np.bool_)
    bits[places_of(hashes)] = True
    return np.packbits(bits, bitorder="little").tobytes()


def let_through(sieve: bytes, places: Places) -> NDArray[np.intp]:
    """Which of those at `places` may be in the set, by their position."""
    held = np.frombuffer(sieve, dtype=np.uint8)
    found = (held[places >> np.uint64(3)] >> (places & np.uint64(7)).astype(np.uint8)) & 1
    return np.flatnonzero(found.all(axis=0))
