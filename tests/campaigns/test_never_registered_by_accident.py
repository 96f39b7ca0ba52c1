"""No sequence of actions makes a number registered that is not authorised and on an active campaign."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.access.organisations import OrganisationRow
from archive.campaigns.active import judge
from archive.campaigns.assigning import put_on, set_number_state, settle_all, take_off
from archive.campaigns.levels import Level, State
from archive.campaigns.reading import read_campaign
from archive.campaigns.replay import IN_ORDER
from archive.campaigns.steering import enter_state
from archive.core.actor import OPERATOR
from archive.core.errors import ArchiveError
from archive.numbers.actions import add_number, assign, set_state
from archive.numbers.history import past_of
from archive.numbers.importing import take_table
from archive.numbers.model import NumberState
from archive.numbers.table import read_table
from archive.tx import Tx
from archive.wiring import Archive
from tests.campaigns.making import ATT, TMOBILE, registered, tell

NUMBERS = ("+12125550123", "+12125550124")
LEVELS = st.tuples(st.sampled_from(Level), st.sampled_from(State), st.sampled_from(["", ATT]))
SAID = st.tuples(st.sampled_from(IN_ORDER), st.sampled_from(["", ATT, TMOBILE]))
MAY_BE = {"authorised", "registered", "suspended"}

STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(NUMBERS), st.sampled_from(NumberState)),
    st.tuples(st.just("state"), st.sampled_from(NUMBERS), st.sampled_from(NumberState)),
    st.tuples(st.just("below"), st.sampled_from(NUMBERS), st.sampled_from(NumberState)),
    st.tuples(st.just("line"), st.sampled_from(NUMBERS), st.sampled_from(NumberState)),
    st.tuples(st.sampled_from(["state", "below", "line"]), st.sampled_from(NUMBERS), st.just(NumberState.REGISTERED)),
    st.tuples(st.just("move"), st.sampled_from(NUMBERS), st.sampled_from(["Austin", "Boston"])),
    st.tuples(st.just("put"), st.sampled_from(NUMBERS), st.booleans()),
    st.tuples(st.just("take"), st.sampled_from(NUMBERS), st.booleans()),
    st.tuples(
        st.just("tell"), st.booleans(), st.tuples(st.sampled_from(IN_ORDER), st.sampled_from(["", ATT, TMOBILE]))
    ),
    st.tuples(st.just("enter"), st.booleans(), LEVELS),
    st.tuples(st.just("wait"), st.integers(1, 30), st.none()),
    st.tuples(st.just("settle"), st.none(), st.none()),
)
FIRST = st.sampled_from(
    [
        [],
        [("add", NUMBERS[0], NumberState.AUTHORISED), ("put", NUMBERS[0], True)],
        [
            ("add", NUMBERS[0], NumberState.AUTHORISED),
            ("put", NUMBERS[0], True),
            ("tell", True, ("CAMPAIGN_DCA_COMPLETE", "")),
        ],
    ]
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(FIRST, st.lists(STEPS, max_size=14))
def test_no_sequence_of_actions_does(
    archive: Archive, organisation: OrganisationRow, first: list[Any], steps: list[Any]
) -> None:
    """One transaction that is thrown away for each sequence; after each step everything is looked at."""
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        campaigns = (registered(tx), registered(tx, usecase="UCAAS_LOW", mnoIds=[ATT]))
        for verb, what, how in [*first, *steps]:
            with suppress(ArchiveError):
                _take(tx, campaigns, verb, what, how)
            _look(tx)


def _take(tx: Tx, campaigns: Any, verb: str, what: Any, how: Any) -> None:
    campaign_id, theirs = campaigns[0 if (how if verb in ("put", "take") else what) else 1]
    if verb == "add":
        add_number(tx, what, location="Austin", state=how)
    elif verb == "state":
        set_number_state(tx, _id(tx, what), how)
    elif verb == "below":
        set_state(tx, _id(tx, what), how)
    elif verb == "line":
        take_table(tx, read_table(f"number,state\n{what},{how}\n".encode()))
    elif verb == "move":
        assign(tx, _id(tx, what), location=how)
    elif verb == "put":
        put_on(tx, campaign_id, [what])
    elif verb == "take":
        take_off(tx, campaign_id, [what])
    elif verb == "tell":
        tell(tx, how[0], theirs, how[1])
    elif verb == "enter":
        enter_state(tx, campaign_id, how[0], how[1], carrier=how[2])
    elif verb == "wait":
        tx.now += timedelta(minutes=what)
    else:
        settle_all(tx)


def _id(tx: Tx, e164: str) -> str:
    return past_of(tx, e164).number.id


def _look(tx: Tx) -> None:
    for e164 in NUMBERS:
        try:
            past = past_of(tx, e164)
        except ArchiveError:
            continue
        row = past.number
        assert (row.state, row.campaign) == (past.stretches[0].state.value, past.stretches[0].campaign)
        if row.campaign is None:
            assert row.state != "registered"
            continue
        assert row.state in MAY_BE
        campaign = read_campaign(tx, row.campaign)
        active = judge(campaign.levels, campaign.usecase, campaign.fields.get("mnoIds", ())).active  # type: ignore[arg-type]
        assert (row.state == "registered") <= active
        assert _was_authorised([stretch.state for stretch in reversed(past.stretches)])


def _was_authorised(states: list[NumberState]) -> bool:
    """Since it was last new, ported, withdrawn or released."""
    since = [at for at, state in enumerate(states) if state.value not in MAY_BE]
    after = states[since[-1] + 1 :] if since else states
    return not after or after[0] is NumberState.AUTHORISED
