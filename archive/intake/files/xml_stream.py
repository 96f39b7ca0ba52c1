"""The elements of a few names in an XML file of any size, one by one, in the memory that one of them takes.

Uses expat directly, because only it says which bytes of the file an element was. A document type is
refused outright: every attack by entities (billion laughs, files of this machine, addresses on the
network) needs one to begin with.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol
from xml.etree.ElementTree import Element, TreeBuilder  # Builds only; nothing is parsed by it.
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from archive.intake.files.model import LARGEST, FileProblem

CHUNK = 1 << 16
JUST_UNDER_ROOT = 2
DEEPEST = 30
"""Open elements inside each other. Known formats have five; expat keeps something for each that is open."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Found:
    """An element with its bytes and the line where it begins, or why there is none."""

    element: Element | None
    raw: bytes
    line: int
    problem: str | None = None


def elements(stream: Readable, *, root: str, tags: Collection[str]) -> Iterator[Found]:
    """Each of `tags` directly under `root`. XML that breaks off ends with a Found that has the problem.

    FileProblem if the document has another root, a document type, or an encoding other than UTF-8.
    """
    parsing = _Parsing(root, tags)
    while chunk := stream.read(CHUNK):
        yield from parsing.feed(chunk)
        if parsing.broken:
            return
    yield from parsing.feed(b"", last=True)


class _Parsing:
    def __init__(self, root: str, tags: Collection[str]) -> None:
        self._root, self._tags = root, tags
        self._found: list[Found] = []
        self._window = bytearray()
        """The bytes from the open element on, or from the token that expat waits to see the end of."""
        self._window_starts = 0
        self._last_event = 0
        self._depth = 0
        self._open: tuple[int, int] | None = None
        """Byte and line where the element that is being read begins."""
        self._builder = TreeBuilder()
        self._too_large: bytes | None = None
        self.broken = False
        self._expat = self._make()

    def feed(self, chunk: bytes, *, last: bool = False) -> list[Found]:
        self._found = []
        self._window += chunk
        try:
            self._expat.Parse(chunk, last)
        except ExpatError as error:
            self._break_off(error)
        else:
            self._shrink()
        return self._found

    def _make(self) -> XMLParserType:
        expat = ParserCreate("utf-8")
        expat.StartElementHandler = self._start
        expat.EndElementHandler = self._end
        expat.CharacterDataHandler = self._characters
        expat.DefaultHandlerExpand = self._other
        expat.XmlDeclHandler = _check_declaration
        expat.StartDoctypeDeclHandler = _refuse_doctype
        return expat

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._last_event = self._expat.CurrentByteIndex
        if self._depth == 0 and name != self._root:
            raise FileProblem(f"This XML is a <{name}>, not a <{self._root}> as it should be in this format.")
        self._depth += 1
        if self._depth > DEEPEST:
            raise FileProblem(f"This XML has more than {DEEPEST} elements inside each other; no known format has.")
        if self._depth == JUST_UNDER_ROOT and name in self._tags:
            self._open = self._last_event, self._expat.CurrentLineNumber
            self._builder = TreeBuilder()
        if self._is_building():
            self._builder.start(name, attributes)

    def _characters(self, text: str) -> None:
        self._last_event = self._expat.CurrentByteIndex
        if self._is_building():
            self._builder.data(text)

    def _other(self, _text: str) -> None:
        self._last_event = self._expat.CurrentByteIndex

    def _end(self, name: str) -> None:
        self._last_event = self._expat.CurrentByteIndex
        self._depth -= 1
        if self._is_building():
            self._builder.end(name)
        if self._depth == 1 and self._open is not None:
            self._found.append(self._close(name, *self._open))
            self._open, self._too_large = None, None

    def _close(self, name: str, begins: int, line: int) -> Found:
        raw = self._too_large or self._bytes(begins, self._end_of_tag(name))
        if len(raw) >= LARGEST:
            return Found(None, raw[:LARGEST], line, f"Longer than {LARGEST:,} bytes; only its beginning is kept here.")
        return Found(self._builder.close(), raw, line)

    def _is_building(self) -> bool:
        return self._open is not None and self._too_large is None

    def _end_of_tag(self, name: str) -> int:
        """For <a/> expat reports the end where the tag ends, for </a> where it begins."""
        here = self._last_event - self._window_starts
        if self._window.startswith(f"</{name}".encode(), here):
            return self._window.index(b">", here) + 1 + self._window_starts
        return self._last_event

    def _bytes(self, start: int, end: int) -> bytes:
        return bytes(self._window[start - self._window_starts : end - self._window_starts])

    def _shrink(self) -> None:
        needed_from = self._last_event
        if self._open is not None and self._too_large is None:
            begins = self._open[0]
            if self._window_ends() - begins > LARGEST:
                self._too_large = self._bytes(begins, begins + LARGEST)
            else:
                needed_from = begins
        if self._window_ends() - needed_from > LARGEST + CHUNK:
            raise FileProblem(f"This XML has a tag of more than {LARGEST:,} bytes; no known format has.")
        del self._window[: needed_from - self._window_starts]
        self._window_starts = needed_from

    def _window_ends(self) -> int:
        return self._window_starts + len(self._window)

    def _break_off(self, error: ExpatError) -> None:
        """Says where, and hands over the beginning of what could not be read."""
        self.broken = True
        begins = self._open[0] if self._is_building() and self._open is not None else self._last_event
        problem = (
            f"The XML breaks here ({error}); nothing after it could be read. "
            "Repair the file and import it again: what is already in is recognised."
        )
        raw = self._too_large or self._bytes(begins, min(self._window_ends(), begins + LARGEST))
        self._found.append(Found(None, raw, self._expat.ErrorLineNumber, problem))


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.casefold() not in ("utf-8", "utf8", "us-ascii"):
        raise FileProblem(f"This XML is written in {encoding}. Save it as UTF-8 and import it again.")


def _refuse_doctype(*_: object) -> None:
    raise FileProblem("This XML has a document type (<!DOCTYPE …>), which can be made to do harm. Remove it first.")
