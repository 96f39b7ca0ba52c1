"""What reaches the disk, and when: Whoosh itself never asks for that."""

import fcntl
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.search.index import IndexBusy

PRIVATE = 0o700


class Disk:
    """Each call returns when its change would survive the power going off. Tests make one that fails half-way."""

    def sync(self, path: Path) -> None:
        """A file's content, or a folder's list of names."""
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, path: Path, content: bytes) -> None:
        """The whole file is either the old one or the new one."""
        beside = path.with_name(path.name + ".new")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        self.sync(path.parent)


def make_folder(path: Path) -> None:
    path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Alone to write below the folder. The lock is on the folder itself and dies with the process that has it."""
    make_folder(folder)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def is_being_written(folder: Path) -> bool:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise IndexBusy("The search index is being written by another process.", "Try again in a moment.") from None


def keep_only(folder: Path, names: Collection[str]) -> None:
    """Remove everything else in the folder: what a crash, a commit or a purge has left behind."""
    for path in folder.iterdir():
        if path.name in names:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
