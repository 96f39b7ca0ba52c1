"""Many threads, few commits: nothing lost, nothing twice, nobody answered too early, nobody hurt by a neighbour."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, text

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR, Actor
from archive.group_commit import GroupCommit
from archive.intake.actions import receive_from
from archive.intake.parse import arrival
from archive.ledger.entry import Event
from archive.messages.model import Outcome
from archive.proving import verify_organisation
from archive.tx import Tx
from archive.wiring import Archive
from tests.items import ledger_size, line

THREADS = 16


class Noted(Event, frozen=True, kw_only=True):
    kind = "test.noted"
    number: int


class Poison(Exception):
    """What one item brings upon itself."""


def note(tx: Tx, items: Sequence[int]) -> list[int]:
    """Records each; -1 is poison for the whole call."""
    if -1 in items:
        raise Poison("this one")
    return [tx.record(Noted(number=number)) for number in items]


def note_twice(tx: Tx, items: Sequence[int]) -> list[tuple[int, int]]:
    return [(tx.record(Noted(number=number)), tx.record(Noted(number=number))) for number in items]


def test_texts_of_many_threads_are_all_stored_once_without_a_gap(
    archive: Archive, organisation: OrganisationRow
) -> None:
    def send(thread: int) -> list[Outcome]:
        outcomes = []
        for number in range(10):
            item = arrival(line(f"SM{thread}-{number}", text=f"{thread} {number}"), archive.clock(), "test")
            outcome, size = archive.group.submit(organisation.id, receive_from, (item, f"key:{thread}"))
            assert size >= outcome.serial
            outcomes.append(outcome)
        return outcomes

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = [outcome for some in pool.map(send, range(THREADS)) for outcome in some]
    assert {outcome.status for outcome in outcomes} == {"stored"}
    assert len({outcome.serial for outcome in outcomes}) == THREADS * 10
    report = verify_organisation(archive.transactions, archive.vault, organisation)
    assert report.good
    assert report.records == THREADS * 10
    assert report.size == ledger_size(archive, organisation.id)


def test_those_who_wait_together_share_a_commit(archive: Archive, organisation: OrganisationRow) -> None:
    """The first is held inside its work until all others wait behind it."""
    waiting, release, calls = threading.Event(), threading.Event(), []

    def held(tx: Tx, items: Sequence[int]) -> list[int]:
        calls.append(list(items))
        waiting.set()
        assert release.wait(30)
        return note(tx, items)

    group = GroupCommit(archive.transactions, OPERATOR)
    with ThreadPoolExecutor(THREADS) as pool:
        first = pool.submit(group.submit, organisation.id, held, 0)
        assert waiting.wait(30)
        others = [pool.submit(group.submit, organisation.id, held, number) for number in range(1, THREADS)]
        queue = group._queues[organisation.id]
        while len(queue.waiting) < THREADS - 1:
            threading.Event().wait(0.001)
        release.set()
        serials = [first.result(), *(other.result() for other in others)]
    assert calls[0] == [0]
    assert sorted(calls[1]) == list(range(1, THREADS)), "fifteen waited, one committed"
    assert len(set(serials)) == THREADS


def test_nobody_is_answered_before_the_commit(archive: Archive, organisation: OrganisationRow) -> None:
    """A connection of its own sees the entry at the moment at which `submit` returns."""

    def send(number: int) -> bool:
        seq = archive.group.submit(organisation.id, note, number)
        with archive.engine.connect() as connection:
            return bool(
                connection.scalar(
                    text("SELECT count(*) FROM ledger_entry WHERE org_id = :org AND seq = :seq"),
                    {"org": organisation.id, "seq": seq},
                )
            )

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(send, range(60)))


def test_a_poisonous_item_fails_alone(archive: Archive, organisation: OrganisationRow) -> None:
    def send(number: int) -> int | Poison:
        try:
            seq: int = archive.group.submit(organisation.id, note, number)
        except Poison as problem:
            return problem
        return seq

    items = [-1 if number % 9 == 4 else number for number in range(72)]
    before = ledger_size(archive, organisation.id)
    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(send, items))
    for number, result in zip(items, results, strict=True):
        assert isinstance(result, Poison) is (number == -1)
    good = [result for result in results if isinstance(result, int)]
    assert sorted(good) == list(range(before + 1, before + 1 + len(good))), "what failed has taken no number"
    assert verify_organisation(archive.transactions, archive.vault, organisation).good


def test_a_commit_that_fails_is_told_to_everybody_in_it(archive: Archive, organisation: OrganisationRow) -> None:
    before = ledger_size(archive, organisation.id)

    def pull(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE ledger_head"):  # The last statement before each commit.
            raise OSError("the disk is full")

    def send(number: int) -> str:
        try:
            archive.group.submit(organisation.id, note, number)
        except OSError as problem:
            return str(problem)
        return "answered"

    event.listen(archive.engine, "before_cursor_execute", pull)
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(send, range(16)))
    finally:
        event.remove(archive.engine, "before_cursor_execute", pull)
    assert answers == {"the disk is full"}
    assert ledger_size(archive, organisation.id) == before
    assert archive.group.submit(organisation.id, note, 7) == before + 1, "and it goes on afterwards"


def test_different_work_in_one_commit_gets_its_own_results(archive: Archive, organisation: OrganisationRow) -> None:
    def send(number: int) -> bool:
        if number % 2:
            first, second = archive.group.submit(organisation.id, note_twice, number)
            return bool(second == first + 1)
        return isinstance(archive.group.submit(organisation.id, note, number), int)

    before = ledger_size(archive, organisation.id)
    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(send, range(40)))
    assert ledger_size(archive, organisation.id) == before + 60


def test_organisations_do_not_wait_in_one_queue(archive: Archive, organisation: OrganisationRow) -> None:
    name = f"beside {organisation.id}"
    other = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)

    def send(number: int) -> int:
        seq: int = archive.group.submit((organisation, other)[number % 2].id, note, number)
        return seq

    with ThreadPoolExecutor(THREADS) as pool:
        serials = list(pool.map(send, range(40)))
    assert len(set(serials[::2])) == len(set(serials[1::2])) == 20
    for row in (organisation, other):
        assert verify_organisation(archive.transactions, archive.vault, row).good


def test_an_event_is_recorded_in_the_name_of_who_caused_it(archive: Archive, organisation: OrganisationRow) -> None:
    seq = archive.group.record(organisation.id, Actor("person", "per_1"), Noted(number=1))
    with archive.engine.connect() as connection:
        found = connection.execute(
            text("SELECT kind, actor FROM ledger_entry WHERE org_id = :org AND seq = :seq"),
            {"org": organisation.id, "seq": seq},
        ).one()
    assert tuple(found) == ("test.noted", "person:per_1")


def test_work_that_forgets_a_result_is_an_error_and_leaves_nothing(
    archive: Archive, organisation: OrganisationRow
) -> None:
    before = ledger_size(archive, organisation.id)
    with pytest.raises(ValueError, match="zip"):
        archive.group.submit(organisation.id, lambda tx, items: note(tx, items)[:-1], 1)
    assert ledger_size(archive, organisation.id) == before
