"""How segments are written and read, through Whoosh's own extension points: codec, segment and term readers.

Whoosh keeps the dictionary of terms, the segments and the table of contents; the posting lists are blocks of our own
(`blocks`). Stock lists are pickled and compressed 128 texts at a time, and its files seek, so that two threads can't
share a reader; here everything is read from where it lies in the mapped file, by any number of threads.
"""

import io
import struct
from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment, W3TermInfo, W3TermsReader
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.filedb.structfile import BufferFile
from whoosh.system import pack_ushort
from whoosh.util.numlists import GrowableArray

from archive.search.whoosh.blocks import Postings, decode, encode

INDEX_NAME = "TEXTS"
SERIAL, AT = "serial", "at"
TEXT = "text"
EXACT_FIELDS = ("account", "campaign", "direction", "flag", "from", "has", "own", "provider", "to", "with")

_WHERE = struct.Struct("!qi")
_LENGTHS = struct.Struct("!ii")
_CRC32 = 1
_STATISTICS = W3TermInfo._struct

TermList = tuple[str, bytes, Postings]
"""Field, term, postings. Lists come in the order of field and term."""


class TermField(fields.FieldType):  # type: ignore[misc]
    """A field whose terms are made before Whoosh sees them: no analyser, no tokens, nothing stored, no scores."""

    def __init__(self, *, positions: bool) -> None:
        self.format = formats.Positions() if positions else formats.Existence()
        self.scorable = self.stored = self.unique = False


def make_schema() -> fields.Schema:
    exact = {name: TermField(positions=False) for name in EXACT_FIELDS}
    return fields.Schema(**exact, text=TermField(positions=True))


class TextCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's third codec with blocks in place of its posting lists."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> "BlockWriter":
        return BlockWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "BlockReader":
        name = segment.make_filename(self.TERMS_EXT)
        postings = segment.open_file(storage, self.POSTS_EXT)
        return BlockReader(self, storage.open_file(name), storage.file_length(name), postings)

    def new_segment(self, storage: Any, indexname: str) -> "TextSegment":
        return TextSegment(self, indexname)


class TextSegment(W3Segment):  # type: ignore[misc]
    """One file; named in the table of contents."""

    def open_compound_file(self, storage: Any) -> "MappedCompound":
        return MappedCompound(storage.open_file(self.make_filename(self.COMPOUND_EXT)))


class MappedCompound(CompoundStorage):  # type: ignore[misc]
    """A segment's parts as windows into its mapped file. Stock Whoosh copies each part into memory."""

    def open_file(self, name: str, *_args: Any, **_options: Any) -> "MappedFile":
        offset, length = self.range(name)
        return MappedFile(memoryview(self._source)[offset : offset + length], name)


class MappedFile(BufferFile):  # type: ignore[misc]
    """Reads by position don't move anything; only opening reads in sequence, through a small buffer."""

    def __init__(self, buffer: memoryview, name: str) -> None:
        self._buf = self.buffer = buffer
        self._name = name
        self.file = io.BufferedReader(_Window(buffer), 1024)
        self.onclose = None
        self.is_real = self.is_closed = False


class _Window(io.RawIOBase):
    def __init__(self, buffer: memoryview) -> None:
        self._buffer = buffer
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        piece = self._buffer[self._at : self._at + len(target)]
        target[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + (0, self._at, len(self._buffer))[whence]
        return self._at

    def tell(self) -> int:
        return self._at


class Dictionary(OrderedHashWriter):  # type: ignore[misc]
    """Whoosh's file of terms. It counts its own place: asking the file, twice a term, was a quarter of indexing."""

    def __init__(self, file: Any) -> None:
        HashWriter.__init__(self, file, hashtype=_CRC32)
        self.index = GrowableArray("H")
        self._write = file.file.write
        self._at: int = file.tell()

    def add(self, key: bytes, value: bytes) -> None:
        """Keys come in ascending order; the caller sees to that."""
        self._write(_LENGTHS.pack(len(key), len(value)) + key + value)
        self.index.append(self._at)
        hashed = crc32(key)
        self.buckets[hashed & 255].append((hashed, self._at))
        self._at += _LENGTHS.size + len(key) + len(value)


class BlockWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes a block for each term, and the dictionary that says where it is."""

    def __init__(self, codec: Any, storage: Any, segment: Any) -> None:
        self._terms = Dictionary(segment.create_file(storage, codec.TERMS_EXT))
        self._terms.extras["fieldmap"] = self._fields = dict[str, int]()
        self._blocks = segment.create_file(storage, codec.POSTS_EXT)

    def add_postings(self, _schema: Any, _lengths: None, items: Iterable[TermList]) -> None:
        """Raises ValueError if the lists are out of order."""
        write, at, last = self._blocks.file.write, 0, b""
        for name, term, postings in items:
            key = pack_ushort(self._fields.setdefault(name, len(self._fields))) + term
            if key <= last:
                raise ValueError(f"Lists must ascend: {last!r}, {key!r}.")
            texts, last = postings.texts, key
            block = encode(postings)
            info = _STATISTICS.pack(0, len(texts), len(texts), 0, 0, 1.0, int(texts[0]), int(texts[-1]))
            self._terms.add(key, info + _WHERE.pack(at, len(block)))
            write(block)
            at += len(block)

    def close(self) -> None:
        self._terms.close()
        self._blocks.close()


class BlockReader(W3TermsReader):  # type: ignore[misc]
    """Looks terms up and hands out their blocks. Safe to share between threads."""

    def postings(self, field: str, term: bytes) -> Postings | None:
        info = self._tindex.get(self._keycoder(field, term))
        return None if info is None else self._block(info)

    def beginning_with(self, field: str, beginning: bytes) -> Iterator[tuple[bytes, bytes]]:
        """(term, where) of every term that begins so, in order. `block_at(where)` is its list."""
        start = self._keycoder(field, beginning)
        for key, info in self._tindex.items_from(start):
            if not key.startswith(start):
                return
            yield key[2:], info

    def block_at(self, where: bytes) -> Postings:
        return self._block(where)

    def all_lists(self) -> Iterator[tuple[tuple[str, bytes], bytes]]:
        """((field, term), where) of everything, in order."""
        for key, info in self._tindex.items():
            yield self._keydecoder(key), info

    def _block(self, info: bytes) -> Postings:
        offset, _ = _WHERE.unpack_from(info, _STATISTICS.size)
        return decode(self._postfile.buffer, offset)
