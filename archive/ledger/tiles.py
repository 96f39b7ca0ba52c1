"""The Merkle tree kept in the tiles of C2SP tlog-tiles: roots and proofs from a few tiles, and growth.

A tile of level L and index N holds up to 256 hashes of 32 bytes; hash I of it is the root over the
256**L leaves that begin at leaf (256*N + I) * 256**L. So level 0 holds leaf hashes, and a full tile
becomes one hash of the tile above it. The root of a million leaves is read from three tiles.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from archive.ledger.tree import (
    EMPTY_ROOT,
    HASH_SIZE,
    ProofError,
    demand_hashes,
    demand_sizes,
    node_hash,
    root_of,
)

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT


class Tiles(Protocol):
    """Where tiles are stored: answers the first `width` hashes (1 to 256) of a tile, 32 bytes each.

    A wider or full tile's beginning is a narrower tile, so the widest one is all there is to keep.
    """

    def __call__(self, level: int, index: int, width: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile as it is stored; `hashes` is 32 bytes for each of its up to 256 hashes."""

    level: int
    index: int
    hashes: bytes

    @property
    def width(self) -> int:
        return len(self.hashes) // HASH_SIZE


def root(size: int, tiles: Tiles) -> bytes:
    """The root of the tree of `size` leaves, from the one partial tile at each level."""
    if size < 0:
        raise ProofError(f"a tree cannot have {size} leaves")
    return _root_over(_split(tile.hashes) for tile in partial_tiles(size, tiles))


