"""Many serial numbers in few bytes, and as the ranges that a certificate names. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

Ranges = list[tuple[int, int]]
"""(first, last), both included, ascending and apart from each other."""


def ranges_of(serials: Iterable[int]) -> Ranges:
    found: Ranges = []
    for serial in sorted(serials):
        if found and serial == found[-1][1] + 1:
            found[-1] = (found[-1][0], serial)
        else:
            found.append((serial, serial))
    return found


def serials_of(ranges: Iterable[Sequence[int]]) -> list[int]:
    return [serial for first, last in ranges for serial in range(first, last + 1)]


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
