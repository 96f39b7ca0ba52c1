"""How a reader, which changes nothing, tells the writer that it could not open a month: by an empty file beside it.

The writer looks for itself before it believes that, and removes the note like everything that no manifest names.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_ENDING = ".doubted"


def leave_doubts(folder: Path, periods: Iterable[str]) -> None:
    for period in periods:
        # Where a reader may not write, the daily look at everything finds it.
        with suppress(OSError):
            (folder / f"{period}{_ENDING}").touch()


def doubted(folder: Path) -> list[str]:
    """The months."""
    return sorted(path.stem for path in folder.glob(f"*{_ENDING}"))
