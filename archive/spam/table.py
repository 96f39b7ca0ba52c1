"""Carriers' complaints as a table in a file: CSV in UTF-8 with a header. Pure: bytes in, lines out."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from archive.core.errors import BadInput, TooLarge
from archive.spam.model import Claim, FeeTier, NewReport, Said, Source

COLUMNS: Final = ("number", "campaign", "reporter", "sent_at", "text", "reference", "carrier", "tier")
LARGEST: Final = 5_000_000
LONGEST: Final = 20_000
EXACTLY: Final = timedelta(minutes=1)
"""Carriers name a minute, or a second of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """`report` is None where the line can't be read; `fault` says why, and what to do."""

    line: int
    number: str
    report: NewReport | None
    fault: str = ""


def read_table(raw: bytes) -> list[Line]:
    """Raises `BadInput` or `TooLarge` if the file as a whole can't be read; what is wrong with a line stands in it."""
    if len(raw) > LARGEST:
        raise TooLarge("The file is larger than 5 MB.", "Split it; each part needs the header.")
    try:
        reader = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        header = [name.strip().casefold() for name in next(reader, [])]
        _check(header)
        lines = [_line(reader.line_num, header, cells) for cells in _filled(reader)]
    except UnicodeDecodeError:
        raise BadInput("The file is not UTF-8.", "Save it as “CSV UTF-8”.") from None
    except csv.Error as problem:
        raise BadInput(f"The file is no CSV from line {reader.line_num} on: {problem}.", "Mend that line.") from None
    if len(lines) > LONGEST:
        raise TooLarge("The file has more than 20,000 lines.", "Split it; each part needs the header.")
    return lines


def _filled(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    return (cells for cells in reader if any(cell.strip() for cell in cells))


def _check(header: list[str]) -> None:
    known = ", ".join(COLUMNS)
    if not {"number", "campaign"} & set(header):
        raise BadInput("Line 1 names no column `number` and none `campaign`.", f"The columns are: {known}.")
    if unknown := [name for name in header if name not in COLUMNS]:
        raise BadInput(f"Line 1 names a column that is not known: {unknown[0]!r}.", f"Known are: {known}.")
    if len(set(header)) < len(header):
        raise BadInput("Line 1 names a column twice.", "Leave one of them out.")


def _line(at: int, header: list[str], cells: list[str]) -> Line:
    given = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    number = given.get("number", "")
    if len(cells) != len(header):
        fault = f"It has {len(cells)} columns where the header has {len(header)}. Quote cells that contain commas."
        return Line(at, number, None, fault)
    try:
        return Line(at, number, _report(given))
    except BadInput as problem:
        return Line(at, number, None, str(problem))


def _report(given: dict[str, str]) -> NewReport:
    said = Said(
        given.get("reporter", ""),
        words=given.get("text", ""),
        reference=given.get("reference", ""),
        carrier=given.get("carrier", ""),
    )
    return NewReport(
        Source.CARRIER,
        given.get("number", ""),
        said,
        _claim(given.get("sent_at", "")),
        given.get("campaign") or None,
        _tier(given.get("tier", "")),
    )


def _claim(sent_at: str) -> Claim | None:
    if not sent_at:
        return None
    try:
        moment = datetime.fromisoformat(sent_at)
        if moment.tzinfo is None:
            raise ValueError
        moment = moment.astimezone(UTC)
        return Claim(moment, moment + EXACTLY)
    except (ValueError, OverflowError):
        raise BadInput(f"{sent_at[:40]!r} is no time.", "Write it with its zone, like 2026-11-23T15:00:00Z.") from None


def _tier(tier: str) -> FeeTier | None:
    if not tier:
        return None
    try:
        return FeeTier(tier.casefold())
    except ValueError:
        raise BadInput(f"There is no tier {tier[:20]!r}.", f"Write one of: {', '.join(FeeTier)}.") from None
