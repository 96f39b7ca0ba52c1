"""Longer takes one person, shorter takes two, and what is here goes sooner only by a review that counts it first."""

from datetime import date

import pytest
from sqlalchemy import select

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR, Actor
from archive.core.errors import BadInput, Conflict, NotFound, NotPermitted
from archive.messages.store import MessageRow
from archive.retention.changing import (
    Redating,
    approve_proposal,
    open_proposals,
    proposal_effect,
    propose,
    refuse_proposal,
    scope_of,
    set_policy,
)
from archive.retention.explaining import explain
from archive.retention.model import EVERYTHING, Scope
from archive.retention.period import Period
from archive.retention.policies import policies_in_force
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.holds.ordering import DANA, LEE, hold, texts
from tests.items import OWN_NUMBER
from tests.taking_in import trail

NUMBER = Scope(number=OWN_NUMBER)
DAYS_400, DAYS_500, YEARS_3 = Period(days=400), Period(days=500), Period(years=3)


def in_force(archive: Archive, organisation: OrganisationRow) -> dict[Scope, Period]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return {policy.scope: policy.period for policy in policies_in_force(tx)}


def test_a_longer_policy_takes_one_person_and_keeps_what_is_here(
    archive: Archive, organisation: OrganisationRow
) -> None:
    (serial,) = texts(archive, organisation, {})
    with archive.transactions.write(organisation.id, DANA) as tx:
        policy = set_policy(tx, EVERYTHING, YEARS_3)
        verdict = explain(tx, serial).verdict
    assert (verdict.policy.version, verdict.due_at.date()) == (policy.version, date(2029, 11, 23))
    assert in_force(archive, organisation) == {EVERYTHING: YEARS_3}
    entry = trail(archive, organisation, "policy.set")[0]
    assert (entry.actor, entry.detail) == (str(DANA), {"version": 2, "years": 3, "existing": False})


@pytest.mark.parametrize("period", [DAYS_400, DAYS_500, Period(days=1_095)])
def test_a_policy_that_may_be_shorter_is_not_set_by_one_person(
    archive: Archive, organisation: OrganisationRow, period: Period
) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, EVERYTHING, YEARS_3)
    with archive.transactions.write(organisation.id, DANA) as tx, pytest.raises(Conflict, match="may be shorter"):
        set_policy(tx, EVERYTHING, period)
    assert in_force(archive, organisation) == {EVERYTHING: YEARS_3}


def test_the_first_policy_of_a_number_shortens_nothing_however_short_it_is(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, EVERYTHING, YEARS_3)
        set_policy(tx, NUMBER, DAYS_400)
    (serial,) = texts(archive, organisation, {})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert explain(tx, serial).verdict.due_at.year == 2029


def test_shorter_for_new_texts_takes_two_people_and_leaves_what_is_here(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, EVERYTHING, YEARS_3)
    (old,) = texts(archive, organisation, {})
    with archive.transactions.write(organisation.id, DANA) as tx:
        row, effect = propose(tx, EVERYTHING, DAYS_400, existing=False)
        assert (effect, [one.id for one in open_proposals(tx)]) == (Redating(0, 0, None), [row.id])
    assert in_force(archive, organisation) == {EVERYTHING: YEARS_3}
    with archive.transactions.write(organisation.id, DANA) as tx, pytest.raises(NotPermitted):
        approve_proposal(tx, row.id, 0)
    with archive.transactions.write(organisation.id, LEE) as tx:
        approve_proposal(tx, row.id, 0)
        assert open_proposals(tx) == []
    (new,) = texts(archive, organisation, {"text": "new"})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [explain(tx, serial).verdict.due_at.year for serial in (old, new)] == [2029, 2027]


def test_a_redating_says_what_goes_sooner_before_anybody_allows_it(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, EVERYTHING, YEARS_3)
    texts(archive, organisation, {}, {"text": "held"}, {"to": ["+12125550199"]})
    hold(archive, organisation, "held")
    clock.advance(days=395)
    texts(archive, organisation, {"text": "new"})
    with archive.transactions.write(organisation.id, DANA) as tx:
        row, effect = propose(tx, EVERYTHING, DAYS_400, existing=True)
        assert effect == Redating(4, 3, date(2027, 12, 31))
        assert proposal_effect(tx, row.id) == effect
    texts(archive, organisation, {"text": "one more"})
    with (
        archive.transactions.write(organisation.id, LEE) as tx,
        pytest.raises(Conflict, match="5 texts would go sooner"),
    ):
        approve_proposal(tx, row.id, 4)
    with archive.transactions.write(organisation.id, LEE) as tx:
        policy = approve_proposal(tx, row.id, 5)
        found = [explain(tx, serial).verdict for serial in tx.session.scalars(select(MessageRow.seq)).all()]
    assert policy.existing
    assert [verdict.policy.version for verdict in found] == [policy.version] * 5
    proposed, made = (trail(archive, organisation, kind)[0] for kind in ("policy.proposed", "policy.set"))
    assert (proposed.actor, proposed.detail["sooner"]) == (str(DANA), 4)
    assert (made.actor, made.detail["proposal"], made.detail["existing"]) == (str(LEE), row.id, True)


def test_a_redating_of_one_number_leaves_the_others(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, NUMBER, YEARS_3)
    texts(archive, organisation, {}, {"to": ["+12125550199"]})
    with archive.transactions.write(organisation.id, DANA) as tx:
        effect = propose(tx, NUMBER, DAYS_500, existing=True)[1]
    assert effect == Redating(1, 0, date(2028, 4, 6))


def test_a_proposal_is_decided_once(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, EVERYTHING, YEARS_3)
        refused, wanted = (propose(tx, EVERYTHING, DAYS_400, existing=False)[0].id for _ in range(2))
        refuse_proposal(tx, refused)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        approve_proposal(tx, wanted, 0)
    for proposal in (refused, wanted):
        with archive.transactions.write(organisation.id, LEE) as tx, pytest.raises(Conflict, match="decided already"):
            approve_proposal(tx, proposal, 0)
    with archive.transactions.write(organisation.id, LEE) as tx, pytest.raises(NotFound):
        refuse_proposal(tx, "rpp_nothing")


def test_what_shortens_nothing_needs_no_second_person_and_a_program_is_none(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx, pytest.raises(BadInput, match="shortens nothing"):
        propose(tx, EVERYTHING, YEARS_3, existing=False)
    with archive.transactions.write(organisation.id, DANA) as tx:
        row, _ = propose(tx, EVERYTHING, YEARS_3, existing=True)
    with (
        archive.transactions.write(organisation.id, Actor("key", "apk_1")) as tx,
        pytest.raises(NotPermitted, match="program"),
    ):
        approve_proposal(tx, row.id, 0)


def test_a_policy_is_for_a_number_or_a_campaign() -> None:
    assert scope_of(None, None) == scope_of("", "") == EVERYTHING
    assert (scope_of("+1", None), scope_of(None, "C")) == (Scope(number="+1"), Scope(campaign="C"))
    with pytest.raises(BadInput):
        scope_of("+1", "C")
