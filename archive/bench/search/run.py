"""The whole benchmark: one corpus, every engine that is here, everything that has an aim."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.bench.search.asking import Asked, ask_all, demand_agreement
from archive.bench.search.corpus import Corpus
from archive.bench.search.engine import Engine, bytes_below
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
class Measured:
    """`terms`: different ones, as FTS5 counts them. `sizes`: bytes a text. `added`: ms for 1,000 texts on top."""

    messages: int
    terms: int
    indexed: Indexed
    sizes: dict[str, float]
    asked: Asked
    added: dict[str, list[float]]
    openings: list[Opening]
    stored: FromDatabase


def measure(folder: Path, messages: int, rounds: int, seed: int, stored: int, say: Callable[[str], None]) -> Measured:
    """Raises `Disagreement` if the engines don't all find the same."""
    corpus = Corpus(messages, seed)
    asked_for = questions(corpus)
    ours, fts5 = Ours(folder / "ours"), Fts5(folder / "fts5")
    engines: list[Engine] = [ours, fts5, *_tantivy(folder / "tantivy")]
    indexed = index_all(corpus, engines, StockWhoosh(folder / "whoosh"), say)
    sizes = {engine.name: bytes_below(engine.files) / messages for engine in engines}
    say("the answers are compared")
    demand_agreement(engines, fts5, asked_for)
    say("every question goes to every engine")
    asked = ask_all(engines, asked_for, rounds)
    lines = [question.line for question in asked_for]
    openings = [open_in_new_process(ours.archive.settings.data, ours.org_id, lines) for _ in range(_TIMES)]
    added = add_more(corpus, engines, _TIMES)
    say("an archive is filled, and its index built again")
    from_database = measure_stored(folder / "stored", corpus, min(stored, messages), asked_for, rounds)
    return Measured(messages, len(fts5.terms("")), indexed, sizes, asked, added, openings, from_database)


def _tantivy(folder: Path) -> list[Engine]:
    """It is an extra for development."""
    try:
        from archive.bench.search.engines.tantivy import Tantivy  # noqa: PLC0415 - it may not be here.
    except ImportError:
        return []
    return [Tantivy(folder)]
