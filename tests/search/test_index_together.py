"""One writes, any number read: in threads and in processes, at the same time, and every answer is right."""

import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from archive.search.index import IndexBusy, SearchIndex
from archive.search.query.parse import parse
from archive.search.whoosh.disk import locked
from archive.search.whoosh.engine import WhooshIndex
from tests.search import corpus
from tests.search.asking import ORG, found, plan_of
from tests.search.filled import filled, texts_of_filled
from tests.search.oracle import Oracle

PROJECT = Path(__file__).parents[2]
READERS = 12
LINES = (
    "",
    "direction:in",
    '"call back" OR refund*',
    "colour~",
    "-wire",
    "明天 OR hello",
    "from:72975",
    "a*",
    "o'brien",
)
PERIOD_OF = {text.serial: text.period for text in texts_of_filled()}


class Reader(threading.Thread):
    """Asks for texts that nobody touches, and compares. `partial`: how many answers came while a month was lost."""

    def __init__(self, index: SearchIndex, done: threading.Event, seed: int) -> None:
        super().__init__()
        self._index, self._done, self._dice = index, done, random.Random(seed)
        self.answers = self.partial = 0
        self.problems: list[object] = []

    def run(self) -> None:
        oracle = Oracle(texts_of_filled())
        expected = {line: oracle.hits(parse(f"serial:1..60 {bracketed(line)}")) for line in LINES}
        while not self._done.is_set():
            try:
                self._ask(*self._dice.choice(list(expected.items())))
            except Exception as problem:  # noqa: BLE001 - whatever it is, it fails the test.
                self.problems.append(problem)
                return

    def _ask(self, line: str, expected: list[tuple[int, int]]) -> None:
        before = self._index.state(ORG)
        order = self._dice.choice(["newest", "oldest"])
        page = self._index.page(ORG, plan_of(f"serial:1..60 {bracketed(line)}"), 100, None, order)
        lost = {*before.lost, *self._index.state(ORG).lost}
        hits = list(page.hits if order == "newest" else reversed(page.hits))
        sure = [hit for hit in expected if PERIOD_OF[hit[0]] not in lost]
        if [hit for hit in hits if PERIOD_OF[hit[0]] not in lost] != sure or not set(hits) <= set(expected):
            self.problems.append((line, order, lost, hits, expected))
        self.answers += 1
        self.partial += bool(lost)


def bracketed(line: str) -> str:
    return f"({line})" if " " in line else line


