"""Ways to ask an index, and to compare what it answers with the oracle."""

import random
from collections.abc import Sequence

from archive.search.index import Order, SearchIndex
from archive.search.plan import Plan
from archive.search.query.parse import parse
from archive.search.resolve import resolve
from tests.search.oracle import Oracle

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


def expect_oracle(index: SearchIndex, oracle: Oracle, lines: Sequence[str], dice: random.Random) -> int:
    """In both orders, on pages of any length, and counted; how many of the lines find anything."""
    found = 0
    for line in lines:
        expected = oracle.hits(parse(line))
        assert all_pages(index, line, dice.choice([25, 60, 500])) == expected, line
        assert all_pages(index, line, dice.choice([25, 60, 500]), "oldest") == expected[::-1], line
        assert index.count(ORG, plan_of(line)) == len(expected), line
        found += bool(expected)
    return found
