"""Where the organisation stands with the conditions for texting."""

from typing import Any, Literal

import msgspec
from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.eligibility.actions import enter_facts, facts_of
from archive.eligibility.model import LOCATION, PRIMARY_NUMBER, CallingPlan, Facts, Plan, judge
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import read_form
from archive.http.translation import _
from archive.numbers.eligible import Overall, overall

blueprint = Blueprint("eligibility", __name__)

SHOWN = 50
"""Locations or users of one condition; there may be thousands."""
ADD_ON = {"yes": True, "no": False}


class Said(msgspec.Struct):
    """What is left empty is not known."""

    add_on: Literal["yes", "no"] | None = None
    plan: Plan | None = None
    calling_plan: CallingPlan | None = None


@blueprint.get("/eligibility")
@requires(Permission.NUMBERS_READ)
def show() -> str:
    with reading() as tx:
        facts, of_numbers = facts_of(tx), overall(tx)
    return render_template(
        "eligibility/show.html",
        may_change=caller().may(Permission.NUMBERS_MANAGE),
        rules=[(finding, rule_label(finding.rule)) for finding in judge(facts)],
        of_numbers=[_of_numbers(each) for each in of_numbers],
        questions=_questions(facts),
    )


@blueprint.post("/eligibility")
@requires(Permission.NUMBERS_MANAGE)
def enter() -> Response:
    said = read_form(Said)
    with writing() as tx:
        enter_facts(tx, Facts(ADD_ON.get(said.add_on or ""), said.plan, said.calling_plan))
    flash(_("The change is recorded."), "ok")
    return redirect("/eligibility", 303)


def rule_label(rule: str) -> str:
    return {
        "add-on": _("Add-on"),
        "plan": _("Plan"),
        "calling-plan": _("Calling plan"),
        LOCATION: _("Location"),
        PRIMARY_NUMBER: _("Primary number"),
    }[rule]


def _of_numbers(each: Overall) -> dict[str, Any]:
    """One of the conditions that are asked of each number, with where to go about those by whom it isn't met."""
    section = {LOCATION: "locations", PRIMARY_NUMBER: "users"}[each.rule]
    shown = each.subjects[:SHOWN]
    return {
        "label": rule_label(each.rule),
        "standing": each.standing,
        "numbers": each.numbers,
        "subjects": [(subject, f"/{section}/{subject.id}" if subject.id else "/numbers") for subject in shown],
        "more": len(each.subjects) - len(shown),
    }


Question = tuple[str, str, str, list[tuple[str, str]]]
"""Name, label, answer, and what may be answered with its label."""


def _questions(facts: Facts) -> list[Question]:
    add_on = "" if facts.add_on is None else "yes" if facts.add_on else "no"
    unknown = ("", _("not known"))
    plans = [(Plan.ENTERPRISE, _("Enterprise")), (Plan.ONLINE, _("Online")), (Plan.TRIAL, _("Trial"))]
    countries = [
        (CallingPlan.US, _("United States")),
        (CallingPlan.CA, _("Canada")),
        (CallingPlan.ELSEWHERE, _("another country")),
        (CallingPlan.NONE, _("none of the provider's")),
    ]
    return [
        ("add_on", _("Business Texting add-on bought"), add_on, [unknown, ("yes", _("Yes")), ("no", _("No"))]),
        ("plan", _("Plan"), facts.plan or "", [unknown, *((plan.value, label) for plan, label in plans)]),
        (
            "calling_plan",
            _("Calling plan"),
            facts.calling_plan or "",
            [unknown, *((country.value, label) for country, label in countries)],
        ),
    ]
