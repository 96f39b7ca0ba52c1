"""Copies of the wrapped keys in a folder. Best on a disk that neither the database nor the vault is on."""

from pathlib import Path

from archive.segments.files import replace_file


class FolderKeys:
    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def place(self) -> str:
        return str(self._root)

    def replace(self, name: str, content: bytes) -> None:
        replace_file(self._root / name, content)

    def read(self, name: str) -> bytes | None:
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        return sorted(path.name for path in self._root.glob("*.keys"))

    def keeps_history(self) -> bool:
        return False
