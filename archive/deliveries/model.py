"""What was said of a text's way to one recipient, and which of several reports counts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

FINAL: Final = ("delivered", "undelivered", "blocked", "failed")
_PROGRESS: Final = {"queued": 0, "sent": 1}
_number: Final = re.compile(r"\+?[0-9](?:[\s().-]{0,2}[0-9]){6,}")


@dataclass(frozen=True, slots=True)
class Report:
    """`to`: which of the text's recipients, from 0. `said`, `code` and `title` are the provider's own.

    `at` is the provider's moment, None where it names none; `noted_at` is ours. `entry`: the one in the ledger.
    """

    to: int
    status: str
    said: str
    code: str | None
    category: str | None
    title: str | None
    at: datetime | None
    noted_at: datetime
    entry: int

    @property
    def moment(self) -> datetime:
        return self.at or self.noted_at


def outcomes(reports: Iterable[Report]) -> dict[int, Report]:
    """The report that counts for each recipient, however they came in: the last word, or how far it has got."""
    last: dict[int, Report] = {}
    for report in sorted(reports, key=_weight):
        last[report.to] = report
    return last


def _weight(report: Report) -> tuple[bool, int, datetime, int]:
    return report.status in FINAL, _PROGRESS.get(report.status, 0), report.moment, report.entry


def hex_of(hashed: int) -> str:
    """A signed 64-bit hash for the ledger, whose numbers are no larger than JSON's."""
    return hashed.to_bytes(8, "big", signed=True).hex()


def hash_of(digits: str) -> int:
    return int.from_bytes(bytes.fromhex(digits), "big", signed=True)


def without_numbers(title: str) -> str:
    """A provider's words, which outlive the text: a number in them could be somebody's."""
    return _number.sub("…", title)
