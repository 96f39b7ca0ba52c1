"""Whether the clocks can be relied upon, before anything is destroyed because of what they say.

A clock that is wrong by 400 days would let everything expire at once. So the clocks of this process, the database and
the object store have to agree, and none may have jumped since the last moment at which they did.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.core.errors import NotReady
from archive.runs.due import MOST_APART

LONGEST_PAUSE = timedelta(hours=72)
CONFIRM = "Set the clocks by NTP; if they are right, `textarchive clock confirm` says so."

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class ClocksDisagree(NotReady):
    """The moment is in doubt."""


@dataclass(frozen=True, slots=True)
class ClockVerdict:
    """`problems`: a sentence each. `earliest`: what the slowest clock says; nothing may expire before that."""

    problems: tuple[str, ...]
    earliest: datetime

    @property
    def agree(self) -> bool:
        return not self.problems

    def demand(self) -> None:
        """Raises `ClocksDisagree`."""
        if self.problems:
            raise ClocksDisagree(" ".join(self.problems), CONFIRM)


def clocks_agree(process: datetime, others: Mapping[str, datetime], last_seen: datetime | None) -> ClockVerdict:
    """Compare this process's clock with `others`, by name ("database"), and with the last moment that was in order.

    `last_seen` is None for an archive that has never looked. An archive that stood still for three days can't tell
    whether time has passed or the clock was put forward, so a person has to.
    """
    problems = [
        f"The clock of the {name} is {_by(moment - process)} this machine's."
        for name, moment in others.items()
        if abs(moment - process) > MOST_APART
    ]
    if last_seen is not None and not last_seen - MOST_APART <= process <= last_seen + LONGEST_PAUSE:
        problems.append(
            f"This machine's clock is {_by(process - last_seen)} the last moment that was seen,"
            f" {last_seen:%Y-%m-%d %H:%M} UTC."
        )
    return ClockVerdict(tuple(problems), min(process, *others.values()) if others else process)


def _by(difference: timedelta) -> str:
    """`3 days ahead of`, `25 minutes behind`. Nothing smaller than what clocks may be apart is ever said."""
    amount = abs(difference)
    unit, name = (
        (_DAY, "day") if amount >= 2 * _DAY else (_HOUR, "hour") if amount >= 2 * _HOUR else (_HOUR / 60, "minute")
    )
    return f"{amount // unit:,} {name}s {'ahead of' if difference > timedelta(0) else 'behind'}"
