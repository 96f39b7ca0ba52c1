"""Whether the organisation may text, for programs."""

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.eligibility.actions import enter_facts, facts_of
from archive.eligibility.model import CallingPlan, Facts, Plan, Standing, judge
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body

blueprint = Blueprint("eligibility", __name__)


class FactsBody(msgspec.Struct, forbid_unknown_fields=True):
    """What an administrator says; null is not known."""

    add_on: bool | None = None
    plan: Plan | None = None
    calling_plan: CallingPlan | None = None


class FindingBody(msgspec.Struct):
    rule: str
    standing: Standing
    because: str
    next_step: str


class EligibilityBody(msgspec.Struct):
    facts: FactsBody
    rules: list[FindingBody]


@blueprint.get("/eligibility")
@requires(Permission.NUMBERS_READ)
@described("Where the organisation stands with the conditions for texting", EligibilityBody)
def show() -> Answer:
    with reading() as tx:
        return json_answer(_body(facts_of(tx)))


@blueprint.post("/eligibility")
@requires(Permission.NUMBERS_MANAGE)
@described("Enter what is so, in place of what was known", EligibilityBody, body=FactsBody)
def enter() -> Answer:
    order = read_body(FactsBody)
    facts = Facts(order.add_on, order.plan, order.calling_plan)
    with writing() as tx:
        enter_facts(tx, facts)
    return json_answer(_body(facts))


def _body(facts: Facts) -> EligibilityBody:
    rules = [FindingBody(each.rule, each.standing, each.because, each.next_step) for each in judge(facts)]
    return EligibilityBody(FactsBody(facts.add_on, facts.plan, facts.calling_plan), rules)
