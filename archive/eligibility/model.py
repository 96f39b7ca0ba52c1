"""The provider's conditions for business texting, each with its reason and what to do next.

Source: Webex Calling, "Business Texting": an add-on to Cisco Calling Plans of the US and Canada, for enterprise
customers only; trials have not been valid since 26 August 2024.
"""

from dataclasses import dataclass
from enum import StrEnum


class Plan(StrEnum):
    ENTERPRISE = "enterprise"
    ONLINE = "online"
    TRIAL = "trial"


class CallingPlan(StrEnum):
    """Where the organisation has its calling plan; `none`: it has none of the provider's."""

    US = "US"
    CA = "CA"
    ELSEWHERE = "elsewhere"
    NONE = "none"


class Standing(StrEnum):
    """`open`: nobody has said yet. An open rule refuses nothing: what is unknown stays unknown."""

    MET = "met"
    BROKEN = "broken"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Facts:
    """What an administrator has said; None is not known."""

    add_on: bool | None = None
    plan: Plan | None = None
    calling_plan: CallingPlan | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """`because` says what is so, `next_step` what to do about it; empty when the rule is met."""

    rule: str
    standing: Standing
    because: str
    next_step: str = ""


def judge(facts: Facts) -> list[Finding]:
    return [_add_on(facts), _plan(facts), _calling_plan(facts)]


def broken(facts: Facts) -> Finding | None:
    """The first rule for which the organisation may not text."""
    return next((finding for finding in judge(facts) if finding.standing is Standing.BROKEN), None)


def _add_on(facts: Facts) -> Finding:
    if facts.add_on is None:
        return _open("add-on", "Nobody has said whether the Business Texting add-on is bought.")
    if facts.add_on:
        return Finding("add-on", Standing.MET, "The Business Texting add-on is bought.")
    buy = "Order it from the provider's partner that sells you calling, and enter it here then."
    return Finding("add-on", Standing.BROKEN, "The Business Texting add-on is not bought.", buy)


def _plan(facts: Facts) -> Finding:
    if facts.plan is None:
        return _open("plan", "Nobody has said which kind of customer the organisation is.")
    if facts.plan is Plan.ENTERPRISE:
        return Finding("plan", Standing.MET, "The organisation is an enterprise customer.")
    move = "Ask the partner to move the organisation to an enterprise plan."
    return Finding("plan", Standing.BROKEN, f"The plan is {facts.plan}; only enterprise customers may text.", move)


def _calling_plan(facts: Facts) -> Finding:
    if facts.calling_plan is None:
        return _open("calling-plan", "Nobody has said in which country the calling plan is.")
    if facts.calling_plan in (CallingPlan.US, CallingPlan.CA):
        return Finding("calling-plan", Standing.MET, f"The calling plan is one of {facts.calling_plan}.")
    because = "There is no calling plan of the United States or Canada."
    move = "Bring the numbers that are to text into the provider's calling plan of the US or Canada."
    return Finding("calling-plan", Standing.BROKEN, because, move)


def _open(rule: str, because: str) -> Finding:
    return Finding(rule, Standing.OPEN, because, "Enter it.")
