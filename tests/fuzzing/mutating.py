"""Bytes that are nearly what a parser reads, and then not: what strangers send, and what disks make of files."""

import random
from collections.abc import Iterator, Sequence

MOST_BYTES = 200_000
"""Larger things have tests of their own; here it is the number of tries that counts."""

ODD = (
    *(
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\\ud83d",
        b"\\u0000",
        b"&#x110000;",
        b"%00",
        b"%ff",
        b"\xe2\x80\xae",
        b"\r\n",
    ),
    *(
        b"9" * 400,
        b"-1",
        b"1e999",
        b"NaN",
        b"null",
        b"true",
        b'""',
        b"[]",
        b"{}",
        b"[" * 300,
        b'{"a":' * 300,
        b"<a " * 300,
    ),
    *(
        b"0001-01-01T00:00:00+14:00",
        b"9999-12-31T23:59:60Z",
        b"+1",
        b"\xef\xbb\xbf",
        b"--",
        b"<!DOCTYPE a [",
        b"PK\x05\x06",
    ),
)


def mutants(samples: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """Without end, and the same ones for the same seed. The samples themselves come first."""
    yield from samples
    chance = random.Random(seed)
    while True:
        mutant = bytearray(chance.choice(samples))
        for _ in range(chance.choice((1, 1, 2, 3, 8))):
            _change(mutant, samples, chance)
        yield bytes(mutant[:MOST_BYTES])


def _change(mutant: bytearray, samples: Sequence[bytes], chance: random.Random) -> None:
    """One thing taken out, put in, doubled, swapped, or cut off."""
    at = chance.randint(0, len(mutant))
    to = min(len(mutant), at + chance.choice((1, 2, 8, 64, 1024)))
    how = chance.randrange(7)
    if how == 0:
        del mutant[at:to]
    elif how == 1:
        mutant[at:at] = chance.choice(ODD)
    elif how == 2:
        mutant[at:to] = chance.choice(ODD)
    elif how == 3:
        mutant[at:at] = mutant[at:to] * chance.choice((1, 2, 50))
    elif how == 4:
        mutant[at : at + 1] = bytes([chance.randrange(256)])
    elif how == 5:
        other = chance.choice(samples)
        start = chance.randint(0, len(other))
        mutant[at:to] = other[start : start + chance.choice((8, 64, 512))]
    else:
        del mutant[at:]
