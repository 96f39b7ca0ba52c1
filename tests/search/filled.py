"""A small index with texts by the dice in it, and ways to look into it and to do it harm."""

import os
import random
from pathlib import Path

from archive.search.index import IndexedText, Order, SearchIndex
from archive.search.plan import Plan
from archive.search.query.parse import parse
from archive.search.resolve import resolve
from archive.search.whoosh.engine import WhooshIndex
from tests.search import corpus

ORG = 7


def plan_of(line: str) -> Plan:
    return resolve(None, parse(line))  # type: ignore[arg-type]  # No query of the tests asks for a place.


def found(index: SearchIndex, line: str, org_id: int = ORG) -> list[int]:
    return [serial for serial, _ in index.page(org_id, plan_of(line), 500).hits]


def all_pages(index: SearchIndex, line: str, limit: int, order: Order = "newest") -> list[tuple[int, int]]:
    """(serial, at) of every hit, page after page to the end. Only the last page may be short."""
    hits: list[tuple[int, int]] = []
    cursor = None
    while True:
        page = index.page(ORG, plan_of(line), limit, cursor, order)
        hits += page.hits
        assert page.next is None or len(page.hits) == limit
        if page.next is None:
            return hits
        cursor = page.next


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
