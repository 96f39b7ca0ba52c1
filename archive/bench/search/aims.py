"""What the figures have to be at a million texts, and whether they are."""

from dataclasses import dataclass

from archive.bench.search.questions import Kind

AIMED_AT = 1_000_000
"""Texts. At other sizes the aims are shown all the same, and mean less."""

BESIDE_FTS5: dict[Kind, float] = {
    "rare term": 3,
    "5 % term": 1,
    "20 % term": 1,
    "AND": 3,
    "phrase": 3,
    "number + 90 days": 1,
}
"""Times FTS5's median that a page may take at most. The other classes have no such aim."""


_TIMES = "×"


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure, and what it may be at most or has to be at least; with neither it is only shown.

    `of`: its unit, or for the ratio to another engine × and the engine.
    """

    of: str
    figure: float | None
    most: float | None = None
    least: float | None = None

    @property
    def is_ratio(self) -> bool:
        return self.of.startswith(_TIMES)

    @property
    def met(self) -> bool | None:
        """None where there is nothing to be met, or nothing that was measured."""
        if self.figure is None or self.most is self.least is None:
            return None
        return (self.most is None or self.figure <= self.most) and (self.least is None or self.figure >= self.least)


def index_aims(beside_whoosh: float | None, beside_tantivy: float | None) -> list[Aim]:
    return [Aim(f"{_TIMES} Whoosh", beside_whoosh, least=15), Aim(f"{_TIMES} tantivy", beside_tantivy, least=0.25)]


def page_aims(kind: Kind, beside_fts5: float | None, p95: float) -> list[Aim]:
    return [*_beside_fts5(beside_fts5, BESIDE_FTS5.get(kind)), Aim("ms p95", p95, most=15)]


def count_aims(beside_fts5: float | None, p95: float) -> list[Aim]:
    return [*_beside_fts5(beside_fts5), Aim("ms p95", p95, most=60)]


def opened_page_aim(p50: float) -> Aim:
    return Aim("ms p50", p50, most=10)


def opening_aim(seconds: float) -> Aim:
    return Aim("s", seconds, most=1)


def memory_aim(megabytes: float | None) -> Aim:
    return Aim("MB", megabytes, most=150)


def size_aim(bytes_a_text: float) -> Aim:
    return Aim("bytes", bytes_a_text, most=260)


def thousand_more_aim(milliseconds: float) -> Aim:
    return Aim("ms", milliseconds, most=400)


def rebuild_aim(rate: float) -> Aim:
    return Aim("texts/s", rate, least=10_000)


def _beside_fts5(ratio: float | None, most: float | None = None) -> list[Aim]:
    return [] if ratio is None else [Aim(f"{_TIMES} FTS5", ratio, most=most)]
