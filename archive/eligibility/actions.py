"""Entering what is so, and asking whether it is enough."""

from archive.core.errors import Conflict
from archive.eligibility import store
from archive.eligibility.model import CallingPlan, Facts, Plan, broken
from archive.eligibility.store import EligibilityRow
from archive.ledger.entry import Event
from archive.tx import Tx


class EligibilityEntered(Event, frozen=True, kw_only=True):
    """All that is known from then on; what is left out is not known."""

    kind = "eligibility.entered"
    add_on: bool | None = None
    plan: str | None = None
    calling_plan: str | None = None


def facts_of(tx: Tx) -> Facts:
    row = store.eligibility(tx)
    if row is None:
        return Facts()
    return Facts(row.add_on, Plan(row.plan) if row.plan else None, _calling_plan(row.calling_plan))


def enter_facts(tx: Tx, facts: Facts) -> None:
    """In place of what was known. Numbers that are authorised already stay so: suspending them is a person's."""
    if facts == facts_of(tx):
        return
    entry = tx.record(EligibilityEntered(add_on=facts.add_on, plan=facts.plan, calling_plan=facts.calling_plan))
    row = store.eligibility(tx) or EligibilityRow(org_id=tx.org_id)
    row.add_on, row.plan, row.calling_plan = facts.add_on, facts.plan, facts.calling_plan
    row.entered_at, row.entry = tx.now, entry
    tx.session.add(row)


def check_eligible(tx: Tx) -> None:
    """Raises `Conflict` with the reason if it is known that the organisation may not text."""
    if finding := broken(facts_of(tx)):
        raise Conflict(f"No number can be authorised: {finding.because}", finding.next_step)


def _calling_plan(name: str | None) -> CallingPlan | None:
    return CallingPlan(name) if name else None