def inclusion_proof(index: int, size: int, tiles: Tiles) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of the tree of `size` (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}")
    nodes, proof = _Nodes(size, tiles), []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split_point(end - start)
        if index < middle:
            proof.append(nodes.over(middle, end))
            end = middle
        else:
            proof.append(nodes.over(start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(size1: int, size2: int, tiles: Tiles) -> list[bytes]:
    """The hashes that show the tree of `size2` to begin with the tree of `size1` (RFC 9162 §2.1.4.1)."""
    demand_sizes(size1, size2)
    nodes, proof = _Nodes(size2, tiles), []
    start, end = 0, size2
    while size1 != end:
        middle = start + _split_point(end - start)
        if size1 <= middle:
            proof.append(nodes.over(middle, end))
            end = middle
        else:
            proof.append(nodes.over(start, middle))
            start = middle
    if start:
        proof.append(nodes.over(start, end))
    return proof[::-1]


def partial_tiles(size: int, tiles: Tiles) -> list[Tile]:
    """The tile at each level, from 0 up, that a tree of `size` leaves has begun and not filled."""
    partial, level = [], 0
    while count := size >> TILE_HEIGHT * level:
        index, width = divmod(count, TILE_WIDTH)
        partial.append(Tile(level, index, _read(tiles, level, index, width) if width else b""))
        level += 1
    return partial


class _Nodes:
    """The nodes of the tree of `size` leaves, each tile of it read once."""

    def __init__(self, size: int, tiles: Tiles) -> None:
        self._size = size
        self._tiles = tiles
        self._read: dict[tuple[int, int], bytes] = {}

    def over(self, start: int, end: int) -> bytes:
        """The node over the leaves [start, end), a range that some step of a proof has split off."""
        length = end - start
        if length & (length - 1) == 0:
            return self._full(length.bit_length() - 1, start)
        middle = start + _split_point(length)
        return node_hash(self.over(start, middle), self.over(middle, end))

    def _full(self, height: int, start: int) -> bytes:
        level, within = divmod(height, TILE_HEIGHT)
        index, offset = divmod(start >> TILE_HEIGHT * level, TILE_WIDTH)
        tile = self._tile(level, index)
        return root_of(_split(tile[offset * HASH_SIZE : (offset + (1 << within)) * HASH_SIZE]))

    def _tile(self, level: int, index: int) -> bytes:
        if (level, index) not in self._read:
            width = min(TILE_WIDTH, (self._size >> TILE_HEIGHT * level) - index * TILE_WIDTH)
            self._read[level, index] = _read(self._tiles, level, index, width)
        return self._read[level, index]


def _read(tiles: Tiles, level: int, index: int, width: int) -> bytes:
    hashes = tiles(level, index, width)
    if len(hashes) != width * HASH_SIZE:
        raise ProofError(f"tile {index} of level {level} has {len(hashes)} bytes, which is not {width} hashes")
    return hashes


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]


def _split_point(length: int) -> int:
    """The largest power of two below `length`, which is where RFC 6962 cuts a range of leaves in two."""
    return 1 << (length - 1).bit_length() - 1


def _root_over(levels: Iterable[list[bytes]]) -> bytes:
    """The root over the partial tiles of a tree, from level 0 up.

    What lies right of a level's full subtrees is smaller than one of them, so it takes part as their
    last, however small it is: RFC 6962 cuts at the same places.
    """
    remainder: list[bytes] = []
    for hashes in levels:
        if hashes or remainder:
            remainder = [root_of([*hashes, *remainder])]
    return remainder[0] if remainder else EMPTY_ROOT


class TileBuilder:
    """A tree that grows at its right edge, remembering only the partial tile of each level.

    `append` hands out the tiles that became full; `partial` says what to keep for the next time. Since the
    partial tile of level 1 and up changes only when a tile of level 0 becomes full, a follower that always
    stops at a tile boundary has nothing to keep of level 0: it reads those leaves again.
    """

    def __init__(self, size: int = 0, partial: Iterable[Tile] = ()) -> None:
        """Go on from a tree of `size` leaves; `partial` are its unfilled tiles, without empty ones."""
        if size < 0:
            raise ProofError(f"a tree cannot have {size} leaves")
        held = {(tile.level, tile.index): tile.hashes for tile in partial if tile.hashes}
        # _read checks that each level has as many hashes as the size says.
        needed = partial_tiles(size, lambda level, index, width: held.pop((level, index), b""))
        if held:
            raise ProofError(f"a tree of {size} leaves has no partial tiles {sorted(held)} (level, index)")
        self._size = size
        self._levels = [_split(tile.hashes) for tile in needed]

    @classmethod
    def resume(cls, size: int, tiles: Tiles) -> "TileBuilder":
        return cls(size, partial_tiles(size, tiles))

    @property
    def size(self) -> int:
        return self._size

    def root(self) -> bytes:
        return _root_over(self._levels)

    def partial(self) -> list[Tile]:
        """The tiles that are begun and not full, from level 0 up, without empty ones."""
        counts = ((level, self._size >> TILE_HEIGHT * level) for level in range(len(self._levels)))
        return [
            Tile(level, count // TILE_WIDTH, b"".join(self._levels[level]))
            for level, count in counts
            if self._levels[level]
        ]

    def append(self, leaf_hashes: Iterable[bytes]) -> list[Tile]:
        """Add leaves at the right; the tiles that became full, those of level 0 first."""
        arrived, level = list(leaf_hashes), 0
        demand_hashes(*arrived)
        full: list[Tile] = []
        before, self._size = self._size, self._size + len(arrived)
        while arrived:
            if level == len(self._levels):
                self._levels.append([])
            index = before >> TILE_HEIGHT * (level + 1)
            chunks = self._fill(level, arrived)
            full += [Tile(level, index + at, b"".join(chunk)) for at, chunk in enumerate(chunks)]
            arrived, level = [root_of(chunk) for chunk in chunks], level + 1
        return full

    def _fill(self, level: int, arrived: list[bytes]) -> list[list[bytes]]:
        """Put hashes behind a level's partial tile: full tiles come out, what is left stays."""
        hashes = self._levels[level] + arrived
        whole = len(hashes) // TILE_WIDTH * TILE_WIDTH
        self._levels[level] = hashes[whole:]
        return [hashes[at : at + TILE_WIDTH] for at in range(0, whole, TILE_WIDTH)]
