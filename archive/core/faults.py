"""What can be said of an exception without repeating its words: drivers quote parameters, which may be texts."""

import traceback
from pathlib import Path

from archive.core.errors import ArchiveError, Damaged, NotReady

_ROOT = Path(__file__).resolve().parents[2]
_OURS = frozenset({"archive", "jobs"})

# Their sentences are our own and name keys, serial numbers and files, never what somebody wrote.
_SAYABLE: tuple[type[ArchiveError], ...] = (Damaged, NotReady)


def in_one_line(error: BaseException) -> str:
    """`Damaged: Message 12 is not …`, or `OperationalError at archive/db/bulk.py:27`."""
    kind = type(error).__name__
    if isinstance(error, _SAYABLE):
        return " ".join(f"{kind}: {error}".split())
    ours = [place for frame in traceback.extract_tb(error.__traceback__) if (place := _own_place(frame))]
    return f"{kind} at {ours[-1]}" if ours else kind


def path_of(error: BaseException) -> str:
    """The way to where it happened, innermost first, for a log."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))


def _own_place(frame: traceback.FrameSummary) -> str | None:
    path = Path(frame.filename)
    if not path.is_relative_to(_ROOT) or path.relative_to(_ROOT).parts[0] not in _OURS:
        return None
    return f"{path.relative_to(_ROOT).as_posix()}:{frame.lineno}"
