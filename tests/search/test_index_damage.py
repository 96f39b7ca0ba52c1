"""A damaged index never passes for a whole one, and only the month that is damaged is made again."""

import hashlib
import json
import os
import random
import resource
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archive.core.errors import Damaged
from archive.search.index import IndexBusy, IndexedText
from archive.search.query.parse import parse
from archive.search.whoosh.engine import WhooshIndex
from archive.search.whoosh.manifest import FILE_NAME
from archive.search.whoosh.sections import Sections
from tests.search import corpus
from tests.search.asking import ORG, found
from tests.search.filled import filled, flip, texts_of_filled, the_file
from tests.search.oracle import Oracle

Harm = Callable[[Path], object]

# What is done to the folder of the index, and which month that hits.
HARM: dict[str, tuple[str, Harm]] = {
    "a flipped byte in a segment": ("2027-12", lambda folder: flip(the_file(folder, "2027-12/*.seg"), 400)),
    "a flipped byte at a segment's end": ("2027-12", lambda folder: flip(the_file(folder, "2027-12/*.seg"), -1)),
    "a flipped byte in a table of contents": ("2027-12", lambda folder: flip(the_file(folder, "2027-12/*.toc"), 60)),
    "a truncated table of contents": ("2028-01", lambda folder: os.truncate(the_file(folder, "2028-01/*.toc"), 40)),
    "an empty segment": ("2028-01", lambda folder: os.truncate(the_file(folder, "2028-01/*.seg"), 0)),
    "a segment with more at its end": ("2028-01", lambda folder: append(the_file(folder, "2028-01/*.seg"), b"more")),
    "a missing segment": ("2027-11", lambda folder: the_file(folder, "2027-11/*.seg").unlink()),
    "a missing table of contents": ("2027-11", lambda folder: the_file(folder, "2027-11/*.toc").unlink()),
    "a missing month": ("2027-11", lambda folder: shutil.rmtree(folder / str(ORG) / "2027-11")),
    "a folder of another month": ("2027-11", lambda folder: exchange(folder / str(ORG), "2027-11", "2028-01")),
    "a folder in place of a file": ("2027-12", lambda folder: in_place(the_file(folder, "2027-12/*.seg"))),
    "a file in place of the folder": ("2027-12", lambda folder: in_place_of_folder(folder / str(ORG) / "2027-12")),
}
FLIPS = {"a flipped byte in a segment", "a flipped byte at a segment's end", "a flipped byte in a table of contents"}


def append(path: Path, more: bytes) -> None:
    path.write_bytes(path.read_bytes() + more)


def exchange(folder: Path, month: str, other: str) -> None:
    shutil.rmtree(folder / month)
    shutil.copytree(folder / other, folder / month)


def in_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


def in_place_of_folder(path: Path) -> None:
    shutil.rmtree(path)
    path.write_bytes(b"nothing of ours")


def of_month(period: str) -> list[IndexedText]:
    return [text for text in texts_of_filled() if text.period == period]


def newest_first(texts: list[IndexedText]) -> list[int]:
    return [serial for serial, _ in Oracle(texts).hits(parse(""))]


def mended(index: WhooshIndex, texts: list[IndexedText]) -> None:
    index.mend(ORG, texts, (), index.state(ORG), done=True)


@pytest.mark.parametrize("what", HARM)
def test_whoever_opens_a_damaged_month_answers_from_the_others_and_says_so(tmp_path: Path, what: str) -> None:
    filled(tmp_path)
    period, harm = HARM[what]
    harm(tmp_path)
    reader = WhooshIndex(tmp_path)
    sound = [text for text in texts_of_filled() if text.period != period]
    state = reader.state(ORG)
    assert (state.position, state.texts, state.lost) == (60, len(sound), {period: 60 - len(sound)})
    assert found(reader, "") == newest_first(sound)
    assert reader.texts(ORG) == len(sound)


@pytest.mark.parametrize("what", HARM)
def test_a_thorough_look_names_the_month(tmp_path: Path, what: str) -> None:
    index = filled(tmp_path)
    period, harm = HARM[what]
    harm(tmp_path)
    assert {fault.period for fault in index.check(ORG) if fault.period} == {period}


