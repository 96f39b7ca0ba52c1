"""What became of each item of a file, without any of its words: kept in the ledger, like all else about an import.

A transaction that takes in a part of a file tells the fates of that part in the entry that says so. So they are whole
however often the import was broken off, come back with the ledger after a loss, and go with the import's own record
when the key of their year is destroyed. They are sealed, since a place in a file may name a person.
"""

import csv
import io
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

import msgspec

from archive.ledger.entry import encode
from archive.messages.model import Outcome

Form = Literal["csv", "jsonl"]

COLUMNS: Final = ("file", "place", "status", "serial", "flags", "reason")
_MOST_BYTES: Final = 64 * 1024 * 1024
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")


class Fate(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`place`: "line 17", or where else in the file. `serial`: of the message, or of the item in quarantine."""

    place: str
    status: str
    serial: int | None = None
    flags: tuple[str, ...] = ()
    reason: str | None = None


_decode = msgspec.json.Decoder(list[Fate]).decode


def fate(place: str, outcome: Outcome) -> Fate:
    """A file's name in a zip may hold what no text can: it is told as far as it can be."""
    written = place.encode("utf-8", "replace").decode()
    return Fate(written, outcome.status, outcome.serial, outcome.flags, outcome.reason)


def packed(fates: Sequence[Fate]) -> str:
    return b64encode(zlib.compress(msgspec.json.encode(fates))).decode()


def unpacked(told: str) -> list[Fate]:
    return _decode(zlib.decompressobj().decompress(b64decode(told), _MOST_BYTES))


def written(told: Iterable[tuple[str, Fate]], form: Form) -> Iterator[bytes]:
    """(name of the file, fate) as a table or as lines of JSON, piece by piece."""
    return _as_table(told) if form == "csv" else (encode(_fields(file, one)) + b"\n" for file, one in told)


def _fields(file: str, one: Fate) -> dict[str, object]:
    return {"file": file, **msgspec.structs.asdict(one)}


def _as_table(told: Iterable[tuple[str, Fate]]) -> Iterator[bytes]:
    yield _row(COLUMNS)
    for file, one in told:
        serial = "" if one.serial is None else str(one.serial)
        yield _row((file, one.place, one.status, serial, " ".join(one.flags), one.reason or ""))


def _row(cells: Sequence[str]) -> bytes:
    """A cell must not be taken for a formula by the program that opens the table."""
    held = io.StringIO()
    csv.writer(held).writerow([f"'{cell}" if cell.startswith(_RISKY) else cell for cell in cells])
    return held.getvalue().encode("utf-8", "backslashreplace")
