"""Files to print and to keep: PDF/A-3a with tags, from a template in Typst. The one door to `typst`.

The same content gives the same bytes: nothing is taken from the machine, neither fonts nor the time.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import typst

STANDARDS: Final[list[Any]] = ["a-3a", "ua-1"]
"""For archives (ISO 19005-3, level A) and for screen readers (ISO 14289-1)."""

_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')


@dataclass(frozen=True, slots=True)
class Attachment:
    """The file that a PDF is a reading of; it travels inside."""

    name: str
    content: str
    media: str
    about: str


def write_pdf(template: bytes, said: Mapping[str, Any], source: Attachment, at: datetime) -> bytes:
    """`template` finds `said` as `data`, and attaches `source` itself: as Typst, `attached()` does it.

    What the fonts have no letters for is written as `[U+6F0F]`: under PDF/A nothing may be left blank.
    """
    missing: set[str] = set()
    while True:
        try:
            return _compile(template, _spelled(said, missing), source, at)
        except typst.TypstError as problem:
            found = set("".join(_MISSING.findall(problem.diagnostic))) - missing
            if not found:
                raise
            missing |= found


_PREAMBLE = b"""
#let data = json(bytes(sys.inputs.data))
#let attached() = pdf.attach(sys.inputs.name, bytes(sys.inputs.content), relationship: "source",
  mime-type: sys.inputs.media, description: sys.inputs.about)
"""


def _compile(template: bytes, said: Any, source: Attachment, at: datetime) -> bytes:
    inputs = {
        "data": json.dumps(said),
        "name": source.name,
        "content": source.content,
        "media": source.media,
        "about": source.about,
    }
    compiler = typst.Compiler(_PREAMBLE + template, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs)
    made = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=at.replace(microsecond=0))
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    """Those that come with Typst."""
    return typst.Fonts(include_system_fonts=False)


def _spelled(said: Any, missing: set[str]) -> Any:
    if isinstance(said, str):
        return "".join(f"[U+{ord(letter):04X}]" if letter in missing else letter for letter in said)
    if isinstance(said, Mapping):
        return {name: _spelled(value, missing) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_spelled(value, missing) for value in said]
    return said
