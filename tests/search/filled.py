"""A small index with texts by the dice in it, and ways to do it harm."""

import os
import random
from pathlib import Path

from archive.search.index import IndexedText
from archive.search.whoosh.engine import WhooshIndex
from tests.search import corpus
from tests.search.asking import ORG


def texts_of_filled(count: int = 60) -> list[IndexedText]:
    dice = random.Random(1)
    return [corpus.make_text(dice, serial) for serial in range(1, count + 1)]


def filled(folder: Path, count: int = 60) -> WhooshIndex:
    index, texts = WhooshIndex(folder), texts_of_filled(count)
    for start in range(0, count, 15):
        index.add(ORG, texts[start : start + 15], start + 15)
    return index


def flip(path: Path, at: int, mask: int = 0x10) -> None:
    """In place: who has mapped the file sees it too."""
    with path.open("r+b") as file:
        place = file.seek(at, os.SEEK_END if at < 0 else os.SEEK_SET)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ mask]))


def the_file(folder: Path, pattern: str) -> Path:
    return sorted((folder / str(ORG)).glob(pattern))[0]