@pytest.mark.parametrize("what", sorted(HARM.keys() - FLIPS))
def test_a_quick_look_notices_what_is_gone_though_it_is_still_open(tmp_path: Path, what: str) -> None:
    index = filled(tmp_path)
    period, harm = HARM[what]
    assert len(found(index, "")) == 60
    assert index.check(ORG, thorough=False) == []
    harm(tmp_path)
    assert {fault.period for fault in index.check(ORG, thorough=False)} == {period}


@pytest.mark.parametrize("what", HARM)
def test_one_month_is_given_up_and_made_again_while_the_files_of_the_others_stay(tmp_path: Path, what: str) -> None:
    index, elsewhere = filled(tmp_path), WhooshIndex(tmp_path)
    period, harm = HARM[what]
    others = {path: path.stat() for path in (tmp_path / str(ORG)).glob("*/*") if path.parent.name != period}
    assert len(found(elsewhere, "")) == 60
    harm(tmp_path)
    index.give_up(ORG, {fault.period for fault in index.check(ORG) if fault.period})
    assert elsewhere.state(ORG).lost == {period: len(of_month(period))}
    assert not (tmp_path / str(ORG) / period).exists()

    mended(index, of_month(period))
    assert index.check(ORG) == []
    assert found(elsewhere, "") == newest_first(texts_of_filled())
    assert (elsewhere.state(ORG).lost, elsewhere.state(ORG).texts) == ({}, 60)
    for path, before in others.items():
        now = path.stat()
        assert (now.st_ino, now.st_mtime_ns) == (before.st_ino, before.st_mtime_ns), path


def test_a_month_is_mended_in_parts_and_what_is_still_lacking_is_known(tmp_path: Path) -> None:
    index, texts = filled(tmp_path), of_month("2027-12")
    index.give_up(ORG, ["2027-12"])
    since = index.state(ORG)
    index.mend(ORG, texts[:5], (), since, done=False)
    state = index.state(ORG)
    assert state.lost == {"2027-12": len(texts) - 5}
    assert state.texts + sum(state.lost.values()) == 60
    new = corpus.make_text(random.Random(5), 61, "meanwhile")
    index.add(ORG, [replace(new, period="2027-12")], 61)
    assert index.state(ORG).lost == {"2027-12": len(texts) - 5}
    index.mend(ORG, [*texts, texts[0]], [], since, done=True)
    assert (index.state(ORG).lost, index.texts(ORG), index.check(ORG)) == ({}, 61, [])


def test_a_month_that_is_lost_again_while_it_is_mended_is_not_called_whole(tmp_path: Path) -> None:
    index, texts = filled(tmp_path), of_month("2027-12")
    index.give_up(ORG, ["2027-12"])
    since = index.state(ORG)
    index.mend(ORG, texts[:5], (), since, done=False)
    index.give_up(ORG, ["2027-12"])
    with pytest.raises(IndexBusy):
        index.mend(ORG, texts[5:], (), since, done=True)
    assert index.state(ORG).lost == {"2027-12": len(texts)}


def test_a_text_that_was_moved_to_another_month_is_mended_where_it_belongs_now(tmp_path: Path) -> None:
    index, texts = filled(tmp_path), of_month("2027-12")
    index.give_up(ORG, ["2027-12"])
    moved = [replace(texts[0], period="2028-01"), replace(texts[1], period="2029-05"), *texts[2:]]
    mended(index, moved)
    assert found(index, "") == newest_first(texts_of_filled())
    assert (index.check(ORG), index.state(ORG).lost) == ([], {})


def test_texts_that_are_there_already_are_not_mended_twice(tmp_path: Path) -> None:
    index = filled(tmp_path)
    index.give_up(ORG, ["2027-12"])
    mended(index, list(texts_of_filled()))
    assert (index.texts(ORG), index.check(ORG)) == (60, [])


def test_new_texts_of_a_damaged_month_are_found_and_the_old_ones_called_lost(tmp_path: Path) -> None:
    filled(tmp_path)
    flip(the_file(tmp_path, "2027-12/*.seg"), 400)
    index = WhooshIndex(tmp_path)
    new = replace(corpus.make_text(random.Random(5), 61, "entirelynew"), period="2027-12")
    index.add(ORG, [new], 61)
    assert found(index, "entirelynew") == [61]
    assert index.state(ORG).lost == {"2027-12": len(of_month("2027-12"))}
    mended(index, of_month("2027-12"))
    assert found(index, "") == newest_first([*texts_of_filled(), new])
    assert index.check(ORG) == []


