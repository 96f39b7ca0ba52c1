"""Where everything is in the vault, and how long it is kept. Names sort as what they number does.

ORG/ledger/FIRST              entries from FIRST on; the one that begins where another ended comes next
ORG/days/DAY/FIRST-LAST       sealed records that expire on DAY; gone as soon as it is purged
ORG/held/DAY/NAME-FIRST-LAST  what a hold kept of DAY, sealed anew
ORG/checkpoints/SIZE          a signed checkpoint
ORG/leaves/FIRST-LAST         hashes of entries that are signed and not in a segment yet
ORG/state/LAST.PART           small tables, as they were when the ledger had LAST entries
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

AUDIT_YEARS = 7
"""How long after the end of its year what is no text is kept: the ledger, its sealed details, its checkpoints."""


def ledger_folder(organisation: str) -> str:
    return f"{organisation}/ledger/"


def ledger_name(organisation: str, first: int) -> str:
    return f"{ledger_folder(organisation)}{first:020d}"


def first_of(name: str) -> int:
    """The sequence number that a segment of the ledger begins with."""
    return int(name.rpartition("/")[2])


def day_folder(organisation: str, day: str) -> str:
    return f"{organisation}/days/{day}/"


def held_folder(organisation: str, day: str) -> str:
    return f"{organisation}/held/{day}/"


def held_folders(organisation: str) -> str:
    """What the names of all held objects begin with."""
    return f"{organisation}/held/"


def checkpoint_folder(organisation: str) -> str:
    return f"{organisation}/checkpoints/"


def leaves_folder(organisation: str) -> str:
    return f"{organisation}/leaves/"


def state_folder(organisation: str) -> str:
    return f"{organisation}/state/"


def numbered(folder: str, first: int, last: int) -> str:
    return f"{folder}{first:020d}-{last:020d}"


def range_of(name: str) -> tuple[int, int]:
    """The numbers of a `numbered` name."""
    first, last = name.rpartition("/")[2].split("-")[-2:]
    return int(first), int(last)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers in order as ranges, ends included."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def end_of_day(day: str) -> datetime:
    """The moment at which a UTC day is over: nothing that expires on it is deleted before."""
    at = date.fromisoformat(day) + timedelta(days=1)
    return datetime(at.year, at.month, at.day, tzinfo=UTC)


def kept_by_audit_policy(at: datetime) -> datetime:
    """Until when what happened at a moment is kept."""
    return datetime(at.year + AUDIT_YEARS + 1, 1, 1, tzinfo=UTC)
