"""The engines of the search benchmark answer alike, and it is noticed when one doesn't."""

import math
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.bench.search.asking import Disagreement, ask_all, demand_agreement
from archive.bench.search.corpus import Corpus
from archive.bench.search.engine import CLOCKS, Engine
from archive.bench.search.engines.fts5 import Fts5
from archive.bench.search.engines.ours import Ours
from archive.bench.search.engines.tantivy import Tantivy
from archive.bench.search.indexing import add_more
from archive.bench.search.questions import KINDS, Question, questions
from archive.search.index import NotSearchable

CORPUS = Corpus(3_000, seed=2)
ASKED = questions(CORPUS)
WALL = CLOCKS["wall"]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    folder = tmp_path_factory.mktemp("engines")
    with (
        closing(Ours(folder / "ours")) as ours,
        closing(Fts5(folder / "fts5")) as fts5,
        closing(Tantivy(folder / "tantivy")) as tantivy,
    ):
        made: list[Engine] = [ours, fts5, tantivy]
        for engine in made:
            for batch in CORPUS.batches():
                engine.add(engine.shape(batch))
            engine.finish()
        yield made


@pytest.fixture
def reference(engines: list[Engine]) -> Fts5:
    fts5 = engines[1]
    assert isinstance(fts5, Fts5)
    return fts5


def test_all_engines_find_the_same(engines: list[Engine], reference: Fts5) -> None:
    assert demand_agreement(engines, reference, ASKED) == []


def test_most_questions_find_something(reference: Fts5) -> None:
    """Nothing would be proved by agreeing on nothing."""
    counts = {question.line: ask() for question in ASKED if (ask := reference.count(question))}
    found = {question.kind for question in ASKED if counts.get(question.line)}
    assert found >= set(KINDS) - {"rare term", "fuzzy"}
    assert counts[""] == 3_000


class Wrong:
    """Our engine, but for one hit."""

    name = "wrong"

    def __init__(self, right: Engine, *, page: int = 0, count: int = 0) -> None:
        self._right = right
        self._page = page
        self._count = count

    def page(self, question: Question) -> Callable[[], list[int]] | None:
        ask = self._right.page(question)
        return ask and (lambda: ask()[self._page :])

    def count(self, question: Question) -> Callable[[], int] | None:
        ask = self._right.count(question)
        return ask and (lambda: ask() + self._count)

    def __getattr__(self, name: str) -> object:
        return getattr(self._right, name)


@pytest.mark.parametrize("mistake", [{"page": 1}, {"count": 1}], ids=str)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "rare term"])
def test_a_wrong_answer_fails_the_benchmark(
    engines: list[Engine], reference: Fts5, kind: str, mistake: dict[str, int]
) -> None:
    wrong: Engine = Wrong(engines[0], **mistake)  # type: ignore[assignment]
    with pytest.raises(Disagreement, match="wrong answers"):
        demand_agreement([wrong], reference, [question for question in ASKED if question.kind == kind])


class Refusing(Wrong):
    """Our engine, but for fuzzy words."""

    name = "refusing"

    def page(self, question: Question) -> Callable[[], list[int]] | None:
        return _refuse if question.kind == "fuzzy" else super().page(question)


def _refuse() -> list[int]:
    raise NotSearchable("Too many words.", "Write more letters.")


def test_what_an_engine_refuses_is_said_and_takes_for_ever(engines: list[Engine], reference: Fts5) -> None:
    refusing: Engine = Refusing(engines[0])  # type: ignore[assignment]
    refused = demand_agreement([refusing], reference, ASKED)
    fuzzy = [question.line for question in ASKED if question.kind == "fuzzy"]
    assert [(one.engine, one.line) for one in refused] == [("refusing", line) for line in fuzzy]
    asked = ask_all([refusing], ASKED, 1, WALL, refused)
    assert set(asked.pages["fuzzy"]["refusing"]) == {math.inf}
    assert max(asked.pages["AND"]["refusing"]) < math.inf


def test_every_engine_is_asked_as_often_as_the_others(engines: list[Engine]) -> None:
    asked = ask_all(engines, ASKED, 2, WALL)
    for times in (asked.pages, asked.counts):
        assert set(times) == set(KINDS)
        for kind, by_engine in times.items():
            often = 2 * sum(question.kind == kind for question in ASKED)
            names = {"ours", "tantivy"} if kind == "fuzzy" else {"ours", "FTS5", "tantivy"}
            assert {name: len(took) for name, took in by_engine.items()} == dict.fromkeys(names, often)


def test_what_is_added_on_top_is_found_at_once(tmp_path: Path) -> None:
    corpus = Corpus(1_000, seed=2)
    with closing(Ours(tmp_path / "ours")) as ours, closing(Fts5(tmp_path / "fts5")) as fts5:
        for engine in (ours, fts5):
            engine.add(engine.shape(corpus.make(1, 1_000)))
            engine.finish()
        took = add_more(corpus, [ours, fts5], 2, WALL)
        assert {name: len(times) for name, times in took.items()} == {"ours": 2, "FTS5": 2}
        demand_agreement([ours], fts5, questions(corpus))
        assert ours.count(Question("everything", ""))() == 3_000
