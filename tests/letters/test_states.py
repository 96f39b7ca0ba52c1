"""The machine of a letter's states: time and people move it along the table, and the picture shows all of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.core.clock import day_of
from archive.letters.model import LetterState
from archive.letters.states import FRESH_FOR, MOVES, fresh_until, may_become, state_at

PICTURE = Path(__file__).parents[2] / "docs" / "letters.md"
SIGNED = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ENDS = (LetterState.REVOKED, LetterState.SUPERSEDED, LetterState.DESTROYED)


def drawn(state: LetterState | None) -> str:
    return "[*]" if state is None else state.value.replace("-", "_")


def test_the_picture_in_the_documentation_is_the_table() -> None:
    moves = [f"    {drawn(move.before)} --> {drawn(move.after)}: {move.verb}" for move in MOVES]
    block = PICTURE.read_text().partition("stateDiagram-v2\n")[2].partition("\n```")[0]
    assert sorted(block.splitlines()) == sorted(moves)


def test_between_two_states_there_is_one_move_at_most_and_none_leads_back_to_counting() -> None:
    pairs = [(move.before, move.after) for move in MOVES]
    assert len(pairs) == len(set(pairs))
    assert not [pair for pair in pairs if pair[0] and not pair[0].counts and pair[1].counts]


@pytest.mark.parametrize(
    ("after", "valid_days", "state"),
    [
        (timedelta(0), None, LetterState.FRESH),
        (FRESH_FOR, None, LetterState.FRESH),
        (FRESH_FOR + SECOND, None, LetterState.IN_FORCE),
        (timedelta(days=4_000), None, LetterState.IN_FORCE),
        (timedelta(days=365), 365, LetterState.IN_FORCE),
        (timedelta(days=365, hours=15), 365, LetterState.EXPIRED),
        (timedelta(days=31), 30, LetterState.EXPIRED),
    ],
)
def test_time_alone_moves_a_letter(after: timedelta, valid_days: int | None, state: LetterState) -> None:
    last_day = day_of(SIGNED) + timedelta(days=valid_days) if valid_days else None
    assert state_at(SIGNED + after, signed_at=SIGNED, last_day=last_day) is state
    assert fresh_until(SIGNED) == SIGNED + timedelta(days=30)


@settings(max_examples=40, deadline=None)
@given(
    st.none() | st.integers(30, 2_000),
    st.lists(st.tuples(st.integers(0, 2_500 * 24), st.sampled_from(ENDS)), max_size=3),
)
def test_as_time_passes_a_letter_moves_along_the_table_only(
    valid_days: int | None, ends: list[tuple[int, LetterState]]
) -> None:
    """Looked at whenever anything may have happened, at the end of each day as well."""
    last_day = day_of(SIGNED) + timedelta(days=valid_days) if valid_days else None
    done: set[LetterState] = set()
    seen: list[LetterState] = []
    for hour in range(0, 2_500 * 24, 12):
        now = SIGNED + timedelta(hours=hour)
        seen.append(state_at(now, signed_at=SIGNED, last_day=last_day, endings=frozenset(done)))
        for _at, how in (end for end in ends if hour <= end[0] < hour + 12):
            if may_become(seen[-1], how):
                done.add(how)
                seen.append(state_at(now, signed_at=SIGNED, last_day=last_day, endings=frozenset(done)))
    assert all(before is after or may_become(before, after) for before, after in pairwise(seen))
