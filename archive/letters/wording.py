"""The exact words of a letter: templates of our own by version, filled in, and taken apart again for page and paper.

A version is never edited. A letter says which one it was made of and the SHA-256 of what came out, and every version
stays here for ever, so that an old letter can be read beside the words that it was made of.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final, Literal

from archive.core.errors import Damaged, NotFound

DIGESTS: Final = {1: "05b127b7eabe41ab73a4e64e0c7a6281e25983a080d199cc26269e532c596935"}
"""Version → SHA-256 over its three files with a zero byte between them."""

NEWEST: Final = max(DIGESTS)

_FIELD = re.compile(r"\{(\w+)\}")
_FACT = re.compile(r"([A-Z][^:.]{1,60}): (.+)")
_CLAUSE = re.compile(r"(\d+)\. ([^.]+)\. (.+)")

BlockKind = Literal["title", "heading", "fact", "number", "clause", "words"]


@dataclass(frozen=True, slots=True)
class Wording:
    """The three templates of a version: the letter, what the signer declares, the consent to sign electronically."""

    version: int
    letter: str
    authority: str
    consent: str

    @property
    def digest(self) -> str:
        return sha256("\0".join((self.letter, self.authority, self.consent)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Block:
    """A line of a letter, for setting it. `label`: what stands before the colon, or the number and name of a clause."""

    kind: BlockKind
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Facts, or numbers, that follow each other; of every other kind a single line."""

    kind: BlockKind
    blocks: tuple[Block, ...]


@cache
def wording(version: int) -> Wording:
    """Raises `NotFound`, or `Damaged` if the words are not those that were released under this version."""
    if version not in DIGESTS:
        raise NotFound(f"There is no version {version} of the letter.", f"There are: {', '.join(map(str, DIGESTS))}.")
    folder = files("archive.letters").joinpath("words", str(version))
    parts = [folder.joinpath(f"{name}.txt").read_text("utf-8") for name in ("letter", "authority", "consent")]
    found = Wording(version, *parts)
    if found.digest != DIGESTS[version]:
        raise Damaged(f"Version {version} of the letter's words was changed.", "Install the archive again.")
    return found


def fill(template: str, values: Mapping[str, str], numbers: tuple[str, ...] = ()) -> str:
    """The words with the values in them. A line with an empty field is left out; `{number}` makes a line for each."""
    lines: list[str] = []
    for line in template.splitlines():
        wanted = _FIELD.findall(line)
        if wanted == ["number"]:
            lines += [line.replace("{number}", number) for number in numbers]
        elif all(values[name] for name in wanted):
            lines.append(_FIELD.sub(lambda found: values[found[1]], line))
    return "\n".join(lines) + "\n"


def blocks(text: str) -> list[Block]:
    """The lines of a filled-in letter, each with its part in it."""
    return [_block(line) for line in text.splitlines() if line]


def runs(text: str) -> list[Run]:
    """The same, with facts and numbers that follow each other together."""
    found: list[Run] = []
    for block in blocks(text):
        if found and found[-1].kind == block.kind and block.kind in ("fact", "number"):
            found[-1] = Run(block.kind, (*found[-1].blocks, block))
        else:
            found.append(Run(block.kind, (block,)))
    return found


def _block(line: str) -> Block:
    if line.startswith("# "):
        return Block("title", line[2:])
    if line.startswith("## "):
        return Block("heading", line[3:])
    if line.startswith("- "):
        return Block("number", line[2:])
    if found := _CLAUSE.fullmatch(line):
        return Block("clause", found[3], f"{found[1]}. {found[2]}")
    if found := _FACT.fullmatch(line):
        return Block("fact", found[2], found[1])
    return Block("words", line)
