"""The machine of a report's states: nothing is decided that nobody looked into, and the picture shows all of it."""

import contextlib
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import ArchiveError
from archive.spam.model import State
from archive.spam.moves import ENTERED_AS, MOVES, move_between, moves_from
from archive.spam.triage import move
from archive.wiring import Archive
from tests.spam.reporting import read, taken, told
from tests.taking_in import own_number, trail

PICTURE = Path(__file__).parents[2] / "docs" / "spam.md"


def test_the_picture_in_the_documentation_is_the_table() -> None:
    moves = [f"    {move.before} --> {move.after}: {move.verb}" for move in MOVES]
    block = PICTURE.read_text().partition("stateDiagram-v2\n")[2].partition("\n```")[0]
    assert sorted(block.splitlines()) == sorted([f"    [*] --> {ENTERED_AS}: report", *moves])


def test_between_two_states_there_is_one_move_at_most_and_from_each_a_way_on() -> None:
    pairs = [(move.before, move.after) for move in MOVES]
    assert len(pairs) == len(set(pairs))
    assert all(moves_from(state) for state in State)


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
def test_nothing_is_decided_but_from_investigating(before: State, after: State) -> None:
    if move_between(before, after) and not after.open:
        assert before is State.INVESTIGATING


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.sampled_from(State), max_size=8))
def test_whatever_is_tried_each_change_is_a_move_of_the_table_and_in_the_ledger(
    archive: Archive, organisation: OrganisationRow, wanted: list[State]
) -> None:
    with contextlib.suppress(ArchiveError):
        own_number(archive, organisation)
    report_id, states = taken(archive, organisation, told(reporter="")), [State.NEW]
    for after in wanted:
        try:
            with archive.transactions.write(organisation.id, OPERATOR) as tx:
                move(tx, report_id, after, "why")
        except ArchiveError:
            continue
        states.append(after)
    assert read(archive, organisation, report_id).state == states[-1]
    made = [entry for entry in trail(archive, organisation, "spam.moved") if entry.subject == report_id][::-1]
    assert all(move_between(State(entry.detail["before"]), State(entry.detail["after"])) for entry in made)
    assert [entry.detail["after"] for entry in made] == [
        after for before, after in pairwise(states) if before is not after
    ]
