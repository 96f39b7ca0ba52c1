"""Files to print and to keep: PDF/A with tags, from a template in Typst. The one door to `typst`.

The same content gives the same bytes: nothing is taken from the machine, neither fonts nor the time.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import typst

WITH_SOURCE: Final[list[Any]] = ["a-3a", "ua-1"]
"""For archives (ISO 19005-3, level A) and for screen readers (ISO 14289-1)."""

ALONE: Final[list[Any]] = ["a-2a", "ua-1"]
"""The same without attachments (ISO 19005-2), which many who take files in refuse."""

_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')

_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """The file that a PDF is a reading of; it travels inside."""

    name: str
    content: str
    media: str
    about: str


def write_pdf(template: bytes, said: Mapping[str, Any], source: Attachment | None, at: datetime) -> bytes:
    """`template` finds `said` as `data`, and attaches `source`, if there is one, itself: `attached()` does it.

    What the fonts have no letters for is written as `[U+6F0F]`: under PDF/A nothing may be left blank.
    """
    missing: set[str] = set()
    while True:
        try:
            return _compile(template, _spelled(said, missing), source, at)
        except typst.TypstError as problem:
            found = set("".join(map(_unescaped, _MISSING.findall(problem.diagnostic)))) - missing
            if not found:
                raise
            missing |= found


def _unescaped(named: str) -> str:
    """What Typst names in its message: letters that join others, or are invisible, are written as `\\u{200d}` there."""
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), named)


_DATA = b"""
#let data = json(bytes(sys.inputs.data))
"""
_ATTACHED = b"""
#let attached() = pdf.attach(sys.inputs.name, bytes(sys.inputs.content), relationship: "source",
  mime-type: sys.inputs.media, description: sys.inputs.about)
"""


def _compile(template: bytes, said: Any, source: Attachment | None, at: datetime) -> bytes:
    inputs = {"data": json.dumps(said), **(asdict(source) if source else {})}
    whole = _DATA + (_ATTACHED if source else b"") + template
    compiler = typst.Compiler(whole, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs)
    standards = WITH_SOURCE if source else ALONE
    made = compiler.compile(format="pdf", pdf_standards=standards, timestamp=at.replace(microsecond=0))
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    """Those that come with Typst."""
    return typst.Fonts(include_system_fonts=False)


def _is_half(letter: str) -> bool:
    """Of a surrogate pair, which texts may hold and no file of text can."""
    return "\ud800" <= letter <= "\udfff"


def _spelled(said: Any, missing: set[str]) -> Any:
    if isinstance(said, str):
        return "".join(f"[U+{ord(letter):04X}]" if letter in missing or _is_half(letter) else letter for letter in said)
    if isinstance(said, Mapping):
        return {name: _spelled(value, missing) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_spelled(value, missing) for value in said]
    return said
