"""The vault as a folder: create-only, atomic, read-only files, on the disk before a call returns.

Whoever owns the machine can still delete files here. What makes it a safeguard is a second machine's copy of it, or the
object store of the many-machines column; see docs/evidence.md.
"""

import os
import tempfile
from pathlib import Path

from archive.core.errors import BadInput, NotFound


class FolderVault:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put_new(self, name: str, content: bytes) -> bool:
        target = self._path(name)
        if target.exists():
            return False
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o400)
            return self._link(Path(draft), target)
        finally:
            Path(draft).unlink()

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise NotFound(
                f"The vault has no {name}.", "Look whether TEXTARCHIVE_VAULT names the right folder."
            ) from None

    def names(self, folder: str) -> list[str]:
        below = self._path(folder)
        if not below.is_dir():
            return []
        files = (path for path in below.rglob("*") if path.is_file() and not path.name.startswith("."))
        return sorted(path.relative_to(self._root).as_posix() for path in files)

    def _path(self, name: str) -> Path:
        path = self._root / name
        if ".." in Path(name).parts or (path.is_absolute() and not path.is_relative_to(self._root)):
            raise BadInput(f"{name!r} is not a name in the vault.")
        return path

    @staticmethod
    def _link(draft: Path, target: Path) -> bool:
        """A hard link appears whole or not at all, and never over an existing name."""
        try:
            target.hardlink_to(draft)
        except FileExistsError:
            return False
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return True
