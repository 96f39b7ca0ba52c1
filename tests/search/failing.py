"""A disk whose power goes off half-way."""

from pathlib import Path

from archive.search.whoosh.disk import Disk


class PulledCable(Exception):
    pass


class FailingDisk(Disk):
    """The power goes off at the given write: nothing of it, and nothing after it, is done."""

    def __init__(self, works: int) -> None:
        self.left = works

    def _write(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise PulledCable

    def sync(self, path: Path) -> None:
        self._write()
        super().sync(path)

    def replace(self, path: Path, content: bytes) -> None:
        self._write()
        super().replace(path, content)
