"""A segment's file: named sections, each an array that numpy reads where it lies in the mapped file.

head        magic, where the directory begins
sections    each begins at a multiple of 64 bytes
directory   JSON: name → where, how many bytes, the type of a number
"""

import json
import mmap
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from archive.core.errors import Damaged

Numbers = npt.NDArray[Any]

_MAGIC = b"TEXTSEG2"
_HEAD = struct.Struct("<8sQ")
_ALIGNED = 64


def write_sections(path: Path, sections: Iterable[tuple[str, Numbers]]) -> None:
    """Write them in the order in which they come."""
    directory: dict[str, tuple[int, int, str]] = {}
    with path.open("wb") as file:
        file.write(bytes(_HEAD.size))
        for name, numbers in sections:
            file.write(bytes(-file.tell() % _ALIGNED))
            directory[name] = file.tell(), numbers.nbytes, numbers.dtype.str
            file.write(numbers.tobytes())
        where = file.tell()
        file.write(json.dumps(directory).encode())
        file.seek(0)
        file.write(_HEAD.pack(_MAGIC, where))


class Sections:
    """Such a file, mapped for reading. Nothing seeks, so any number of threads may share it."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self.mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            magic, where = _HEAD.unpack_from(self.mapped)
            self._directory: dict[str, tuple[int, int, str]] = json.loads(self.mapped[where:])
        except (struct.error, ValueError):
            raise Damaged(f"The index segment {path.name} is not whole.") from None
        if magic != _MAGIC:
            raise Damaged(f"The index segment {path.name} is of another format.")

    def prefixes(self, ending: str) -> list[str]:
        """What stands before it in the names that end so."""
        return [name.removesuffix(ending) for name in self._directory if name.endswith(ending)]

    def where(self, name: str) -> tuple[int, int]:
        """The first byte of a section, and the one behind its last."""
        at, size, _ = self._directory[name]
        return at, at + size

    def numbers(self, name: str) -> Numbers:
        at, size, kind = self._directory[name]
        dtype = np.dtype(kind)
        return np.frombuffer(self.mapped, dtype, size // dtype.itemsize, at)

    def integers(self, name: str) -> memoryview:
        """A section of `<u4` as plain integers, which are quicker to take one by one than numpy's."""
        first, end = self.where(name)
        return memoryview(self.mapped)[first:end].cast("I")
