"""A damaged month is indexed again from the database: by itself, while texts come in and searches go on."""

import shutil
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.search.actions import Coverage, search
from archive.search.follower import catch_up
from archive.search.index import IndexBusy, IndexedText, IndexState
from archive.search.scrubbing import problems, scrub
from archive.search.whoosh.engine import WhooshIndex
from archive.search.whoosh.manifest import FILE_NAME
from archive.wiring import Archive, build
from jobs import index as index_job
from jobs import scrub_index
from tests.search.filled import flip
from tests.search.storing import NOON, inbound, store

MONTHS = ["2027-12", "2028-01", "2028-02"]


@pytest.fixture
def serials(archive: Archive, organisation: OrganisationRow) -> list[int]:
    """Twelve indexed texts, four for each month."""
    texts = [inbound(n, f"hello word{n}", received_at=NOON + timedelta(days=31 * (n % 3))) for n in range(12)]
    found = store(archive, organisation, texts)
    follow(archive, organisation)
    return found


def follow(archive: Archive, organisation: OrganisationRow, batch: int = 4_000) -> int:
    return catch_up(archive.transactions, archive.index, organisation.id, batch)


def folder_of(archive: Archive, organisation: OrganisationRow) -> Path:
    return archive.settings.index / str(organisation.id)


def searched(archive: Archive, organisation: OrganisationRow, line: str = "hello") -> tuple[list[int], Coverage]:
    found = search(archive, organisation.id, OPERATOR, line, limit=100)
    assert found.count == len(found.hits)
    return [hit.message.serial for hit in found.hits], found.coverage


def flip_in(folder: Path) -> None:
    flip(next(folder.glob("*.seg")), 300)


HARM: dict[str, Callable[[Path], object]] = {
    "gone": shutil.rmtree,
    "emptied": lambda folder: next(folder.glob("*.seg")).write_bytes(b""),
    "without its table of contents": lambda folder: next(folder.glob("*.toc")).unlink(),
}


@pytest.mark.parametrize("what", [*HARM, "flipped"])
def test_a_new_process_searches_the_other_months_and_says_which_is_missing(
    archive: Archive, organisation: OrganisationRow, serials: list[int], what: str
) -> None:
    {**HARM, "flipped": flip_in}[what](folder_of(archive, organisation) / "2028-01")
    fresh = build(archive.settings, clock=archive.clock)
    hits, coverage = searched(fresh, organisation)
    assert hits == [serial for n, serial in reversed(list(enumerate(serials))) if n % 3 != 1]
    assert (coverage.indexed, coverage.of, coverage.rebuilding, coverage.complete) == (8, 12, ("2028-01",), False)
    fresh.engine.dispose()


@pytest.mark.parametrize("what", [*HARM, "flipped"])
def test_the_index_job_makes_the_month_again_and_touches_no_other(
    archive: Archive, organisation: OrganisationRow, serials: list[int], what: str
) -> None:
    folder = folder_of(archive, organisation)
    others = {path: path.stat().st_ino for month in ("2027-12", "2028-02") for path in (folder / month).iterdir()}
    assert len(searched(archive, organisation)[0]) == 12
    {**HARM, "flipped": flip_in}[what](folder / "2028-01")
    if what == "flipped":  # Nobody sees that but who opens the file anew; and that one tells.
        fresh = build(archive.settings, clock=archive.clock)
        searched(fresh, organisation)
        fresh.engine.dispose()
    assert index_job.run(archive) == {"texts_indexed": 4}
    hits, coverage = searched(archive, organisation)
    assert (hits, coverage.complete, coverage.rebuilding) == (serials[::-1], True, ())
    assert {path: path.stat().st_ino for path in others} == others
    assert problems(archive.transactions, archive.index, organisation.id) == []
    assert index_job.run(archive) == {"texts_indexed": 0}


