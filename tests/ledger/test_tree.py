"""The tree against RFC 6962's own recursive words, public vectors, and tiles kept as a store keeps them."""

import json
from base64 import b64decode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.ledger.tiles import TILE_WIDTH, Tile, TileBuilder, consistency_proof, inclusion_proof, root
from archive.ledger.tree import (
    EMPTY_ROOT,
    HASH_SIZE,
    ProofError,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(65_536 + 600)]
BORDERS = [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 700, 65_535, 65_536, 65_537, 65_536 + 257]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = naive_cut(len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:cut]) + naive_root(leaves[cut:])).digest()


def naive_cut(length: int) -> int:
    cut = 1
    while cut * 2 < length:
        cut *= 2
    return cut


def naive_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    cut = naive_cut(len(leaves))
    if index < cut:
        return [*naive_path(index, leaves[:cut]), naive_root(leaves[cut:])]
    return [*naive_path(index - cut, leaves[cut:]), naive_root(leaves[:cut])]


def naive_subproof(old: int, leaves: Sequence[bytes], known: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if known else [naive_root(leaves)]
    cut = naive_cut(len(leaves))
    if old <= cut:
        return [*naive_subproof(old, leaves[:cut], known), naive_root(leaves[cut:])]
    return [*naive_subproof(old - cut, leaves[cut:], False), naive_root(leaves[:cut])]


class Shelf:
    """A store of tiles in memory that keeps the widest of each and counts what is read."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, int], bytes] = {}
        self.reads: list[tuple[int, int]] = []

    def keep(self, tiles: Sequence[Tile]) -> None:
        self.kept.update({(tile.level, tile.index): tile.hashes for tile in tiles})

    def __call__(self, level: int, index: int, width: int) -> bytes:
        self.reads.append((level, index))
        return self.kept[level, index][: width * HASH_SIZE]


def shelf_of(size: int) -> Shelf:
    shelf, builder = Shelf(), TileBuilder()
    shelf.keep(builder.append(LEAVES[:size]))
    shelf.keep(builder.partial())
    return shelf


@pytest.fixture(scope="module")
def whole() -> Shelf:
    return shelf_of(len(LEAVES))


# --- Public vectors ---------------------------------------------------------------------------------


def vectors(shared: Path, kind: str) -> list[dict[str, Any]]:
    folder = shared / "data" / "vectors" / "merkle" / "vectors" / "testdata" / kind
    return [json.loads(file.read_text()) for file in sorted(folder.rglob("*.json"))]


def proof_of(vector: dict[str, Any]) -> list[bytes]:
    return [b64decode(step) for step in vector["proof"] or []]


def bytes_of(vector: dict[str, Any], name: str) -> bytes:
    return b64decode(vector[name] or "")


def test_all_public_inclusion_vectors_are_judged_as_their_authors_do(shared: Path) -> None:
    cases = vectors(shared, "inclusion")
    assert len(cases) == 98
    for case in cases:
        arguments = (
            bytes_of(case, "leafHash"),
            case["leafIdx"],
            case["treeSize"],
            proof_of(case),
            bytes_of(case, "root"),
        )
        if case["wantErr"]:
            with pytest.raises(ProofError):
                verify_inclusion(*arguments)
        else:
            verify_inclusion(*arguments)


def test_all_public_consistency_vectors_are_judged_as_their_authors_do(shared: Path) -> None:
    cases = vectors(shared, "consistency")
    assert len(cases) == 98
    for case in cases:
        arguments = (
            case["size1"],
            case["size2"],
            bytes_of(case, "root1"),
            bytes_of(case, "root2"),
            proof_of(case),
        )
        if case["wantErr"]:
            with pytest.raises(ProofError):
                verify_consistency(*arguments)
        else:
            verify_consistency(*arguments)


# --- Roots ------------------------------------------------------------------------------------------


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY_ROOT == TileBuilder().root() == root(0, Shelf()) == sha256(b"").digest()


def test_leaves_and_nodes_are_hashed_apart() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert left == sha256(b"\0a").digest()
    assert node_hash(left, right) == sha256(b"\1" + left + right).digest()


@pytest.mark.parametrize("size", BORDERS)
def test_the_root_by_levels_builder_and_tiles_is_the_recursive_root(size: int, whole: Shelf) -> None:
    builder = TileBuilder()
    builder.append(LEAVES[:size])
    expected = naive_root(LEAVES[:size])
    assert root_of(LEAVES[:size]) == expected
    assert builder.root() == expected
    assert root(size, whole) == expected


@given(st.integers(0, 1500), st.lists(st.integers(0, 700), max_size=6))
@settings(deadline=None, max_examples=60)
def test_appending_in_any_portions_gives_the_same_tiles_and_root(first: int, portions: list[int]) -> None:
    sizes = [first, *portions]
    total = sum(sizes)
    shelf, size = Shelf(), 0
    for portion in sizes:
        builder = TileBuilder.resume(size, shelf)
        shelf.keep(builder.append(LEAVES[size : size + portion]))
        shelf.keep(builder.partial())
        size += portion
        assert builder.size == size
        assert builder.root() == root(size, shelf) == root_of(LEAVES[:size])
    assert shelf.kept == shelf_of(total).kept


@pytest.mark.parametrize("start", [0, 256, 512, 65_280, 65_536])
def test_a_follower_at_a_tile_boundary_needs_no_leaf_tile_and_reads_few(start: int, whole: Shelf) -> None:
    whole.reads.clear()
    builder = TileBuilder.resume(start, whole)
    assert all(level > 0 for level, _ in whole.reads)
    assert len(whole.reads) <= 2
    builder.append(LEAVES[start : start + 300])
    assert builder.root() == root_of(LEAVES[: start + 300])


def test_a_full_tile_is_handed_out_once_and_becomes_one_hash_above() -> None:
    builder = TileBuilder()
    assert builder.append(LEAVES[:255]) == []
    assert [(tile.level, tile.index, tile.width) for tile in builder.partial()] == [(0, 0, 255)]
    assert builder.append(LEAVES[255:257]) == [Tile(0, 0, b"".join(LEAVES[:256]))]
    assert builder.partial() == [Tile(0, 1, LEAVES[256]), Tile(1, 0, root_of(LEAVES[:256]))]


def test_the_65536th_leaf_fills_tiles_on_two_levels() -> None:
    builder = TileBuilder()
    builder.append(LEAVES[:65_535])
    full = builder.append(LEAVES[65_535:65_536])
    assert [(tile.level, tile.index, tile.width) for tile in full] == [(0, 255, 256), (1, 0, 256)]
    assert builder.partial() == [Tile(2, 0, root_of(LEAVES[:65_536]))]


def test_a_builder_refuses_partial_tiles_that_do_not_fit_its_size() -> None:
    leaf_tile, above = Tile(0, 1, b"".join(LEAVES[256:260])), Tile(1, 0, root_of(LEAVES[:256]))
    assert TileBuilder(260, [leaf_tile, above]).root() == root_of(LEAVES[:260])
    for size, partial in [
        (260, [leaf_tile]),
        (261, [leaf_tile, above]),
        (256, [leaf_tile, above]),
        (-1, []),
        (516, [leaf_tile, above]),
    ]:
        with pytest.raises(ProofError):
            TileBuilder(size, partial)


def test_a_leaf_hash_of_another_length_is_refused_and_changes_nothing() -> None:
    builder = TileBuilder()
    with pytest.raises(ProofError, match="32 bytes"):
        builder.append([LEAVES[0], b"short"])
    assert (builder.size, builder.root()) == (0, EMPTY_ROOT)


# --- Proofs -----------------------------------------------------------------------------------------


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_proofs_from_tiles_are_the_recursive_ones_and_verify(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 1200))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    shelf, leaves = shelf_of(size), LEAVES[:size]
    inclusion = inclusion_proof(index, size, shelf)
    consistency = consistency_proof(old, size, shelf)
    assert inclusion == naive_path(index, leaves)
    assert consistency == naive_subproof(old, leaves, True)
    verify_inclusion(leaves[index], index, size, inclusion, root_of(leaves))
    verify_consistency(old, size, root_of(leaves[:old]), root_of(leaves), consistency)


@pytest.mark.parametrize("size", BORDERS)
def test_proofs_at_tile_borders_verify_from_the_tiles_of_a_larger_tree(size: int, whole: Shelf) -> None:
    top = root(size, whole)
    for index in {0, 1, 254, 255, 256, 257, size // 2, size - 257, size - 256, size - 2, size - 1}:
        if 0 <= index < size:
            verify_inclusion(LEAVES[index], index, size, inclusion_proof(index, size, whole), top)
    for old in BORDERS:
        if old <= size:
            verify_consistency(old, size, root(old, whole), top, consistency_proof(old, size, whole))


@given(st.integers(1, 40), st.data())
@settings(deadline=None)
def test_a_proof_shows_nothing_but_what_it_was_made_for(size: int, data: st.DataObject) -> None:
    shelf, leaves, top = shelf_of(size), LEAVES[:size], root_of(LEAVES[:size])
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, shelf)
    others = [(leaves[index], other, proof, top) for other in range(size) if other != index]
    others += [(LEAVES[size], index, proof, top), (leaves[index], index, proof, LEAVES[size])]
    others += [(leaves[index], index, [*proof, LEAVES[0]], top), (leaves[index], index, [b"", *proof], top)]
    others += [(leaves[index], index, proof[:-1], top)] if proof else []
    for leaf, place, steps, claimed in others:
        with pytest.raises(ProofError):
            verify_inclusion(leaf, place, size, steps, claimed)


@given(st.integers(2, 300), st.data())
@settings(deadline=None)
def test_a_rewritten_past_is_never_consistent(size: int, data: st.DataObject) -> None:
    old, changed = data.draw(st.integers(1, size - 1)), data.draw(st.integers(0, size - 1))
    rewritten = [*LEAVES[:changed], leaf_hash(b"rewritten"), *LEAVES[changed + 1 : size]]
    builder, shelf = TileBuilder(), Shelf()
    shelf.keep([*builder.append(rewritten), *builder.partial()])
    proof = consistency_proof(old, size, shelf)
    if changed < old:
        with pytest.raises(ProofError):
            verify_consistency(old, size, root_of(LEAVES[:old]), builder.root(), proof)
    else:
        verify_consistency(old, size, root_of(LEAVES[:old]), builder.root(), proof)


def test_a_proof_reads_each_tile_once_and_few_of_them(whole: Shelf) -> None:
    whole.reads.clear()
    inclusion_proof(300, len(LEAVES), whole)
    read_for_inclusion = whole.reads.copy()
    whole.reads.clear()
    consistency_proof(257, 66_000, whole)
    for reads in (read_for_inclusion, whole.reads):
        assert len(reads) == len(set(reads)) <= 6


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int, whole: Shelf) -> None:
    with pytest.raises(ProofError, match="there is no leaf"):
        inclusion_proof(index, size, whole)
    with pytest.raises(ProofError, match="there is no leaf"):
        verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (-1, 5), (6, 5)])
def test_consistency_from_nothing_or_backwards_is_refused(old: int, new: int, whole: Shelf) -> None:
    with pytest.raises(ProofError):
        consistency_proof(old, new, whole)
    with pytest.raises(ProofError):
        verify_consistency(old, new, EMPTY_ROOT, EMPTY_ROOT, [])


def test_a_tile_that_is_cut_short_is_noticed(whole: Shelf) -> None:
    def cut(level: int, index: int, width: int) -> bytes:
        return whole(level, index, width)[:-1]

    with pytest.raises(ProofError, match="is not 44 hashes"):
        root(TILE_WIDTH + 44, cut)
