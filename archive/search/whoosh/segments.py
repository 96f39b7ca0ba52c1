"""One segment: an immutable file of texts and their terms. In each, texts are numbered in the order of (at, serial).

That order is what makes everything else simple: the newest hits are the last of a list, a range of dates is a range of
numbers, and segments are put in order by comparing their ends.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from whoosh.filedb.filestore import FileStorage

from archive.core.errors import Damaged
from archive.search.plan import Moments
from archive.search.whoosh.codec import INDEX_NAME, TextCodec, TextSegment
from archive.search.whoosh.postings import Lists
from archive.search.whoosh.sections import Numbers, Sections, write_sections
from archive.search.whoosh.terms import Terms

_AT, _SERIAL = "at", "serial"
_COLUMN = np.dtype("<i8")


class Segment:
    """A segment opened for reading. `ats` and `serials`: of each text by its number.

    `first` and `last`: (at, serial) of the oldest and the newest text.
    """

    def __init__(self, folder: Path, described: TextSegment) -> None:
        self.described = described
        self.name: str = described.segment_id()
        self.file_name: str = described.file_name
        sections = Sections(folder / self.file_name)
        self._fields = {name: Terms(sections, name) for name in sections.prefixes(".keys")}
        self.ats, self.serials = sections.numbers(_AT), sections.numbers(_SERIAL)
        self.size = len(self.serials)
        if self.size != described.doc_count_all() or len(self.ats) != self.size or not self.size:
            raise Damaged(f"The index segment {self.name} does not hold the texts it should.")
        self.first = int(self.ats[0]), int(self.serials[0])
        self.last = int(self.ats[-1]), int(self.serials[-1])

    @property
    def fields(self) -> Mapping[str, Terms]:
        """Those that any text has something in."""
        return self._fields

    def terms(self, field: str) -> Terms | None:
        return self._fields.get(field)

    def lacks(self, serials: frozenset[int]) -> bool:
        """Whether it has no text of these serials."""
        return not np.isin(self.serials, np.fromiter(serials, np.int64, len(serials))).any()

    def within(self, dates: Moments) -> tuple[int, int]:
        """The number of the first text within the dates, and the one behind the last; equal where there is none."""
        start, until = dates.start, dates.until
        first = 0 if start is None or start <= self.first[0] else int(self.ats.searchsorted(start))
        end = self.size if until is None or until > self.last[0] else int(self.ats.searchsorted(until))
        return first, max(first, end)

    def number_before(self, place: tuple[int, int]) -> int:
        """How many texts stand before (at, serial)."""
        first, end = self.ats.searchsorted(place[0]), self.ats.searchsorted(place[0], "right")
        return int(first + self.serials[first:end].searchsorted(place[1]))


def write_segment(storage: FileStorage, lists: Mapping[str, Lists], ats: Numbers, serials: Numbers) -> TextSegment:
    """A new segment of texts that are in order already. Nothing refers to it yet."""
    segment = TextCodec().new_segment(storage, INDEX_NAME)
    sections = [(_AT, ats.astype(_COLUMN, copy=False)), (_SERIAL, serials.astype(_COLUMN, copy=False))]
    for name, field in sorted(lists.items()):
        sections.extend(field.sections(name))
    write_sections(Path(storage.folder) / segment.file_name, sections)
    segment.set_doc_count(len(serials))
    return segment
