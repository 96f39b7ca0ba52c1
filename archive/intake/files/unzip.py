"""The files of one kind inside a zip file, unpacked as a stream, with an end for those that unpack without one."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from archive.intake.files.model import FileProblem, Progress

MOST_BYTES = 2_000_000_000
"""Unpacked, over all files in one zip. The largest corpus that we know has 44 million."""
MOST_TIMES_LARGER = 200
"""Unpacked against packed. Real corpora are 18 to 20 times larger than their zip; deflate's limit is about
1,030."""
MOST_FILES = 1_000
MOST_PAGES = 200_000
"""Files in a zip of pages, one for each conversation and each picture."""
SMALL_ENOUGH = 10_000_000
"""Up to here no ratio matters: a short file of repetitions compresses well and harms nobody."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)
"""What the standard library raises where a zip's own table of contents is wrong."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Unpacked:
    """Reads one file in a zip; what it yields is counted as it comes, never believed from the zip's own
    table."""

    def __init__(self, stream: IO[bytes], packed: int, progress: Progress) -> None:
        self._stream = stream
        self._packed = packed
        self._progress = progress
        self._mine = 0

    def read(self, size: int) -> bytes:
        try:
            chunk = self._stream.read(size)
        except _DAMAGED as error:
            raise FileProblem(f"This zip file is damaged ({error}). Fetch it again.") from error
        self._mine += len(chunk)
        self._progress.done += len(chunk)
        if self._progress.done > MOST_BYTES or self._mine > max(SMALL_ENOUGH, self._packed * MOST_TIMES_LARGER):
            raise FileProblem(
                f"This zip file unpacks to more than {MOST_BYTES:,} bytes or {MOST_TIMES_LARGER} times its "
                "size and may be made to do harm. If you trust it, unpack it yourself and import what is in it."
            )
        return chunk


@contextmanager
def unzipped(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGED as error:
        raise FileProblem(f"This zip file can't be opened ({error}). Fetch it again.") from error
    with archive:
        yield archive


def opened_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """FileProblem if the zip's table of contents doesn't fit what is in it."""
    try:
        return archive.open(info)
    except _DAMAGED as error:
        raise FileProblem(f"This zip file is damaged ({error}). Fetch it again.") from error


def xml_files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Those that may be read; FileProblem if there is none, or one that can't be read safely."""
    return files_in(archive, (".xml",), MOST_FILES)


def pages(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The same for .html."""
    return files_in(archive, (".html",), MOST_PAGES)


def files_in(archive: zipfile.ZipFile, endings: tuple[str, ...], most: int) -> list[zipfile.ZipInfo]:
    """The same for any endings."""
    kind = " or ".join(endings)
    if len(archive.infolist()) > most:
        raise FileProblem(f"This zip file holds more than {most:,} files. Import the {kind} files one by one.")
    found = [info for info in archive.infolist() if has_ending(info.filename, endings)]
    if not found:
        raise FileProblem(f"There is no {kind} file in this zip file. Unpack it and import what is in it.")
    for info in found:
        if info.flag_bits & 1:
            raise FileProblem(f"{info.filename} in this zip file has a password. Unpack it and import the {kind}.")
        if info.compress_type not in METHODS:
            raise FileProblem(f"{info.filename} is packed in an unusual way. Unpack it and import the {kind}.")
    return found


def has_ending(name: str, ending: str | tuple[str, ...]) -> bool:
    """Not the shadow files that one operating system adds to its zips."""
    return name.casefold().endswith(ending) and not name.startswith("__MACOSX/")
