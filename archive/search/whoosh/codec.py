"""What Whoosh's extension points are told: the fields, and that segments are written by a codec of our own.

Whoosh keeps the list of segments and the table of contents of each generation. Posting lists and the dictionary are in
a file of our own format (`sections`, `postings`): stock lists are pickled and compressed 128 texts at a time, stock
files seek, so that two threads can't share a reader, and every part of one is copied into memory when it is opened.
"""

from pathlib import Path
from typing import Any

from whoosh import fields
from whoosh.codec.whoosh3 import W3Codec, W3Segment

from archive.search.whoosh.readers import DocumentsReader, ListsReader
from archive.search.whoosh.sections import Sections

INDEX_NAME = "TEXTS"
TEXT = "text"
EXACT_FIELDS = ("account", "campaign", "direction", "flag", "from", "has", "own", "provider", "to", "with")


def make_schema() -> fields.Schema:
    return fields.Schema(**{name: fields.ID() for name in (*EXACT_FIELDS, TEXT)})


class TextCodec(W3Codec):  # type: ignore[misc]
    """Named in the table of contents by the segments that it has written."""

    def new_segment(self, storage: Any, indexname: str) -> "TextSegment":
        return TextSegment(self, indexname)

    def terms_reader(self, storage: Any, segment: "TextSegment") -> ListsReader:
        return ListsReader(Sections(Path(storage.folder) / segment.file_name))

    def per_document_reader(self, storage: Any, segment: "TextSegment") -> DocumentsReader:
        return DocumentsReader(segment.doc_count_all())


class TextSegment(W3Segment):  # type: ignore[misc]
    """One file; its name and how many texts are in it."""

    EXTENSION = ".seg"

    @property
    def file_name(self) -> str:
        name: str = self.make_filename(self.EXTENSION)
        return name
