"""The provider's conditions for business texting, each with its reason and what to do next.

Source: Webex Calling, "Business Texting": an add-on to Cisco Calling Plans of the US and Canada, for enterprise
customers only; trials have not been valid since 26 August 2024. Of each number it is asked besides whether its location
is on the provider's PSTN in the US or Canada, and whether its user has a primary number.
"""

from dataclasses import dataclass
from enum import StrEnum

COUNTRIES = {"US": "the United States", "CA": "Canada"}
LOCATION, PRIMARY_NUMBER = "location", "primary-number"


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


@dataclass(frozen=True, slots=True)
class Place:
    """Of a number. `country`: two letters, empty if nobody has said. `on_provider`: whether it is on the provider's own
    telephone network; None is not known."""

    name: str
    country: str = ""
    on_provider: bool | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """The user who holds a number."""

    name: str
    has_primary: bool


def judge(facts: Facts) -> list[Finding]:
    return [_add_on(facts), _plan(facts), _calling_plan(facts)]


def broken(facts: Facts) -> Finding | None:
    """The first rule for which the organisation may not text."""
    return next((finding for finding in judge(facts) if finding.standing is Standing.BROKEN), None)


def judge_number(place: Place | None, holder: Holder | None) -> list[Finding]:
    """None: it isn't known where the number is, or which user holds it."""
    return [judge_place(place), judge_holder(holder)]


def judge_place(place: Place | None) -> Finding:
    if place is None:
        return Finding(LOCATION, Standing.OPEN, "Nobody has said where it is.", "Give it a location.")
    if wrong := _why_not(place):
        return Finding(LOCATION, Standing.BROKEN, *wrong)
    unknown = "in which country" if not place.country else "on whose telephone network"
    if not place.country or place.on_provider is None:
        because = f"Nobody has said {unknown} {place.name} is."
        return Finding(LOCATION, Standing.OPEN, because, "Enter it at the location.")
    where = COUNTRIES[place.country]
    return Finding(LOCATION, Standing.MET, f"{place.name} is in {where}, on the provider's telephone network.")


def _why_not(place: Place) -> tuple[str, str] | None:
    """Why nobody may text from there, and what to do."""
    if place.country and place.country not in COUNTRIES:
        because = f"{place.name} is in {place.country}; only locations in the United States or Canada may text."
        return because, "Move the number to a location there, or correct the country of this one."
    if place.on_provider is False:
        because = f"{place.name} is not on the provider's telephone network."
        return because, "Bring the location onto it, and say so there, or move the number to one that is."
    return None


def judge_holder(holder: Holder | None) -> Finding:
    if holder is None:
        return Finding(PRIMARY_NUMBER, Standing.OPEN, "It isn't known which user holds it.", "Assign it to a user.")
    if holder.has_primary:
        return Finding(PRIMARY_NUMBER, Standing.MET, f"{holder.name} has a primary number.")
    give = "Give that user one, or the number to somebody who has one."
    return Finding(PRIMARY_NUMBER, Standing.BROKEN, f"{holder.name} has no primary number.", give)


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
