"""Whether the organisation may text, for programs."""

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.eligibility.actions import enter_facts, facts_of
from archive.eligibility.model import CallingPlan, Facts, Finding, Plan, Standing, judge
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body
from archive.numbers.eligible import Subject, overall
from archive.tx import Tx

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


class SubjectBody(msgspec.Struct):
    """`id`: of the location or user by whom the rule isn't met; null where nobody has said who that is. `numbers`: how
    many are concerned."""

    id: str | None
    standing: Standing
    because: str
    next_step: str
    numbers: int


class OverallBody(msgspec.Struct):
    """How the organisation's numbers together (`numbers` in all) stand with a rule that is asked of each."""

    rule: str
    standing: Standing
    numbers: int
    subjects: list[SubjectBody]


class EligibilityBody(msgspec.Struct):
    """`rules` are asked of the organisation, `of_numbers` of each number."""

    facts: FactsBody
    rules: list[FindingBody]
    of_numbers: list[OverallBody]


@blueprint.get("/eligibility")
@requires(Permission.NUMBERS_READ)
@described("Where the organisation stands with the conditions for texting", EligibilityBody)
def show() -> Answer:
    with reading() as tx:
        return json_answer(_body(tx))


@blueprint.post("/eligibility")
@requires(Permission.NUMBERS_MANAGE)
@described("Enter what is so, in place of what was known", EligibilityBody, body=FactsBody)
def enter() -> Answer:
    order = read_body(FactsBody)
    facts = Facts(order.add_on, order.plan, order.calling_plan)
    with writing() as tx:
        enter_facts(tx, facts)
        return json_answer(_body(tx))


def finding_body(finding: Finding) -> FindingBody:
    return FindingBody(finding.rule, finding.standing, finding.because, finding.next_step)


def _body(tx: Tx) -> EligibilityBody:
    facts = facts_of(tx)
    rules = [finding_body(finding) for finding in judge(facts)]
    of_numbers = [
        OverallBody(each.rule, each.standing, each.numbers, [_subject(subject) for subject in each.subjects])
        for each in overall(tx)
    ]
    return EligibilityBody(FactsBody(facts.add_on, facts.plan, facts.calling_plan), rules, of_numbers)


def _subject(subject: Subject) -> SubjectBody:
    finding = subject.finding
    return SubjectBody(subject.id or None, finding.standing, finding.because, finding.next_step, subject.numbers)
