"""Many serial numbers in few bytes, and as the ranges that a certificate names. Pure."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

import msgspec

Ranges = list[tuple[int, int]]
"""(first, last), both included, ascending and apart from each other."""

NOTHING: Final = b"\x90"
"""No serials, packed."""


def ranges_of(serials: Iterable[int]) -> Ranges:
    found: Ranges = []
    for serial in sorted(serials):
        if found and serial == found[-1][1] + 1:
            found[-1] = (found[-1][0], serial)
        else:
            found.append((serial, serial))
    return found


def pack(serials: Iterable[int]) -> bytes:
    """MessagePack of small numbers: for each range its distance from the one before, and how many follow its first."""
    numbers, before = [], 0
    for first, last in ranges_of(serials):
        numbers += [first - before, last - first]
        before = last
    return msgspec.msgpack.encode(numbers)


def unpack(packed: bytes) -> list[int]:
    numbers, before, found = iter(msgspec.msgpack.decode(packed, type=list[int])), 0, list[int]()
    for distance, more in zip(numbers, numbers, strict=True):
        first = before + distance
        before = first + more
        found.extend(range(first, before + 1))
    return found


class Spans:
    """Serials that can be asked for one by one, in as little memory as their ranges take."""

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        ordered = sorted(ranges)
        self._firsts = [first for first, _ in ordered]
        self._lasts = [last for _, last in ordered]

    def __contains__(self, serial: object) -> bool:
        assert isinstance(serial, int)
        at = bisect_right(self._firsts, serial) - 1
        return at >= 0 and serial <= self._lasts[at]
