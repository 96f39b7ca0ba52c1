"""From what was measured to the rows of the table: figures for each engine, and what they are held against."""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.bench.search import aims
from archive.bench.search.aims import Aim
from archive.bench.search.asking import Times
from archive.bench.search.questions import KINDS
from archive.bench.search.run import Measured

OURS = "ours"


@dataclass(frozen=True, slots=True)
class Row:
    """`figures`: engine → one value, or the median and the 95th percentile. None is what could not be measured."""

    name: str
    figures: Mapping[str, Sequence[float | None]]
    aims: Sequence[Aim]
    digits: int = 0


def rows(measured: Measured) -> Iterator[Row]:
    yield _indexing(measured.indexed.rates)
    yield _single("disk, bytes a text", measured.sizes, aims.size_aim(measured.sizes[OURS]))
    yield from _pages(measured.asked.pages)
    yield from _counts(measured.asked.counts)
    yield from _living(measured)
    yield from _from_database(measured)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _indexing(rates: Mapping[str, float]) -> Row:
    beside = {name: rates[OURS] / rate for name, rate in rates.items()}
    return Row("index, texts/s", _each(rates), aims.index_aims(beside.get("Whoosh"), beside.get("tantivy")))


def _pages(times: Times) -> Iterator[Row]:
    for kind in KINDS:
        figures = _middle_and_slow(times[kind])
        made = aims.page_aims(kind, _beside_fts5(figures), figures[OURS][1])
        yield Row(f"page, {kind}: p50 / p95 ms", figures, made, 2)


def _counts(times: Times) -> Iterator[Row]:
    for kind in KINDS:
        figures = _middle_and_slow(times[kind])
        made = aims.count_aims(_beside_fts5(figures), figures[OURS][1])
        yield Row(f"count, {kind}: p50 / p95 ms", figures, made, 2)


def _living(measured: Measured) -> Iterator[Row]:
    added = {name: statistics.median(took) for name, took in measured.added.items()}
    yield _single("1,000 more, stored and visible, ms", added, aims.thousand_more_aim(added[OURS]))
    seconds = statistics.median(opening.seconds for opening in measured.openings)
    yield _single("open in a new process, s", {OURS: seconds}, aims.opening_aim(seconds), 2)
    opened = _median_of_known([opening.mb for opening in measured.openings])
    yield _single("its memory, MB", {OURS: opened}, aims.memory_aim(opened))
    warm = _median_of_known([opening.warm_mb for opening in measured.openings])
    yield _single("its memory after every question, MB", {OURS: warm}, aims.memory_aim(warm))


def _from_database(measured: Measured) -> Iterator[Row]:
    stored = measured.stored
    figures = _middle_and_slow({OURS: stored.pages})
    name = f"page of {stored.texts:,}, opened: p50 / p95 ms"
    yield Row(name, figures, [aims.opened_page_aim(figures[OURS][0])], 2)
    yield _single(f"rebuild of {stored.texts:,}, texts/s", {OURS: stored.rebuilt}, aims.rebuild_aim(stored.rebuilt))


def _single(name: str, figures: Mapping[str, float | None], aim: Aim, digits: int = 0) -> Row:
    return Row(name, _each(figures), [aim], digits)


def _each(figures: Mapping[str, float | None]) -> dict[str, tuple[float | None, ...]]:
    return {name: (figure,) for name, figure in figures.items()}


def _middle_and_slow(times: Mapping[str, Sequence[float]]) -> dict[str, tuple[float, float]]:
    return {name: (statistics.median(took), percentile(took, 0.95)) for name, took in times.items()}


def _beside_fts5(figures: Mapping[str, tuple[float, float]]) -> float | None:
    return figures[OURS][0] / figures["FTS5"][0] if "FTS5" in figures else None


def _median_of_known(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