def test_a_purge_leaves_no_word_of_a_damaged_month_behind(tmp_path: Path) -> None:
    index = filled(tmp_path)
    secret = replace(corpus.make_text(random.Random(5), 61, "hello zqsecretword"), period="2027-12")
    index.add(ORG, [secret], 61)
    flip(the_file(tmp_path, "2027-12/*.toc"), 60)
    reopened = WhooshIndex(tmp_path)
    reopened.purge(ORG, [61])
    assert not any(b"zqsecretword" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    mended(reopened, of_month("2027-12"))
    assert found(reopened, "") == newest_first(texts_of_filled())


@pytest.mark.parametrize("work", ["compaction", "purge"])
def test_damage_is_not_made_sound_by_being_copied_into_a_new_segment(tmp_path: Path, work: str) -> None:
    """Of all damage only that in the words would go unnoticed: the numbers are compared with each other."""
    index = WhooshIndex(tmp_path)
    texts = [replace(corpus.make_text(random.Random(n), n, f"hello zqword{n}"), period="2027-12") for n in range(1, 9)]
    for text in texts[:7]:
        index.add(ORG, [text], text.serial)
    segment = next(path for path in (tmp_path / str(ORG)).glob("*/*.seg") if b"zqword3" in path.read_bytes())
    flip(segment, segment.read_bytes().index(b"zqword3"), 0x01)
    with pytest.raises(IndexBusy):
        index.add(ORG, texts[7:], 8) if work == "compaction" else index.purge(ORG, [3])
    assert index.state(ORG).lost == {"2027-12": 7}
    index.add(ORG, texts[7:], 8)
    mended(index, texts[:7])
    assert found(index, "zqword3") == [3]
    assert index.check(ORG) == []


def test_a_search_that_stumbles_over_damage_answers_from_the_other_months(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    months = ("2027-12", "2028-01")
    texts = [
        replace(corpus.make_text(random.Random(n), n, "hello hello you"), period=months[n % 2]) for n in range(1, 31)
    ]
    index.add(ORG, texts, 30)
    assert len(found(index, '"hello you"')) == 30
    path = the_file(tmp_path, "2028-01/*.seg")
    first, end = Sections(path).where("text.counts")
    with path.open("r+b") as file:
        file.seek(first)
        file.write(b"\xff" * (end - first))
    assert {serial % 2 for serial in found(index, '"hello you"')} == {0}
    assert index.state(ORG).lost == {"2028-01": 15}


def test_a_reader_tells_the_writer_what_it_could_not_open(tmp_path: Path) -> None:
    index = filled(tmp_path)
    assert len(found(index, "")) == 60
    flip(the_file(tmp_path, "2027-12/*.seg"), 400)
    assert index.check(ORG, thorough=False) == []
    assert set(WhooshIndex(tmp_path).state(ORG).lost) == {"2027-12"}
    faults = index.check(ORG, thorough=False)
    assert {fault.period for fault in faults if fault.period} == {"2027-12"}
    index.give_up(ORG, ["2027-12"])
    mended(index, of_month("2027-12"))
    assert index.check(ORG, thorough=False) == index.check(ORG) == []


def test_a_doubt_about_a_sound_month_costs_nothing_and_is_removed(tmp_path: Path) -> None:
    index = filled(tmp_path)
    (tmp_path / str(ORG) / "2027-12.doubted").touch()
    (tmp_path / str(ORG) / "2099-01.doubted").touch()
    assert [fault.period for fault in index.check(ORG, thorough=False)] == [None, None]
    index.give_up(ORG, [])
    assert (index.check(ORG), index.texts(ORG), index.state(ORG).removals) == ([], 60, 0)


def test_a_folder_that_nobody_knows_is_named_and_removed_with_the_next_commit(tmp_path: Path) -> None:
    index = filled(tmp_path)
    shutil.copytree(tmp_path / str(ORG) / "2028-01", tmp_path / str(ORG) / "2031-07")
    assert [fault.what for fault in index.check(ORG)] == [f"{ORG}/2031-07 does not belong here."]
    assert len(found(WhooshIndex(tmp_path), "")) == 60
    index.give_up(ORG, [])
    assert index.check(ORG) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves the last file open.
def test_a_process_that_has_too_many_files_open_throws_no_month_away(tmp_path: Path) -> None:
    filled(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 3, hard))
    try:
        with pytest.raises(OSError, match="Too many"):
            WhooshIndex(tmp_path).state(ORG)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (WhooshIndex(tmp_path).texts(ORG), WhooshIndex(tmp_path).check(ORG)) == (60, [])


MANIFESTS: dict[str, Harm] = {
    "a flipped digit": lambda path: flip(path, 30),
    "half of it": lambda path: os.truncate(path, 200),
    "nothing in it": lambda path: os.truncate(path, 0),
    "no JSON": lambda path: write_manifest(path, "nonsense"),
    "a list": lambda path: write_manifest(path, "[]"),
    "no format": lambda path: write_manifest(path, "{}"),
    "an older format": lambda path: write_manifest(path, json.dumps({**read_manifest(path), "format": 1})),
    "a newer format": lambda path: write_manifest(path, json.dumps({**read_manifest(path), "format": 99})),
    "a field that is missing": lambda path: write_manifest(path, json.dumps(without(read_manifest(path), "lost"))),
    "a shard that is none": lambda path: write_manifest(path, json.dumps({**read_manifest(path), "shards": {"a": 1}})),
}


def read_manifest(path: Path) -> dict[str, object]:
    return json.loads(path.read_bytes().split(b"\n")[0])


def write_manifest(path: Path, body: str) -> None:
    path.write_text(f"{body}\n{hashlib.sha256(body.encode()).hexdigest()}\n")


def without(values: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in values.items() if key != name}


@pytest.mark.parametrize("what", MANIFESTS)
def test_without_a_manifest_that_can_be_read_there_is_no_index(tmp_path: Path, what: str) -> None:
    index = filled(tmp_path)
    MANIFESTS[what](tmp_path / str(ORG) / FILE_NAME)
    for thorough in (True, False):
        assert [fault.period for fault in index.check(ORG, thorough=thorough)] == [None]
    for ask in (index.state, index.position, WhooshIndex(tmp_path).state):
        with pytest.raises(Damaged, match="index is damaged"):
            ask(ORG)
    index.drop(ORG)
    assert (index.check(ORG), index.position(ORG), found(index, "")) == ([], 0, [])


def test_the_index_of_another_organisation_is_not_taken_for_ours(tmp_path: Path) -> None:
    index = filled(tmp_path)
    shutil.copytree(tmp_path / str(ORG), tmp_path / "8")
    assert index.check(8) != []
    with pytest.raises(Damaged, match="organisation 7"):
        index.position(8)


def test_texts_that_two_months_hold_are_noticed(tmp_path: Path) -> None:
    """As a fault of the program would make them: every digest is right."""
    index = filled(tmp_path)
    text = of_month("2027-12")[0]
    index.give_up(ORG, ["2027-12"])
    mended(index, [replace(text, period="2028-01")])
    path = tmp_path / str(ORG) / FILE_NAME
    twice = filled(tmp_path / "other")
    shard = read_manifest(tmp_path / "other" / str(ORG) / FILE_NAME)["shards"]["2027-12"]  # type: ignore[index]
    shutil.copytree(tmp_path / "other" / str(ORG) / "2027-12", tmp_path / str(ORG) / "2027-12")
    manifest = read_manifest(path)
    manifest["shards"]["2027-12"] = shard  # type: ignore[index]
    write_manifest(path, json.dumps(manifest, sort_keys=True))
    assert twice.check(ORG) == []
    assert {fault.period for fault in index.check(ORG)} == {"2027-12", "2028-01"}
    assert {fault.what.split()[1] for fault in index.check(ORG)} == {str(text.serial)}


def test_a_text_beyond_the_position_is_noticed(tmp_path: Path) -> None:
    index = filled(tmp_path)
    path = tmp_path / str(ORG) / FILE_NAME
    write_manifest(path, json.dumps({**read_manifest(path), "position": 59}, sort_keys=True))
    (last,) = [text for text in texts_of_filled() if text.serial == 60]
    assert [fault.period for fault in index.check(ORG)] == [last.period]
