"""The provider's conditions: each says why and what to do, and what is known to be broken refuses authorising."""

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import Conflict
from archive.core.fates import Outcome
from archive.eligibility.actions import enter_facts, facts_of
from archive.eligibility.model import CallingPlan, Facts, Plan, Standing, broken, judge
from archive.ledger.trail import Wanted, read_trail
from archive.numbers.actions import add_number, set_state
from archive.numbers.importing import take_table
from archive.numbers.model import NumberState
from archive.numbers.store import number_by_e164
from archive.numbers.table import read_table
from archive.wiring import Archive
from tests.items import OWN_NUMBER, ledger_size

GOOD = Facts(add_on=True, plan=Plan.ENTERPRISE, calling_plan=CallingPlan.US)
INELIGIBLE = [
    Facts(add_on=False),
    Facts(True, Plan.TRIAL, CallingPlan.US),
    Facts(True, Plan.ONLINE, CallingPlan.CA),
    Facts(True, Plan.ENTERPRISE, CallingPlan.ELSEWHERE),
    Facts(True, Plan.ENTERPRISE, CallingPlan.NONE),
]


def enter(archive: Archive, organisation: OrganisationRow, facts: Facts) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        enter_facts(tx, facts)


def test_all_that_is_met_needs_nothing() -> None:
    for country in (CallingPlan.US, CallingPlan.CA):
        findings = judge(Facts(True, Plan.ENTERPRISE, country))
        assert {finding.standing for finding in findings} == {Standing.MET}
        assert not any(finding.next_step for finding in findings)


def test_what_nobody_has_said_is_open_and_breaks_nothing() -> None:
    assert {finding.standing for finding in judge(Facts())} == {Standing.OPEN}
    assert broken(Facts()) is None


@pytest.mark.parametrize("facts", INELIGIBLE, ids=str)
def test_what_is_broken_says_why_and_what_to_do(facts: Facts) -> None:
    wrong = [finding for finding in judge(facts) if finding.standing is Standing.BROKEN]
    assert len(wrong) == 1
    assert broken(facts) == wrong[0]
    assert wrong[0].because.endswith(".")
    assert wrong[0].next_step.endswith(".")


@pytest.mark.parametrize("facts", INELIGIBLE, ids=str)
def test_an_ineligible_organisation_is_refused_by_every_way_to_authorise(
    archive: Archive, organisation: OrganisationRow, facts: Facts
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        waiting = add_number(tx, OWN_NUMBER).id
        suspended = add_number(tx, "+12125550124", state=NumberState.AUTHORISED).id
        set_state(tx, suspended, NumberState.SUSPENDED)
    enter(archive, organisation, facts)
    before = ledger_size(archive, organisation.id)
    reason = broken(facts)
    assert reason
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for number_id in (waiting, suspended):
            with pytest.raises(Conflict, match="No number can be authorised") as refused:
                set_state(tx, number_id, NumberState.AUTHORISED)
            assert reason.because in refused.value.message
            assert refused.value.next_step == reason.next_step
        with pytest.raises(Conflict):
            add_number(tx, "+12125550125", state=NumberState.AUTHORISED)
        lines = read_table(f"number,label,state\n{OWN_NUMBER},Dana,authorised\n+12125550126,Kit,authorised\n".encode())
        assert [fate.outcome for fate in take_table(tx, lines)] == [Outcome.REFUSED, Outcome.REFUSED]
    assert ledger_size(archive, organisation.id) == before, "nothing was changed, not even a label"
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert number_by_e164(tx, "+12125550125") is None
        assert number_by_e164(tx, "+12125550126") is None
    enter(archive, organisation, GOOD)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert set_state(tx, waiting, NumberState.AUTHORISED).state == "authorised"


def test_numbers_that_are_authorised_stay_so_and_may_be_suspended(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        number = add_number(tx, OWN_NUMBER, state=NumberState.AUTHORISED)
    enter(archive, organisation, Facts(add_on=False))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert set_state(tx, number.id, NumberState.SUSPENDED).state == "suspended"
        assert add_number(tx, "+12125550124").state == "unauthorised"


def test_what_is_entered_is_an_entry_of_the_ledger_once(archive: Archive, organisation: OrganisationRow) -> None:
    for facts in (GOOD, GOOD, Facts(plan=Plan.TRIAL)):
        enter(archive, organisation, facts)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert facts_of(tx) == Facts(plan=Plan.TRIAL)
        told = [entry.detail for entry in read_trail(tx, Wanted(kind="eligibility.entered"), 9, details=False)]
    assert told == [{"plan": "trial"}, {"add_on": True, "plan": "enterprise", "calling_plan": "US"}]
