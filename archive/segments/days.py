"""Sorts sealed records into segments of one day of expiry each, none larger than an object may be."""

from dataclasses import dataclass, field
from datetime import datetime

from archive.access.organisations import OrganisationRow
from archive.core.clock import to_micros
from archive.messages.actions import STORED
from archive.segments import names
from archive.segments.layout import Owner, Record, encode_line, segment


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of one object (it is larger only if a single record is), bytes of the records that are held in memory and
    make some segments at once, entries that are read at once, and entries that don't wait any longer.
    """

    object: int = 8 * 1024 * 1024
    window: int = 32 * 1024 * 1024
    reading: int = 2_000
    waiting: int = 20_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Finished:
    """A segment, ready to be put. `day` is empty for one of the ledger. `held`: a hold keeps it beyond its day."""

    name: str
    content: bytes
    day: str
    records: int
    texts: int
    keep_until: datetime
    held: bool = False


def owner_of(organisation: OrganisationRow) -> Owner:
    row = organisation
    return Owner(row.id, row.public_id, row.name, row.origin, to_micros(row.created_at))


@dataclass(slots=True)
class _Part:
    """Records of one day, up to what one object may hold."""

    lines: list[bytes] = field(default_factory=list)
    serials: list[int] = field(default_factory=list)
    size: int = 0
    texts: int = 0


class Days:
    """Records sorted into segments of one day each. `batch`: what is put there a second time has it in its name."""

    def __init__(self, organisation: OrganisationRow, limits: Limits = LIMITS, batch: str = "") -> None:
        self._organisation = organisation
        self._limits = limits
        self._batch = f"{batch}-" if batch else ""
        self._days: dict[tuple[str, bool], list[_Part]] = {}
        self.size = 0

    def add(self, day: str, record: Record, *, held: bool = False) -> None:
        line = encode_line(record)
        parts = self._days.setdefault((day, held), [_Part()])
        if parts[-1].lines and parts[-1].size + len(line) > self._limits.object:
            parts.append(_Part())
        part = parts[-1]
        part.lines.append(line)
        part.serials.append(record.seq)
        part.size += len(line)
        part.texts += record.kind == STORED
        self.size += len(line)

    def finished(self) -> list[Finished]:
        return [self._finished(*day, part) for day, parts in sorted(self._days.items()) for part in parts]

    def _finished(self, day: str, held: bool, part: _Part) -> Finished:
        first, last = part.serials[0], part.serials[-1]
        owner = owner_of(self._organisation)
        content = segment("records", owner, part.lines, first=first, last=last, day=day)
        folder = (names.held_folder if held else names.day_folder)(self._organisation.public_id, day)
        name = names.numbered(folder + self._batch, first, last)
        return Finished(name, content, day, len(part.lines), part.texts, names.end_of_day(day), held)
