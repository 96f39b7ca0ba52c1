"""One segment: an immutable file of texts and their terms. In each, texts are numbered in the order of (at, serial).

That order is what makes everything else simple: the newest hits are the last of a list, a range of dates is a range of
numbers, and segments are put in order by comparing their ends.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage

from archive.core.errors import Damaged
from archive.search.whoosh.blocks import Numbers
from archive.search.whoosh.codec import (
    AT,
    INDEX_NAME,
    SERIAL,
    BlockReader,
    TermList,
    TextCodec,
    TextSegment,
)

_STORED = np.dtype(">i8")
"""As in Whoosh's own numeric columns."""


class Segment:
    """A segment opened for reading. `ats` and `serials`: of each text by its number."""

    def __init__(self, storage: FileStorage, described: TextSegment) -> None:
        self.described = described
        self.name: str = described.segment_id()
        self.file_name: str = described.make_filename(described.COMPOUND_EXT)
        files = described.open_compound_file(storage)
        self.terms: BlockReader = described.codec().terms_reader(files, described)
        self.ats = _column(files, described, AT)
        self.serials = _column(files, described, SERIAL)
        self.size = len(self.serials)
        if self.size != described.doc_count_all() or len(self.ats) != self.size or not self.size:
            raise Damaged(f"The index segment {self.name} does not hold the texts it should.")

    @property
    def first(self) -> tuple[int, int]:
        """(at, serial) of the oldest text."""
        return int(self.ats[0]), int(self.serials[0])

    @property
    def last(self) -> tuple[int, int]:
        return int(self.ats[-1]), int(self.serials[-1])

    def lacks(self, serials: frozenset[int]) -> bool:
        """Whether it has no text of these serials."""
        return not np.isin(self.serials, np.fromiter(serials, np.int64, len(serials))).any()

    def number_from(self, at: int) -> int:
        """The number of the first text at this moment or later."""
        return int(np.searchsorted(self.ats, at))

    def number_before(self, place: tuple[int, int]) -> int:
        """How many texts stand before (at, serial)."""
        first, end = np.searchsorted(self.ats, place[0]), np.searchsorted(self.ats, place[0], "right")
        return int(first + np.searchsorted(self.serials[first:end], place[1]))


def write_segment(
    storage: FileStorage, lists: Iterable[TermList], ats: Sequence[int], serials: Sequence[int]
) -> TextSegment:
    """A new segment of texts that are in order already. Nothing refers to it yet."""
    codec = TextCodec()
    segment = codec.new_segment(storage, INDEX_NAME)
    fields = codec.field_writer(storage, segment)
    fields.add_postings(None, None, lists)
    fields.close()
    for name, values in ((AT, ats), (SERIAL, serials)):
        file = storage.create_file(codec.column_filename(segment, name))
        file.write(np.asarray(values, _STORED).tobytes())
        file.close()
    segment.set_doc_count(len(serials))
    segment.create_compound_file(storage)
    return segment


def _column(files: Any, described: TextSegment, name: str) -> Numbers:
    stored = files.open_file(TextCodec.column_filename(described, name)).buffer
    return np.frombuffer(stored, _STORED).astype(np.int64)
