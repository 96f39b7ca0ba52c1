"""The whole benchmark: one corpus, every engine that is here, everything that has an aim."""

import resource
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from archive.bench.search.asking import Asked, Refusal, ask_all, demand_agreement
from archive.bench.search.corpus import Corpus
from archive.bench.search.engine import CLOCKS, Engine, bytes_below
from archive.bench.search.engines.fts5 import Fts5
from archive.bench.search.engines.ours import Ours
from archive.bench.search.engines.stock_whoosh import StockWhoosh
from archive.bench.search.indexing import Indexed, add_more, index_all
from archive.bench.search.opening import Opening, open_in_new_process
from archive.bench.search.questions import questions
from archive.bench.search.stored import FromDatabase, measure_stored

_TIMES = 3
"""How often a thing is measured that is the same for every question."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be measured. `stored`: how many of the texts go into a real database too. `clock`: one of `CLOCKS`."""

    messages: int
    rounds: int
    stored: int
    seed: int
    clock: str


@dataclass(frozen=True, slots=True)
class Measured:
    """`terms`: different ones, as FTS5 counts them. `sizes`: bytes a text. `added`: ms for 1,000 texts on top.

    `share`: of the time of asking in which this process had a processor; well below 1 the machine was busy elsewhere.
    """

    order: Order
    terms: int
    indexed: Indexed
    sizes: dict[str, float]
    refused: list[Refusal]
    asked: Asked
    share: float
    added: dict[str, list[float]]
    openings: list[Opening]
    stored: FromDatabase
    peak_mb: float


def measure(folder: Path, order: Order, say: Callable[[str], None]) -> Measured:
    """Raises `Disagreement` if the engines don't all find the same."""
    with ExitStack() as stack:
        ours, fts5 = Ours(folder / "ours"), Fts5(folder / "fts5")
        engines: list[Engine] = [ours, fts5, *_tantivy(folder / "tantivy")]
        for engine in engines:
            stack.enter_context(closing(engine))
        return _measure(folder, order, engines, ours, fts5, say)


def _measure(
    folder: Path, order: Order, engines: list[Engine], ours: Ours, fts5: Fts5, say: Callable[[str], None]
) -> Measured:
    corpus, clock = Corpus(order.messages, order.seed), CLOCKS[order.clock]
    asked_for = questions(corpus)
    indexed = index_all(corpus, engines, StockWhoosh(folder / "whoosh"), clock, say)
    sizes = {engine.name: bytes_below(engine.files) / order.messages for engine in engines}
    say("the answers are compared")
    refused = demand_agreement(engines, fts5, asked_for)
    say("every question goes to every engine")
    began, had = time.perf_counter(), time.process_time()
    asked = ask_all(engines, asked_for, order.rounds, clock, refused)
    share = (time.process_time() - had) / (time.perf_counter() - began)
    say("new processes open the index, and it grows")
    lines = [question.line for question in asked_for]
    openings = [open_in_new_process(ours.archive.settings.data, ours.org_id, lines) for _ in range(_TIMES)]
    terms, added = len(fts5.terms("")), add_more(corpus, engines, _TIMES, clock)
    say("an archive is filled, and its index built again")
    texts = min(order.stored, order.messages)
    stored = measure_stored(folder / "stored", corpus, texts, asked_for, order.rounds, clock)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(order, terms, indexed, sizes, refused, asked, share, added, openings, stored, peak)


def _tantivy(folder: Path) -> list[Engine]:
    """It is an extra for development."""
    try:
        from archive.bench.search.engines.tantivy import Tantivy  # noqa: PLC0415 - it may not be here.
    except ImportError:
        return []
    return [Tantivy(folder)]
