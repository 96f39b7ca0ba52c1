"""Whether a file that somebody uploads is a PDF of a signed letter, and nothing that could do anything. The one door
to `pypdf`.

Every object of the file is looked at, also those that a reader would only find by rebuilding it.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from archive.core.errors import BadInput

MOST_BYTES: Final = 5_000_000
MOST_PAGES: Final = 50
MOST_OBJECTS: Final = 20_000
MOST_DEPTH: Final = 60

_SCRIPT = "It holds scripts."
_FILES = "It holds other files."
_ACTIONS = "It does something when it is opened or clicked on."
_MEDIA = "It holds sound, films or models."

FORBIDDEN_KEYS: Final = {
    "/JS": _SCRIPT,
    "/JavaScript": _SCRIPT,
    "/XFA": _SCRIPT,
    "/AA": _ACTIONS,
    "/EF": _FILES,
    "/EmbeddedFiles": _FILES,
    "/RichMediaContent": _MEDIA,
}
FORBIDDEN_VALUES: Final = {
    "/JavaScript": _SCRIPT,
    "/EmbeddedFile": _FILES,
    "/Filespec": _FILES,
    "/FileAttachment": _FILES,
    **dict.fromkeys(("/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/ResetForm", "/Named"), _ACTIONS),
    **dict.fromkeys(("/RichMedia", "/Movie", "/Sound", "/Screen", "/Rendition", "/3D"), _MEDIA),
}
"""What the keys `/S`, `/Type` and `/Subtype` of a dictionary may not say (ISO 32000-1 §7.11, §12.5, §12.6)."""

_ANYWHERE = re.compile(rb"/(JavaScript|EmbeddedFile|RichMedia)")
"""Long enough not to stand in packed bytes by chance; looked for in all of the file, whatever its table says."""

_MEANS = {b"JavaScript": _SCRIPT, b"EmbeddedFile": _FILES, b"RichMedia": _MEDIA}


class BadPaper(BadInput):
    """A file that is not taken in, with the reason."""

    slug = "bad-paper"


def check_paper(raw: bytes) -> int:
    """How many pages it has. Raises `BadPaper`."""
    if len(raw) > MOST_BYTES:
        raise BadPaper("The file is larger than 5 MB.", "Scan it in black and white, or with fewer dots per inch.")
    if not raw.startswith(b"%PDF-"):
        raise BadPaper("The file is no PDF.", "Scan the signed letter into a PDF.")
    if found := _ANYWHERE.search(raw):
        raise _refused(_MEANS[found[1]])
    try:
        return _check(pypdf.PdfReader(BytesIO(raw)))
    except BadPaper:
        raise
    except Exception as problem:  # A hostile file may fail in any way whatever.
        raise BadPaper("The file can't be read as a PDF.", "Print it into a new PDF, or scan it again.") from problem


def _check(reader: pypdf.PdfReader) -> int:
    if reader.is_encrypted:
        raise BadPaper("The file is encrypted.", "Save it without a password.")
    pages = len(reader.pages)
    if not 1 <= pages <= MOST_PAGES:
        raise BadPaper(f"The file has {pages:,} pages.", f"A letter has 1 to {MOST_PAGES}.")
    for something in _objects(reader):
        _look_at(something, 0)
    return pages


def _objects(reader: pypdf.PdfReader) -> Iterator[Any]:
    numbers = {number for generation in reader.xref.values() for number in generation} | set(reader.xref_objStm)
    if len(numbers) > MOST_OBJECTS:
        raise BadPaper("The file has more parts than a letter can have.", "Scan it again.")
    yield reader.trailer
    for number in numbers:
        yield reader.get_object(IndirectObject(number, 0, reader))


def _look_at(something: Any, depth: int) -> None:
    """A dictionary or an array with what is directly in it; what it refers to has its own turn."""
    if depth > MOST_DEPTH:
        raise BadPaper("The file is nested deeper than a letter can be.", "Scan it again.")
    if isinstance(something, ArrayObject):
        for part in something:
            _look_at(part, depth + 1)
    if not isinstance(something, DictionaryObject):
        return
    for key, value in something.items():
        why = FORBIDDEN_KEYS.get(key)
        if key in ("/S", "/Type", "/Subtype") and isinstance(value, NameObject):
            why = FORBIDDEN_VALUES.get(value)
        if why:
            raise _refused(why)
        if not isinstance(value, IndirectObject):
            _look_at(value, depth + 1)


def _refused(why: str) -> BadPaper:
    return BadPaper(f"The file is not taken: {why}", "Print the letter, sign it, scan it, and upload the scan.")
