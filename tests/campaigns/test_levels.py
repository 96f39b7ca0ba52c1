"""The machine of a campaign's levels, whether it is active, and that the order of arrival doesn't matter."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.campaigns.active import judge
from archive.campaigns.levels import FIRST, MOVES, Level, Levels, State, states_of
from archive.campaigns.replay import IN_ORDER, TOGETHER, Entered, Said, replay
from tests.campaigns.making import ATT, TMOBILE
from tests.conftest import StandingClock

PICTURES = Path(__file__).parents[2] / "docs" / "campaigns.md"
START = StandingClock().now
ACTIVE = Levels(registry=State.ACTIVE, provider=State.ACCEPTED, dca=State.COMPLETE)


@pytest.mark.parametrize("level", list(Level))
def test_the_picture_in_the_documentation_is_the_table(level: Level) -> None:
    lines = [f"    [*] --> {FIRST[level]}"]
    lines += [f"    {one.before} --> {one.after}: {one.verb}" for one in MOVES if one.level is level]
    section = PICTURES.read_text().partition(f"**{level}**")[2]
    block = section.partition("stateDiagram-v2\n")[2].partition("\n```")[0]
    assert sorted(block.splitlines()) == sorted(lines)


def test_every_event_that_moves_something_is_explained() -> None:
    assert {move.event for move in MOVES if move.event} == set(IN_ORDER)
    page = PICTURES.read_text()
    assert [name for name in IN_ORDER if f"`{name}`" not in page] == []


@pytest.mark.parametrize("level", list(Level))
def test_between_two_states_there_is_one_move_and_it_leads_somewhere_else(level: Level) -> None:
    pairs = [(move.before, move.after) for move in MOVES if move.level is level]
    assert len(pairs) == len(set(pairs))
    assert all(before is not after for before, after in pairs)
    assert FIRST[level] in states_of(level)


@pytest.mark.parametrize(
    ("levels", "usecase", "active", "why"),
    [
        (Levels(), "CUSTOMER_CARE", False, "draft"),
        (Levels(registry=State.SUBMITTED), "CUSTOMER_CARE", False, "not confirmed"),
        (Levels(registry=State.ACTIVE), "CUSTOMER_CARE", False, "provider has not"),
        (Levels(registry=State.ACTIVE, provider=State.ACCEPTED), "CUSTOMER_CARE", False, "election"),
        (ACTIVE, "CUSTOMER_CARE", True, "Everybody"),
        (Levels(registry=State.SUBMITTED, dca=State.COMPLETE), "CUSTOMER_CARE", True, "Everybody"),
        (ACTIVE, "UCAAS_LOW", False, "No carrier"),
        (ACTIVE.moved(Level.CARRIER, ATT, State.APPROVED), "UCAAS_LOW", True, "but T-Mobile"),
        (ACTIVE.moved(Level.CARRIER, ATT, State.SUSPENDED), "CUSTOMER_CARE", True, "but AT&T"),
        (ACTIVE.moved(Level.OWN, "", State.PAUSED), "CUSTOMER_CARE", False, "paused"),
        *[
            (ACTIVE.moved(Level.REGISTRY, "", state), "CUSTOMER_CARE", False, state.value)
            for state in (State.EXPIRED, State.SUSPENDED, State.REJECTED)
        ],
        (ACTIVE.moved(Level.PROVIDER, "", State.DECLINED), "CUSTOMER_CARE", False, "declined"),
        (ACTIVE.moved(Level.DCA, "", State.REJECTED), "CUSTOMER_CARE", False, "rejected"),
    ],
)
def test_a_campaign_is_active_if_everybody_lets_it_pass(levels: Levels, usecase: str, active: bool, why: str) -> None:
    verdict = judge(levels, usecase)
    assert verdict.active is active
    assert why in verdict.because
    assert bool(verdict.carriers) is active


def test_a_campaign_for_one_carrier_ends_with_that_one() -> None:
    suspended = ACTIVE.moved(Level.CARRIER, ATT, State.SUSPENDED)
    assert not judge(suspended, "CUSTOMER_CARE", [ATT]).active
    assert judge(suspended, "CUSTOMER_CARE", [ATT, TMOBILE]).carriers == (TMOBILE,)


def said(*events: tuple[str, str] | str, minutes: float = 0) -> list[Said]:
    pairs = [(one, "") if isinstance(one, str) else one for one in events]
    return [
        Said(entry, START + timedelta(minutes=minutes * entry), name, carrier)
        for entry, (name, carrier) in enumerate(pairs, start=1)
    ]


def test_the_ordinary_way_ends_approved() -> None:
    way = said(
        "CAMPAIGN_ADD",
        "CAMPAIGN_SHARE_ADD",
        "CAMPAIGN_SHARE_ACCEPT",
        "CAMPAIGN_DCA_COMPLETE",
        ("MNO_CAMPAIGN_OPERATION_REVIEW", ATT),
        ("MNO_CAMPAIGN_OPERATION_APPROVED", ATT),
        minutes=600,
    )
    assert replay(way) == ACTIVE.moved(Level.CARRIER, ATT, State.APPROVED)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        (["SUSPENDED"], State.SUSPENDED),
        (["SUSPENDED", "UNSUSPENDED"], State.APPROVED),
        (["SUSPENDED", "UNSUSPENDED", "SUSPENDED"], State.SUSPENDED),
        (["SUSPENDED", "APPROVED"], State.SUSPENDED),
        (["APPROVED", "REJECTED"], State.REJECTED),
        (["REJECTED", "APPROVED"], State.REJECTED),
        (["APPROVED", "REVIEW"], State.APPROVED),
    ],
)
def test_a_carriers_words_hours_apart_count_in_their_order(events: list[str], state: State) -> None:
    names = [(f"MNO_CAMPAIGN_OPERATION_{name}", ATT) for name in events]
    assert replay(said(*names, minutes=60)).at(Level.CARRIER, ATT) is state


def test_a_rejected_campaign_that_is_submitted_again_can_be_approved() -> None:
    way = said(
        ("MNO_CAMPAIGN_OPERATION_REJECTED", ATT),
        ("MNO_CAMPAIGN_OPERATION_REJECTED", TMOBILE),
        "CAMPAIGN_RESUBMISSION",
        ("MNO_CAMPAIGN_OPERATION_APPROVED", ATT),
        minutes=60,
    )
    assert replay(way).carriers == {ATT: State.APPROVED, TMOBILE: State.REVIEW}


HAPPENED = st.lists(st.tuples(st.sampled_from(IN_ORDER), st.sampled_from([ATT, TMOBILE])), max_size=10)


@settings(max_examples=300, deadline=None)
@given(HAPPENED, st.randoms(use_true_random=False))
def test_in_whatever_order_and_however_often_it_comes_within_minutes_the_end_is_the_same(
    happened: list[tuple[str, str]], chance: random.Random
) -> None:
    again = [*happened, *chance.sample(happened, k=len(happened) // 2)]
    chance.shuffle(again)
    assert replay(said(*again)) == replay(said(*happened))


@settings(max_examples=200, deadline=None)
@given(HAPPENED)
def test_what_has_ended_stays_so_whatever_comes_later(happened: list[tuple[str, str]]) -> None:
    levels = replay(said("CAMPAIGN_EXPIRED", *happened, minutes=60))
    assert levels.registry is State.EXPIRED
    assert not judge(levels, "CUSTOMER_CARE").active


def test_what_a_person_entered_stands_where_it_was_entered() -> None:
    by_hand = Entered(2, Level.CARRIER, ATT, State.APPROVED)
    suspended = Said(1, START, "MNO_CAMPAIGN_OPERATION_SUSPENDED", ATT)
    assert replay([suspended, by_hand]).at(Level.CARRIER, ATT) is State.APPROVED
    later = Said(3, START + TOGETHER / 2, "MNO_CAMPAIGN_OPERATION_SUSPENDED", ATT)
    assert replay([suspended, by_hand, later]).at(Level.CARRIER, ATT) is State.SUSPENDED
