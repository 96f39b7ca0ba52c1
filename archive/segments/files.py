"""Files that are whole and on the disk, or not there at all."""

import os
import tempfile
from pathlib import Path

DRAFT = ".draft-"
"""What a file is called while it is being written; what a crash has cut off keeps the name."""


def create(target: Path, content: bytes) -> bool:
    """A read-only file, whole and on the disk, or not at all; False if there is one already."""
    draft = _draft(target, content)
    try:
        # A hard link appears whole or not at all, and never over an existing name.
        target.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    sync_folder(target.parent)
    return True


def replace_file(target: Path, content: bytes) -> None:
    """In place of what there was, whole and on the disk."""
    _draft(target, content).replace(target)
    sync_folder(target.parent)


def make_folder(folder: Path) -> None:
    """Closed to others, and on the disk: a file is lost with the folder that it is in."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


def _draft(target: Path, content: bytes) -> Path:
    make_folder(target.parent)
    descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=DRAFT)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), 0o400)
    return Path(draft)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
