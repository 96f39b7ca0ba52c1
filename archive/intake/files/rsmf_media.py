"""Files that are attached to events of RSMF: what they can be told by, and not the files themselves."""

import hashlib
import zipfile
from collections.abc import Mapping
from typing import Any

from archive.intake.files.model import FileProblem, Message, NoText, Progress
from archive.intake.files.unzip import METHODS, Unpacked, opened_member

MOST_FILES = 100
_CHUNK = 1 << 16


class Attached:
    """The zip beside the manifest. All its files together have an end when they are unpacked."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._progress = Progress()
        self._told: dict[str, Message] = {}

    def of(self, event: Mapping[str, Any]) -> list[Message]:
        """Name of each, and of those that are in the zip their size and SHA-256."""
        listed = event.get("attachments")
        if not isinstance(listed, list):
            return []
        if len(listed) > MOST_FILES:
            raise NoText(f"More than {MOST_FILES} files are attached to this event.")
        return [self._tell(one) for one in listed if isinstance(one, dict)]

    def _tell(self, one: Mapping[str, Any]) -> Message:
        named = str(one.get("id", ""))
        file: Message = {"name": str(one.get("display") or named), "file": named}
        if named and named not in self._told:
            self._told[named] = self._hashed(named)
        return file | self._told.get(named, {})

    def _hashed(self, name: str) -> Message:
        try:
            info = self._archive.getinfo(name)
        except KeyError:
            return {"missing": True}
        if info.flag_bits & 1 or info.compress_type not in METHODS:
            return {"unreadable": True}
        digest, size = hashlib.sha256(), 0
        try:
            with opened_member(self._archive, info) as member:
                unpacked = Unpacked(member, info.compress_size, self._progress)
                while chunk := unpacked.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except FileProblem:
            return {"unreadable": True}
        return {"sha256": digest.hexdigest(), "bytes": size}