def test_the_nightly_job_finds_a_flipped_byte_in_a_file_that_everybody_has_open(
    archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    searched(archive, organisation)
    flip_in(folder_of(archive, organisation) / "2028-01")
    assert index_job.run(archive) == {"texts_indexed": 0}
    assert scrub_index.run(archive) == {"indexes_looked_through": 1, "faults_mended": 1}
    assert searched(archive, organisation)[0] == serials[::-1]
    assert scrub_index.run(archive) == {"indexes_looked_through": 1, "faults_mended": 0}


def test_the_nightly_job_passes_over_an_index_that_somebody_is_writing(
    archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    from archive.search.whoosh.disk import locked

    flip_in(folder_of(archive, organisation) / "2028-01")
    with locked(folder_of(archive, organisation)):
        assert scrub_index.run(archive) == {"indexes_busy": 1}


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": 1}'])
def test_without_its_manifest_all_of_it_is_made_again(
    archive: Archive, organisation: OrganisationRow, serials: list[int], content: bytes
) -> None:
    (folder_of(archive, organisation) / FILE_NAME).write_bytes(content)
    assert index_job.run(archive) == {"texts_indexed": 12}
    assert searched(archive, organisation)[0] == serials[::-1]


class Interrupted(WhooshIndex):
    """Something happens between what is read from the database and what is written into the index."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.meanwhile: list[Callable[[], object]] = []

    def _happen(self) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()

    def add(self, *arguments: Any, **options: Any) -> None:
        self._happen()
        super().add(*arguments, **options)

    def mend(
        self, org_id: int, texts: Sequence[IndexedText], unreadable: Collection[int], since: IndexState, *, done: bool
    ) -> None:
        self._happen()
        super().mend(org_id, texts, unreadable, since, done=done)


def test_new_texts_are_found_while_a_month_is_still_being_mended(
    archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    index = Interrupted(archive.settings.index)
    seen: list[tuple[list[int], Coverage]] = []
    new: list[int] = []
    index.meanwhile = [
        lambda: new.extend(store(archive, organisation, [inbound(99, "hello new")])),
        lambda: None,  # Here the new text is added, after the first of four was mended.
        lambda: seen.append(searched(archive, organisation)),
    ]
    index.give_up(organisation.id, ["2028-01"])
    assert catch_up(archive.transactions, index, organisation.id, 1) == 5
    hits, coverage = seen[0]
    assert set(hits) == {*new, serials[1], *(serial for n, serial in enumerate(serials) if n % 3 != 1)}
    assert (coverage.indexed, coverage.of, coverage.rebuilding) == (10, 13, ("2028-01",))
    assert len(searched(archive, organisation)[0]) == 13


def destroy(archive: Archive, serial: int) -> None:
    with archive.engine.begin() as connection:
        connection.execute(sql("DELETE FROM message WHERE seq = :seq"), {"seq": serial})


@pytest.mark.tampers
@pytest.mark.parametrize("mending", [False, True])
def test_a_text_that_is_purged_between_being_read_and_being_indexed_does_not_come_back(
    archive: Archive, organisation: OrganisationRow, serials: list[int], mending: bool
) -> None:
    index = Interrupted(archive.settings.index)
    victim = serials[5]
    if mending:
        index.give_up(organisation.id, ["2028-02"])
    else:
        index.drop(organisation.id)

    def purge() -> None:
        destroy(archive, victim)
        WhooshIndex(archive.settings.index).purge(organisation.id, [victim])

    index.meanwhile = [purge]
    with pytest.raises(IndexBusy):
        catch_up(archive.transactions, index, organisation.id)
    catch_up(archive.transactions, index, organisation.id)
    hits, coverage = searched(archive, organisation)
    assert hits == [serial for serial in reversed(serials) if serial != victim]
    assert (coverage.indexed, coverage.of, coverage.complete) == (11, 11, True)
    raw = b"".join(path.read_bytes() for path in archive.settings.index.rglob("*") if path.is_file())
    assert (b"word4" in raw, b"word5" in raw) == (True, False)


def test_an_index_that_is_dropped_while_a_batch_is_read_does_not_lack_what_came_before(
    archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    index = Interrupted(archive.settings.index)
    more = store(archive, organisation, [inbound(n, "hello more") for n in range(20, 23)])
    index.meanwhile = [lambda: WhooshIndex(archive.settings.index).drop(organisation.id)]
    with pytest.raises(IndexBusy):
        catch_up(archive.transactions, index, organisation.id)
    follow(archive, organisation)
    assert len(searched(archive, organisation)[0]) == len(serials) + len(more)


@pytest.mark.tampers
def test_index_and_database_are_compared_text_by_text_and_brought_together(
    archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    archive.index.purge(organisation.id, [serials[2], serials[5]])
    destroy(archive, serials[7])
    wrong = problems(archive.transactions, archive.index, organisation.id)
    assert wrong == [
        f"2 texts are stored and not indexed, the first is {serials[2]}.",
        f"1 texts are indexed and not stored, the first is {serials[7]}.",
    ]
    assert scrub(archive.transactions, archive.index, organisation.id) == wrong
    assert problems(archive.transactions, archive.index, organisation.id) == []
    assert archive.index.texts(organisation.id) == 11
    assert searched(archive, organisation)[0] == [serial for serial in reversed(serials) if serial != serials[7]]


@pytest.mark.tampers
def test_a_text_that_can_no_longer_be_opened_is_called_unreadable_when_its_month_is_mended(
    archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    with archive.engine.begin() as connection:
        connection.execute(sql("UPDATE message SET flags = 'forged' WHERE seq = :seq"), {"seq": serials[4]})
    archive.index.give_up(organisation.id, ["2028-01"])
    follow(archive, organisation)
    state = archive.index.state(organisation.id)
    assert (state.texts, state.unreadable, state.lost) == (11, (serials[4],), {})
    assert problems(archive.transactions, archive.index, organisation.id) == []


def test_a_killed_mending_goes_on_where_it_was(
    archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    index = Interrupted(archive.settings.index)
    index.give_up(organisation.id, MONTHS[:2])
    index.meanwhile = [lambda: None, lambda: None, lambda: None, stop]
    with pytest.raises(KeyboardInterrupt):
        catch_up(archive.transactions, index, organisation.id, 2)
    assert searched(archive, organisation)[1].indexed == 10
    assert follow(archive, organisation) == 2
    assert searched(archive, organisation)[0] == serials[::-1]
