"""How long texts are kept: the policies in force, and what waits for a second person."""

from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core import phone
from archive.core.errors import ArchiveError, BadInput, Conflict, NotPermitted
from archive.http.access import requires
from archive.http.current import caller, current_archive, horizon_memory, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.numbers.store import all_numbers
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
from archive.retention.finding import bring_forward
from archive.retention.model import Policy, Scope
from archive.retention.period import FLOOR_DAYS, MOST_DAYS, MOST_YEARS, PRESETS, Period
from archive.retention.policies import policies_in_force
from archive.retention.proposals import ProposalRow
from archive.web.horizon import horizon_chart
from archive.web.names import Names
from archive.web.records import period_label

blueprint = Blueprint("retention", __name__)

Page = str | Response | tuple[str, int]


class NewPolicy(msgspec.Struct, kw_only=True):
    amount: Annotated[int, Meta(ge=1, le=MOST_DAYS, description="Type a number of days or years.")]
    unit: Annotated[str, Meta(pattern=r"^(days|years)$", description="Choose days or years.")]
    number: Annotated[str, Meta(max_length=100, description="Type a number like +1 (415) 555-0188.")] = ""
    campaign: Annotated[str, Meta(max_length=100, description="Up to 100 characters.")] = ""
    existing: str = ""


class Allowed(msgspec.Struct):
    sooner: Annotated[int, Meta(ge=0, le=2**53, description="Type the number of texts that go sooner.")]


@blueprint.get("/retention")
@requires(Permission.RETENTION_READ)
def index() -> Page:
    return _page(Form({"amount": str(FLOOR_DAYS), "unit": "days"}))


@blueprint.post("/retention/policies")
@requires(Permission.RETENTION_MANAGE)
def add() -> Page:
    try:
        order = read_form(NewPolicy)
        scope, period = _scope(order), _period(order)
        with writing() as tx:
            policy = set_policy(tx, scope, period)
    except (BadFields, BadInput, Conflict) as bad:
        return _page(typed_again(_errors(bad))), status_of(bad)[0]
    flash(_("Version %(version)s is in force.", version=policy.version), "ok")
    return redirect("/retention", 303)


@blueprint.post("/retention/proposals")
@requires(Permission.RETENTION_MANAGE)
def suggest() -> Page:
    try:
        order = read_form(NewPolicy)
        scope, period = _scope(order), _period(order)
        with writing() as tx:
            propose(tx, scope, period, existing=bool(order.existing))
    except (BadFields, BadInput) as bad:
        return _page(typed_again(_errors(bad))), status_of(bad)[0]
    flash(_("Proposed. A second person allows it or refuses."), "ok")
    return redirect("/retention", 303)


@blueprint.post("/retention/proposals/<proposal_id>/allow")
@requires(Permission.RETENTION_APPROVE)
def allow(proposal_id: str) -> Page:
    try:
        order = read_form(Allowed)
        with writing() as tx:
            approve_proposal(tx, proposal_id, order.sooner)
    except (BadFields, Conflict, NotPermitted) as bad:
        return _page(typed_again({"sooner": _errors(bad, "sooner")["sooner"]})), status_of(bad)[0]
    bring_forward(current_archive().transactions, caller().org_id)
    flash(_("The policy is in force."), "ok")
    return redirect("/retention", 303)


@blueprint.post("/retention/proposals/<proposal_id>/refuse")
@requires(Permission.RETENTION_READ)
def refuse(proposal_id: str) -> Page:
    if not (caller().may(Permission.RETENTION_MANAGE) or caller().may(Permission.RETENTION_APPROVE)):
        raise NotPermitted("Refusing a policy needs the permission to propose or to allow one.")
    with writing() as tx:
        refuse_proposal(tx, proposal_id)
    flash(_("The policy stays as it is."), "ok")
    return redirect("/retention", 303)


def _page(form: Form) -> str:
    with reading() as tx:
        names, policies, waiting = Names(tx), policies_in_force(tx), open_proposals(tx)
        effects = {row.id: proposal_effect(tx, row.id) for row in waiting}
        numbers, counted = [row.e164 for row in all_numbers(tx)], horizon_memory().horizon(tx)
    me = caller()
    return render_template(
        "retention/index.html",
        policies=[_shown(policy) for policy in policies],
        proposals=[_proposed(row, effects[row.id], names) for row in waiting],
        presets=[{"period": period_label(preset.period), "source": preset.source} for preset in PRESETS],
        numbers=numbers,
        horizon=horizon_chart(*counted),
        floor=FLOOR_DAYS,
        may_change=me.may(Permission.RETENTION_MANAGE),
        may_allow=me.may(Permission.RETENTION_APPROVE),
        form=form,
    )


def _shown(policy: Policy) -> dict[str, Any]:
    return {
        "version": policy.version,
        "scope": _scope_label(policy.scope),
        "period": period_label(policy.period),
        "since": policy.since if policy.entry else None,
        "existing": policy.existing,
    }


def _proposed(row: ProposalRow, effect: Redating, names: Names) -> dict[str, Any]:
    return {
        "id": row.id,
        "scope": _scope_label(row.scope),
        "period": period_label(row.period),
        "existing": row.existing,
        "by": names.actor(row.proposed_by),
        "by_you": row.proposed_by == str(caller().actor),
        "at": row.proposed_at,
        "effect": effect,
    }


def _scope_label(scope: Scope) -> str:
    if scope.number:
        return phone.display(scope.number)
    return _("campaign %(campaign)s", campaign=scope.campaign) if scope.campaign else _("every text")


def _scope(order: NewPolicy) -> Scope:
    return scope_of(phone.parse(order.number).address if order.number else None, order.campaign)


def _period(order: NewPolicy) -> Period:
    if order.unit == "years" and order.amount > MOST_YEARS:
        raise BadFields({"amount": _("At most %(years)s years.", years=MOST_YEARS)})
    try:
        return Period(**{order.unit: order.amount})
    except ValueError as problem:
        raise BadFields({"amount": str(problem)}) from None


def _errors(bad: ArchiveError, field: str = "amount") -> dict[str, str]:
    return bad.fields if isinstance(bad, BadFields) else {field: str(bad)}
