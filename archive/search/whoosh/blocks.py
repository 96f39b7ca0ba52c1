"""One posting list as one block of bytes: which texts hold a term, and where in them.

    header      texts (u4), occurrences (u4; 0 where positions aren't kept), width of a count, width of a position (u1)
    numbers     of the texts in their segment, u4 each, ascending
    counts      occurrences in each text; left out where each has one
    positions   of all occurrences, those of the first text first

Counts and positions take one, two or four bytes each, whatever the largest needs. Everything is little-endian, so that
numpy reads it where it lies in the mapped file.
"""

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]

_HEADER = struct.Struct("<IIBBxx")
_LONE = struct.Struct("<IIBBxxIB3x")
_DTYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}
_TEXT_NUMBER = _DTYPES[4]
_ALIGNED = 4


class Postings(NamedTuple):
    """`texts` ascending. `counts` is None where every text has one occurrence; `positions` None where none are kept."""

    texts: Numbers
    counts: Numbers | None = None
    positions: Numbers | None = None


def encode(postings: Postings) -> bytes:
    texts, counts, positions = postings
    if positions is None:
        return _HEADER.pack(len(texts), 0, 0, 0) + _bytes(texts, 4)
    if len(positions) == 1 and positions[0] < 256:  # noqa: PLR2004 - half of all terms occur once: make those quick.
        return _LONE.pack(1, 1, 0, 1, texts[0], positions[0])
    count_width = 0 if counts is None or len(positions) == len(texts) else _width(counts)
    width = _width(positions)
    head = _HEADER.pack(len(texts), len(positions), count_width, width)
    counted = _bytes(counts, count_width) if counts is not None and count_width else b""
    block = head + _bytes(texts, 4) + counted + _bytes(positions, width)
    return block + bytes(-len(block) % _ALIGNED)


def decode(buffer: memoryview, offset: int) -> Postings:
    """The block at `offset`. Nothing is copied: the arrays look into the buffer."""
    length, occurrences, count_width, width = _HEADER.unpack_from(buffer, offset)
    at = offset + _HEADER.size
    texts = np.frombuffer(buffer, _TEXT_NUMBER, length, at)
    if not width:
        return Postings(texts)
    at += length * 4
    counts = np.frombuffer(buffer, _DTYPES[count_width], length, at) if count_width else None
    at += length * count_width
    return Postings(texts, counts, np.frombuffer(buffer, _DTYPES[width], occurrences, at))


def occurrences(postings: Postings) -> Numbers:
    """The text of each position."""
    return postings.texts if postings.counts is None else np.repeat(postings.texts, postings.counts)


def only(postings: Postings, wanted: Numbers) -> Postings:
    """The postings of those texts for which `wanted` (a truth value for each) holds."""
    texts, counts, positions = postings
    if counts is None:
        return Postings(texts[wanted], None, None if positions is None else positions[wanted])
    assert positions is not None
    return Postings(texts[wanted], counts[wanted], positions[np.repeat(wanted, counts)])


def joined(several: Sequence[Postings]) -> Postings:
    """One list of lists that share no text, whatever their order."""
    if len(several) == 1 and _ascends(several[0].texts):
        return several[0]
    texts = np.concatenate([one.texts for one in several])
    if several[0].positions is None:
        return Postings(np.sort(texts))
    counts = np.concatenate([_counts(one) for one in several])
    positions = np.concatenate([one.positions for one in several if one.positions is not None])
    if not _ascends(texts):
        positions = positions[np.argsort(np.repeat(texts, counts), kind="stable")]
        order = np.argsort(texts, kind="stable")
        texts, counts = texts[order], counts[order]
    return Postings(texts, counts, positions)


def _counts(postings: Postings) -> Numbers:
    return np.ones(len(postings.texts), np.uint32) if postings.counts is None else postings.counts.astype(np.uint32)


def _ascends(texts: Numbers) -> bool:
    return len(texts) == 1 or bool((texts[1:] > texts[:-1]).all())


def _width(numbers: Numbers) -> int:
    largest = int(numbers.max())
    return 1 if largest < 1 << 8 else 2 if largest < 1 << 16 else 4


def _bytes(numbers: Numbers, width: int) -> bytes:
    narrow: bytes = numbers.astype(_DTYPES[width], copy=False).tobytes()
    return narrow