@contextmanager
def readers(indexes: list[SearchIndex]) -> Iterator[list[Reader]]:
    """Some threads on each index, which read as long as the block takes."""
    done = threading.Event()
    threads = [Reader(indexes[number % len(indexes)], done, number) for number in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield threads
    finally:
        done.set()
        for thread in threads:
            thread.join(60)
    assert [problem for thread in threads for problem in thread.problems] == []
    assert all(thread.answers for thread in threads)


def add_and_purge(index: WhooshIndex, first: int, count: int) -> None:
    """Enough small commits for months to be compacted several times."""
    dice = random.Random(first)
    for serial in range(first, first + count):
        index.add(ORG, [corpus.make_text(dice, serial)], serial)
        if serial % 5 == 0:
            index.purge(ORG, [serial - 1, serial - 3])


def test_searches_in_many_threads_are_right_while_texts_are_added_purged_and_compacted(tmp_path: Path) -> None:
    index = filled(tmp_path)
    with readers([index, WhooshIndex(tmp_path)]):
        add_and_purge(index, 61, 40)
    assert index.check(ORG) == []
    assert len(found(index, "serial:61..100")) == 40 - 16


def test_searches_go_on_and_say_so_while_a_month_is_given_up_and_mended(tmp_path: Path) -> None:
    index = filled(tmp_path)
    with readers([index, WhooshIndex(tmp_path)]) as threads:
        for period in corpus.PERIODS * 3:
            index.give_up(ORG, [period])
            since = index.state(ORG)
            texts = [text for text in texts_of_filled() if text.period == period]
            for start in range(0, len(texts), 4):
                index.mend(ORG, texts[start : start + 4], (), since, done=start + 4 >= len(texts))
    assert sum(thread.partial for thread in threads)
    assert (index.check(ORG), index.texts(ORG)) == ([], 60)


def test_several_writers_in_one_process_take_turns(tmp_path: Path) -> None:
    """Who finds the index busy tries again, as a job does; nothing is added twice."""
    indexes = [filled(tmp_path), WhooshIndex(tmp_path), WhooshIndex(tmp_path)]
    texts = {serial: corpus.make_text(random.Random(serial), serial) for serial in range(61, 101)}

    def follow(index: WhooshIndex) -> None:
        while (state := index.state(ORG)).position < 100:
            batch = [texts[serial] for serial in range(state.position + 1, min(state.position + 4, 101))]
            try:
                index.add(ORG, batch, batch[-1].serial, (), state)
            except IndexBusy:
                continue

    threads = [threading.Thread(target=follow, args=(index,)) for index in indexes for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (indexes[0].position(ORG), indexes[0].texts(ORG), indexes[0].check(ORG)) == (100, 100, [])


def test_one_writer_at_a_time_and_readers_need_no_lock(tmp_path: Path) -> None:
    index = filled(tmp_path)
    works: list[Callable[[], object]] = [
        lambda: index.add(ORG, [], 99),
        lambda: index.purge(ORG, [1]),
        lambda: index.drop(ORG),
        lambda: index.give_up(ORG, ["2027-12"]),
        lambda: index.mend(ORG, [], (), index.state(ORG), done=True),
    ]
    with locked(tmp_path / str(ORG)):
        for work in works:
            with pytest.raises(IndexBusy):
                work()
        assert len(found(index, "")) == len(found(WhooshIndex(tmp_path), "")) == 60
        index.add(ORG + 1, [], 5)
    index.add(ORG, [], 99)
    assert index.position(ORG) == 99


HOLDER = """
import sys
from pathlib import Path
from archive.search.whoosh.disk import Disk
from archive.search.whoosh.engine import WhooshIndex
from tests.search import corpus
import random

class Waiting(Disk):
    \"\"\"Stops in the middle of a commit until it is told to go on.\"\"\"
    def replace(self, path, content):
        print("holding", flush=True)
        sys.stdin.readline()
        super().replace(path, content)

text = corpus.make_text(random.Random(5), 61, "entirelynew")
WhooshIndex(Path(sys.argv[1]), Waiting()).add(7, [text], 61)
print("done", flush=True)
sys.stdin.readline()
"""


def test_a_second_indexer_is_told_to_wait_and_a_third_process_reads_what_the_first_commits(tmp_path: Path) -> None:
    """The first stands in the middle of its commit, and is killed after it: its lock dies with it."""
    filled(tmp_path)
    second, third = WhooshIndex(tmp_path), WhooshIndex(tmp_path)
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as first:
        assert first.stdout and first.stdin
        assert first.stdout.readline() == "holding\n"
        text = replace(corpus.make_text(random.Random(6), 61, "somebody else"), period="2028-01")
        with pytest.raises(IndexBusy, match="another process"):
            second.add(ORG, [text], 61)
        assert (found(third, "entirelynew"), len(found(third, ""))) == ([], 60)
        first.stdin.write("go on\n")
        first.stdin.flush()
        assert first.stdout.readline() == "done\n"
        assert found(third, "entirelynew") == [61]
        assert (third.position(ORG), third.texts(ORG)) == (61, 61)
        first.kill()
    second.add(ORG, [replace(text, serial=62)], 62)
    assert found(third, '"somebody else"') == [62]


def test_an_indexer_that_is_killed_in_the_middle_of_a_commit_leaves_no_lock(tmp_path: Path) -> None:
    filled(tmp_path)
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as first:
        assert first.stdout
        assert first.stdout.readline() == "holding\n"
        first.kill()
    index = WhooshIndex(tmp_path)
    assert index.texts(ORG) == 60
    assert any("belong here" in fault.what for fault in index.check(ORG))
    index.add(ORG, [], 61)
    assert (index.check(ORG), index.texts(ORG)) == ([], 60)
