"""The machine of a number's states: no sequence of moves leads past authorising, and the picture shows all of them."""

from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import ArchiveError
from archive.numbers.actions import add_number, assign, set_state
from archive.numbers.history import past_of
from archive.numbers.model import NumberState
from archive.numbers.moves import ADDED_AS, MOVES, OFFERED, move_between
from archive.wiring import Archive
from tests.items import OWN_NUMBER

PICTURE = Path(__file__).parents[2] / "docs" / "numbers.md"
NEW = (NumberState.UNAUTHORISED, NumberState.LOA_REQUIRED, NumberState.RELEASED)
Step = tuple[str, object]

STEPS = st.one_of(
    st.tuples(st.just("state"), st.sampled_from(NumberState)),
    st.tuples(st.just("add"), st.just(NumberState.UNAUTHORISED)),
    st.tuples(st.just("move"), st.sampled_from(["Austin", "Boston"])),
    st.tuples(st.just("hold"), st.sampled_from(["Kit", "Dana"])),
)


def test_the_picture_in_the_documentation_is_the_table() -> None:
    added = [f"    [*] --> {state}: add" for state in ADDED_AS]
    moves = [f"    {move.before} --> {move.after}: {move.verb}" for move in MOVES]
    block = PICTURE.read_text().partition("stateDiagram-v2\n")[2].partition("\n```")[0]
    assert sorted(block.splitlines()) == sorted(added + moves)


def test_between_two_states_there_is_one_move_at_most() -> None:
    pairs = [(move.before, move.after) for move in MOVES]
    assert len(pairs) == len(set(pairs))
    assert all(before is not after for before, after in pairs)


@pytest.mark.parametrize("state", list(NumberState))
def test_from_every_state_there_is_a_way_on(state: NumberState) -> None:
    assert OFFERED[state]
    assert state not in OFFERED[state]
    assert NumberState.REGISTERED not in OFFERED[state], "registering is the campaign's doing"


@pytest.mark.parametrize(("before", "after"), list(product(NEW, NumberState)))
def test_into_what_may_text_there_is_no_way_but_authorising(before: NumberState, after: NumberState) -> None:
    """From a number that is new, ported, or waits for a letter; a suspended one was authorised before."""
    move = move_between(before, after)
    if move and after not in NEW:
        assert (move.verb, after) == ("authorise", NumberState.AUTHORISED)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(NumberState), max_size=30))
def test_no_sequence_of_moves_reaches_a_number_that_may_text_unauthorised(wanted: list[NumberState]) -> None:
    state, authorised = NumberState.UNAUTHORISED, False
    for after in wanted:
        if move := move_between(state, after):
            authorised = move.verb == "authorise" or (authorised and after not in NEW)
            state = after
        assert authorised or not state.authorised


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=1, max_size=12))
def test_no_sequence_of_actions_does_and_the_history_is_what_happened(
    archive: Archive, organisation: OrganisationRow, steps: list[Step]
) -> None:
    """One transaction that is thrown away for each sequence, so that one archive serves all of them."""
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        number_id = add_number(tx, OWN_NUMBER, location="Austin").id
        for step in steps:
            _take(tx, number_id, *step)
        past = past_of(tx, OWN_NUMBER)
    states = [stretch.state for stretch in reversed(past.stretches)]
    assert (states[0], states[-1]) == (NumberState.UNAUTHORISED, past.number.state)
    for before, after in pairwise(states):
        assert not (before in NEW and after not in NEW) or after is NumberState.AUTHORISED
    newest = past.stretches[0]
    assert (newest.location, newest.label) == (past.number.location, past.number.label)
    assert [each.until for each in past.stretches] == [None, *[each.since for each in past.stretches[:-1]]]


def _take(tx, number_id: str, verb: str, what: object) -> None:  # type: ignore[no-untyped-def]
    try:
        if verb == "state":
            set_state(tx, number_id, what)  # type: ignore[arg-type]
        elif verb == "add":
            add_number(tx, OWN_NUMBER, location="Austin")
        else:
            assign(tx, number_id, **{"location" if verb == "move" else "label": what})  # type: ignore[arg-type]
    except ArchiveError:
        return
