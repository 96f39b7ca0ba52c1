"""The Merkle tree of RFC 6962 and RFC 9162 §2.1: its hashes, and checking what somebody proves with them.

Needs nothing but the hashes: a stranger checks a proof with this file alone. `tiles` makes the proofs.
"""

from collections.abc import Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


class ProofError(ValueError):
    """A proof does not show what it claims, or nothing can be proven for these numbers; says which."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes (or over the roots of equally large, full subtrees)."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        pairs = iter(level)
        # This line runs once per node of the tree, so node_hash is written out in it.
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf with this hash is at `index` in the tree of `size` leaves (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}")
    demand_hashes(leaf, root, *proof)
    node, last, hashed = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofError("the inclusion proof has more hashes than the tree has levels")
        if node & 1 or node == last:
            hashed = node_hash(step, hashed)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hashed = node_hash(hashed, step)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("the inclusion proof has fewer hashes than the tree has levels")
    if hashed != root:
        raise ProofError(f"leaf {index} with this proof does not lead to the root of the tree of {size}")


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of `size2` begins with exactly the tree of `size1` (RFC 9162 §2.1.4.2)."""
    demand_sizes(size1, size2)
    if size1 == size2:
        if proof:
            raise ProofError("two trees of one size need an empty consistency proof")
        if root1 != root2:
            raise ProofError(f"there are two different roots for the size {size1}")
        return
    demand_hashes(root1, root2, *proof)
    if not proof:
        raise ProofError("the consistency proof is empty")
    begins_with_root = size1 & (size1 - 1) == 0
    path = [root1, *proof] if begins_with_root else list(proof)
    old, new, rest = _climb(size1 - 1, size2 - 1, path)
    if rest:
        raise ProofError("the consistency proof has fewer hashes than the trees have levels")
    if old != root1:
        raise ProofError(f"the consistency proof does not lead to the root of the tree of {size1}")
    if new != root2:
        raise ProofError(f"the consistency proof does not lead to the root of the tree of {size2}")


def _climb(node: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes, int]:
    """Walk a consistency proof up: the root of the old tree, that of the new one, and what is left above."""
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            raise ProofError("the consistency proof has more hashes than the trees have levels")
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    return old, new, last


def demand_hashes(*hashes: bytes) -> None:
    if any(len(hashed) != HASH_SIZE for hashed in hashes):
        raise ProofError(f"every hash must be {HASH_SIZE} bytes long")


def demand_sizes(size1: int, size2: int) -> None:
    # An empty tree is the beginning of every tree, so a proof from it would say nothing.
    if size1 <= 0:
        raise ProofError(f"consistency begins at a tree of at least one leaf, not {size1}")
    if size2 < size1:
        raise ProofError(f"a tree of {size2} cannot continue one of {size1}")
