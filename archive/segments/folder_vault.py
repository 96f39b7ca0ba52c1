"""The vault as a folder: create-only, atomic, read-only files, on the disk before a call returns.

Locks and holds are kept in a file beside each object and are honoured by this code. Whoever owns the machine can still
delete files here, so this vault never calls itself immutable. What makes it a safeguard is a second machine's copy of
it, or the object store of the many-machines column; see docs/evidence.md.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from archive.core.clock import Clock, from_micros, system_clock, to_micros
from archive.core.errors import BadInput, NotFound
from archive.segments.files import DRAFT, create, make_folder, replace_file, sync_folder
from archive.segments.vault import Enforcement, Lock, StillLocked, Version

ONLY_VERSION = "1"
FOREVER = timedelta(days=36_500)
UNLOCKED = Lock(None, held=False)


class FolderVault:
    kind = "folder"

    def __init__(self, root: Path, longest: timedelta = FOREVER, clock: Clock = system_clock) -> None:
        self._root = root
        self.longest = longest
        self._clock = clock

    @property
    def place(self) -> str:
        return str(self._root)

    def now(self) -> datetime:
        return self._clock()

    def put_new(self, name: str, content: bytes, until: datetime | None = None, *, held: bool = False) -> bool:
        target = self._path(name)
        with self._open_to(fcntl.LOCK_SH):
            new = not target.exists() and create(target, content)
            lock = Lock(self._capped(until), held)
            if lock != UNLOCKED and not _lock_file(target).exists():
                create(_lock_file(target), _encoded(lock))
        return new

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise NotFound(
                f"The vault has no {name}.", "Look whether TEXTARCHIVE_VAULT names the right folder."
            ) from None

    def has(self, name: str) -> bool:
        return self._path(name).is_file()

    def names(self, folder: str, after: str = "") -> list[str]:
        return [version.name for version in self.versions(folder) if version.name > after]

    def versions(self, folder: str) -> list[Version]:
        found = (self._version(path) for path in self._files(folder))
        return sorted((version for version in found if version), key=lambda version: version.name)

    def lock_of(self, version: Version) -> Lock:
        try:
            read = msgspec.json.decode(_lock_file(self._path(version.name)).read_bytes())
        except FileNotFoundError:
            return UNLOCKED
        return Lock(None if read["until"] is None else from_micros(read["until"]), read["held"])

    def extend(self, version: Version, until: datetime) -> None:
        lock, wanted = self.lock_of(version), self._capped(until)
        if wanted and (lock.until is None or lock.until < wanted):
            self._lock(version, replace(lock, until=wanted))

    def set_hold(self, version: Version, held: bool) -> None:
        self._lock(version, replace(self.lock_of(version), held=held))

    def delete(self, versions: Sequence[Version]) -> None:
        now = self._clock()
        with self._open_to(fcntl.LOCK_EX):
            bound = [version.name for version in versions if self.lock_of(version).binds(now)]
            for version in versions:
                if version.name not in bound:
                    self._remove(self._path(version.name))
        if bound:
            raise StillLocked(bound)

    def enforcement(self) -> Enforcement:
        return Enforcement(False, "a folder: whoever owns the machine can delete it")

    def _capped(self, until: datetime | None) -> datetime | None:
        now = self._clock()
        return None if until is None or until <= now else min(until, now + self.longest)

    def _path(self, name: str) -> Path:
        path = self._root / name
        if ".." in Path(name).parts or (path.is_absolute() and not path.is_relative_to(self._root)):
            raise BadInput(f"{name!r} is not a name in the vault.")
        return path

    def _files(self, folder: str) -> Iterator[Path]:
        """`folder` may end in the middle of a name, as a prefix does in an object store."""
        whole, _, begin = folder.rpartition("/")
        below = self._path(whole)
        for path in below.glob(f"{begin}*") if below.is_dir() else ():
            # `walk` passes over a folder that goes away meanwhile.
            inside = (Path(at, name) for at, _, names in os.walk(path) for name in names) if path.is_dir() else [path]
            yield from (file for file in inside if not file.name.startswith("."))

    def _version(self, path: Path) -> Version | None:
        """None for an object that somebody has deleted meanwhile."""
        try:
            state = path.stat()
        except FileNotFoundError:
            return None
        stored_at = from_micros(state.st_mtime_ns // 1000)
        return Version(path.relative_to(self._root).as_posix(), ONLY_VERSION, state.st_size, stored_at)

    def _lock(self, version: Version, lock: Lock) -> None:
        with self._open_to(fcntl.LOCK_SH):
            if not self.has(version.name):
                raise NotFound(f"The vault has no {version.name}.")
            replace_file(_lock_file(self._path(version.name)), _encoded(lock))

    @contextmanager
    def _open_to(self, way: int) -> Iterator[None]:
        """Any number may write (`LOCK_SH`), or one delete (`LOCK_EX`), which takes folders and drafts along."""
        make_folder(self._root)
        descriptor = os.open(self._root, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, way)
            yield
        finally:
            os.close(descriptor)

    def _remove(self, path: Path) -> None:
        if not path.exists():
            return
        path.unlink()
        _lock_file(path).unlink(missing_ok=True)
        sync_folder(path.parent)
        for folder in path.parents:
            if folder == self._root or not _cleared(folder):
                break


def _cleared(folder: Path) -> bool:
    """Remove a folder in which nothing is left but drafts that a crash has cut off; whether it is gone."""
    left = list(folder.iterdir())
    if not all(path.name.startswith(DRAFT) for path in left):
        return False
    for path in left:
        path.unlink()
    folder.rmdir()
    return True


def _lock_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _encoded(lock: Lock) -> bytes:
    return msgspec.json.encode({"until": lock.until and to_micros(lock.until), "held": lock.held})
