"""All engines are asked the same questions: first for the answers, which have to be equal, then in turn for time."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from archive.bench.search.engine import Clock, Engine
from archive.bench.search.engines.fts5 import Fts5
from archive.bench.search.questions import Question
from archive.bench.search.spelling import apart
from archive.search.index import NotSearchable

Ask = Callable[[], object]
Times = dict[str, dict[str, list[float]]]
"""Kind of question → engine → milliseconds, one for each time that it was asked."""


class Disagreement(Exception):
    """An engine answered something else than the reference, and so nothing of it may be timed."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that an engine says is too much for it. It takes for ever, as far as time is concerned."""

    engine: str
    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    pages: Times = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    counts: Times = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))


def demand_agreement(engines: Sequence[Engine], reference: Fts5, questions: Sequence[Question]) -> list[Refusal]:
    """What was refused. Raises `Disagreement` unless every other page and count is that of the reference."""
    refused: list[Refusal] = []
    for question in questions:
        expected = _expected(reference, question)
        for engine in engines:
            page, count = engine.page(question), engine.count(question)
            try:
                if page and count and (answer := (page(), count())) != expected:
                    raise Disagreement(f"{question.line!r}: {engine.name} answers {answer}, not {expected}.")
            except NotSearchable as problem:
                refused.append(Refusal(engine.name, question.line, problem.message))
    return refused


def _expected(reference: Fts5, question: Question) -> tuple[list[int], int]:
    """What FTS5 finds. It knows no fuzzy words: for those every term of its index is looked at."""
    page, count = reference.page(question), reference.count(question)
    if page and count:
        return page(), count()
    (word,) = question.words
    return reference.any_of([term for term in reference.terms(word[0]) if apart(term, word) <= 1])


def ask_all(
    engines: Sequence[Engine],
    questions: Sequence[Question],
    rounds: int,
    clock: Clock,
    refused: Sequence[Refusal] = (),
) -> Asked:
    """Each question goes to each engine, and only then the next one; who begins changes with the round."""
    too_much = {(refusal.engine, refusal.line) for refusal in refused}
    asked = Asked()
    for times, way in ((asked.pages, "page"), (asked.counts, "count")):
        ready = [(question, _ready(engines, question, way)) for question in questions]
        for round_ in range(rounds):
            for question, asks in ready:
                turn = round_ % len(asks)
                for name, ask in (*asks[turn:], *asks[:turn]):
                    took = math.inf if (name, question.line) in too_much else _seconds(ask, clock)
                    times[question.kind][name].append(took * 1000)
    return asked


def _seconds(ask: Ask, clock: Clock) -> float:
    began = clock()
    ask()
    return clock() - began


def _ready(engines: Sequence[Engine], question: Question, way: str) -> list[tuple[str, Ask]]:
    """(engine, how to ask it) of all that know such a question."""
    asks: list[tuple[str, Ask | None]] = [(engine.name, getattr(engine, way)(question)) for engine in engines]
    return [(name, ask) for name, ask in asks if ask]
