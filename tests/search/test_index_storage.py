"""What is on the disk: nothing half-done after a crash, nothing left after a purge, no damage unseen."""

import random
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from whoosh.index import open_dir
from whoosh.query import And, Not, Term
from whoosh.searching import Searcher

from archive.search.whoosh.codec import INDEX_NAME
from archive.search.whoosh.engine import WhooshIndex
from tests.search import corpus
from tests.search.asking import ORG, found
from tests.search.failing import FailingDisk, PulledCable
from tests.search.filled import filled
from tests.search.oracle import Oracle


def crash_everywhere(folder: Path, work: Callable[[WhooshIndex], object], check: Callable[[WhooshIndex], None]) -> int:
    """Do the work on copies of a folder with the power going off one write later each time; how often it did."""
    for works in range(100):
        copy = folder.with_name(f"crash-{works}")
        shutil.copytree(folder, copy)
        try:
            work(WhooshIndex(copy, FailingDisk(works)))
        except PulledCable:
            check(WhooshIndex(copy))
        else:
            return works
    raise AssertionError("The work never ends.")


def test_a_crash_between_two_months_neither_loses_nor_doubles_a_text(tmp_path: Path) -> None:
    filled(tmp_path / "index")
    dice = random.Random(2)
    more = [corpus.make_text(dice, serial) for serial in range(61, 91)]
    before = found(WhooshIndex(tmp_path / "index"), "")

    def check(index: WhooshIndex) -> None:
        oracle = Oracle(more)
        committed = index.position(ORG) == 90
        assert index.texts(ORG) == 60 + 30 * committed
        assert set(found(index, "")) == set(before) | (set(oracle.known) if committed else set())
        index.add(ORG, more, 90)
        assert len(found(index, "")) == index.texts(ORG) == 90
        assert index.check(ORG) == []

    crashes = crash_everywhere(tmp_path / "index", lambda index: index.add(ORG, more, 90), check)
    assert crashes >= len({text.period for text in more}) * 3


def test_a_crash_in_a_purge_is_mended_by_purging_again(tmp_path: Path) -> None:
    filled(tmp_path / "index")
    gone = range(10, 40)

    def check(index: WhooshIndex) -> None:
        assert index.texts(ORG) in (60, 30)
        index.purge(ORG, gone)
        assert set(found(index, "")) == {*range(1, 10), *range(40, 61)}
        assert index.check(ORG) == []

    assert crash_everywhere(tmp_path / "index", lambda index: index.purge(ORG, gone), check) > 3


def test_a_crash_while_an_index_is_dropped_leaves_an_empty_one(tmp_path: Path) -> None:
    filled(tmp_path / "index")

    def check(index: WhooshIndex) -> None:
        assert (index.position(ORG), found(index, "")) == (0, [])
        index.add(ORG, [corpus.make_text(random.Random(3), 1, "again")], 1)
        assert found(index, "again") == [1]
        assert index.check(ORG) == []

    assert crash_everywhere(tmp_path / "index", lambda index: index.drop(ORG), check) == 1


def test_a_month_that_is_purged_whole_leaves_no_folder(tmp_path: Path) -> None:
    index = filled(tmp_path)
    months = {path.name: path for path in (tmp_path / str(ORG)).iterdir() if path.is_dir()}
    assert set(months) == set(corpus.PERIODS)
    index.purge(ORG, range(1, 61))
    assert not any(path.exists() for path in months.values())
    assert (index.texts(ORG), index.position(ORG), index.check(ORG)) == (0, 60, [])


def test_a_search_that_began_before_a_purge_can_be_finished(tmp_path: Path) -> None:
    index, reader = filled(tmp_path), WhooshIndex(tmp_path)
    snapshot = reader._newest(ORG)
    index.purge(ORG, range(1, 61))
    dictionaries = [segment.terms("direction") for segment in snapshot.segments]
    assert sum(terms is not None and terms.postings(b"in") is not None for terms in dictionaries)
    assert found(reader, "") == []


def test_dead_files_are_removed_with_the_next_commit(tmp_path: Path) -> None:
    index = filled(tmp_path)
    folder = tmp_path / str(ORG)
    (folder / "2027-12" / "TEXTS_0123456789abcdef.trm").write_bytes(b"half a segment")
    (folder / "2029-01").mkdir()
    (folder / "manifest.json.new").write_bytes(b"{")
    assert len(index.check(ORG)) == 3
    assert found(WhooshIndex(tmp_path), "") == found(index, "")
    index.add(ORG, [], 61)
    assert index.check(ORG) == []


def test_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    filled(tmp_path / "index")
    folders = [tmp_path / "index" / str(ORG), *(tmp_path / "index" / str(ORG)).glob("20*")]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_each_month_is_an_index_that_whoosh_opens(tmp_path: Path) -> None:
    index = filled(tmp_path)
    readers = [open_dir(str(tmp_path / str(ORG) / period), INDEX_NAME).reader() for period in corpus.PERIODS]
    assert sum(reader.doc_count() for reader in readers) == index.texts(ORG) == 60
    assert sum(reader.doc_frequency("direction", "in") for reader in readers) == len(found(index, "direction:in"))
    both = And([Term("direction", "in"), Not(Term("has", "link"))])
    hits = sum(sum(1 for _ in Searcher(reader).docs_for_query(both)) for reader in readers)
    assert hits == len(found(index, "direction:in -has:link"))
