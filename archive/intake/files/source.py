"""Opens a file or takes an open stream, and counts the bytes that are read from it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from archive.intake.files.model import LARGEST, FileProblem, Progress, Source

_LONGEST_NAME = 200


class Counted:
    """A stream that can only be read forward, and keeps `progress` up to date."""

    def __init__(self, stream: BinaryIO, progress: Progress) -> None:
        self._stream = stream
        self._progress = progress

    def read(self, size: int) -> bytes:
        return self._count(self._stream.read(size))

    def readline(self, size: int) -> bytes:
        return self._count(self._stream.readline(size))

    def _count(self, chunk: bytes) -> bytes:
        self._progress.done += len(chunk)
        return chunk


class _Named:
    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self.name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def named(stream: BinaryIO, name: str) -> BinaryIO:
    """An open stream under the name that somebody gave it, of which only the last part counts."""
    plain = name.replace("\\", "/").rpartition("/")[2][:_LONGEST_NAME]
    return cast(BinaryIO, _Named(stream, plain.encode("utf-8", "replace").decode() or "upload"))


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """The open stream; closed afterwards only if it was opened here, else wound back to where it was. FileProblem if
    there is nothing to open."""
    if not isinstance(source, Path):
        here = source.tell() if source.seekable() else None
        yield source
        if here is not None:
            source.seek(here)
        return
    try:
        stream = source.open("rb")
    except OSError as error:
        raise FileProblem(f"{source} can't be read: {error.strerror}. Check the name and who may read it.") from error
    with stream:
        yield stream


@contextmanager
def counted(source: Source, progress: Progress) -> Iterator[Counted]:
    with opened(source) as stream:
        progress.begin(size_of(stream))
        yield Counted(stream, progress)


def size_of(stream: BinaryIO) -> int:
    """Bytes from here to the end, 0 if the stream can't tell (a pipe)."""
    if not stream.seekable():
        return 0
    here = stream.tell()
    end = stream.seek(0, io.SEEK_END)
    stream.seek(here)
    return end - here


def name_of(source: Source) -> str:
    """The file's own name without its folder; "stream" for something that has none."""
    named = source if isinstance(source, Path) else getattr(source, "name", "stream")
    return Path(named).name if isinstance(named, str | Path) else "stream"


def physical_lines(stream: Counted) -> Iterator[tuple[int, bytes, bool]]:
    """(line number from 1, bytes with their line end, whether it was cut) for each line, never holding
    more than LARGEST bytes.

    The rest of a line that is too long is read and dropped.
    """
    number = 0
    while line := stream.readline(LARGEST + 1):
        number += 1
        cut = len(line) > LARGEST
        yield number, line[:LARGEST], cut
        while cut and not line.endswith(b"\n") and (line := stream.readline(LARGEST)):
            pass
