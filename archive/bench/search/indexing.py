"""All engines take in the same texts, stretch by stretch in turn: a busy minute of the machine hits all of them.

A stretch ends with everything stored and every thread of the engine at rest: nobody works on in another's turn.
"""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from archive.bench.search.corpus import Corpus
from archive.bench.search.engine import Clock, Engine, Indexer
from archive.bench.search.questions import Question
from archive.search.index import IndexedText

SAMPLE = 20_000
"""Whoosh as it comes gets no more texts than that: at some 500 a second a million would take half an hour."""
STRETCH = 13
"""Batches. Some 50,000 texts are what waits in memory at most."""
NEW = 1_000

_EVERYTHING = Question("everything", "")

Batch = Sequence[IndexedText]


@dataclass(frozen=True, slots=True)
class Indexed:
    """`rates`: texts a second of each engine. `characters`, `words`: of a text on average."""

    rates: dict[str, float]
    characters: float
    words: float


def index_all(
    corpus: Corpus, engines: Sequence[Engine], sampled: Indexer, clock: Clock, say: Callable[[str], None]
) -> Indexed:
    seconds: defaultdict[str, float] = defaultdict(float)
    done = characters = words = 0
    for stretch in _stretches(corpus):
        for engine in engines:
            seconds[engine.name] += _seconds(engine, stretch, clock)
        if not done:
            seconds[sampled.name] += _seconds(sampled, _sample(stretch), clock)
        done += sum(map(len, stretch))
        characters += sum(len(text.text) for batch in stretch for text in batch)
        words += sum(text.text.count(" ") + 1 for batch in stretch for text in batch)
        say(f"{done:,} texts indexed")
    rates = {engine.name: done / seconds[engine.name] for engine in engines}
    rates[sampled.name] = min(done, SAMPLE) / seconds[sampled.name]
    return Indexed(rates, characters / done, words / done)


def add_more(corpus: Corpus, engines: Sequence[Engine], times: int, clock: Clock) -> dict[str, list[float]]:
    """Milliseconds from having 1,000 new texts to a page that begins with the last of them; so many for each engine."""
    took: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for round_ in range(times):
        batch = corpus.make(corpus.messages + 1 + round_ * NEW, NEW)
        for engine in engines:
            newest = engine.page(_EVERYTHING)
            assert newest is not None
            with _undisturbed():
                began = clock()
                engine.add(engine.shape(batch))
                engine.finish()
                found = newest()
                took[engine.name].append((clock() - began) * 1000)
            assert found[0] == batch[-1].serial, f"{engine.name} does not show what was just added"
    return took


def _stretches(corpus: Corpus) -> Iterator[list[Batch]]:
    batches = corpus.batches()
    while stretch := list[Batch](islice(batches, STRETCH)):
        yield stretch


def _sample(stretch: Sequence[Batch]) -> list[Batch]:
    return [[text for batch in stretch for text in batch][:SAMPLE]]


def _seconds(engine: Indexer, stretch: Sequence[Batch], clock: Clock) -> float:
    shaped = [engine.shape(batch) for batch in stretch]
    with _undisturbed():
        began = clock()
        for batch in shaped:
            engine.add(batch)
        engine.finish()
        return clock() - began


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What waits in memory is not for an engine's garbage collections to walk through."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
