"""How long texts are kept, for programs; and why one of them is still here."""

from datetime import date, datetime
from typing import Any

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.core import phone
from archive.core.errors import BadInput
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import read_body
from archive.retention.changing import (
    Redating,
    open_proposals,
    proposal_effect,
    propose,
    scope_of,
    set_policy,
)
from archive.retention.decide import Anchor, Because
from archive.retention.explaining import explain
from archive.retention.model import Policy, Scope
from archive.retention.period import Period
from archive.retention.policies import policies_in_force
from archive.retention.proposals import ProposalRow
from archive.retention.words import in_words

blueprint = Blueprint("retention", __name__)


class PolicyBody(msgspec.Struct):
    """Either `days` of 86,400 seconds or `years` of the calendar; for all texts, one own number, or one campaign.

    `existing`: a re-dating, which texts that were here already follow as well.
    """

    version: int
    days: int | None
    years: int | None
    number: str | None
    campaign: str | None
    existing: bool
    since: datetime


class ProposalBody(msgspec.Struct):
    """A shorter policy that waits for a second person. `sooner` of the texts that are here would go sooner by it,
    `planned` of which have had their time; `first` is the day of the first batch.
    """

    id: str
    days: int | None
    years: int | None
    number: str | None
    campaign: str | None
    existing: bool
    proposed_at: datetime
    proposed_by: str
    sooner: int
    planned: int
    first: date | None


class PoliciesBody(msgspec.Struct):
    """`policies`: those in force, one for each scope. Of all that apply to a text the longest keeps it."""

    policies: list[PolicyBody]
    proposals: list[ProposalBody]


class NewPolicy(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    days: int | None = None
    years: int | None = None
    number: str | None = None
    campaign: str | None = None


class NewProposal(NewPolicy, kw_only=True, forbid_unknown_fields=True):
    """`existing`: date the texts that are here already by it, too."""

    existing: bool = False


class HeldFor(msgspec.Struct):
    """`matter` is null for who may not see holds."""

    id: str
    matter: str | None


class RetentionBody(msgspec.Struct):
    """`why` says it in words. `because` is null when it may go; `until` is null while a hold keeps it.

    `due_at` is when its time is over, hold or not; `due_on` the purge batch that looks at it next.
    """

    serial: int
    why: str
    because: Because | None
    due_at: datetime
    until: datetime | None
    due_on: date | None
    policy: int
    anchor: Anchor
    holds: list[HeldFor]


@blueprint.get("/retention/policies")
@requires(Permission.RETENTION_READ)
@described("The policies in force, and what waits for a second person", PoliciesBody)
def index() -> Answer:
    with reading() as tx:
        waiting = [_proposal(row, proposal_effect(tx, row.id)) for row in open_proposals(tx)]
        return json_answer(PoliciesBody([_policy(policy) for policy in policies_in_force(tx)], waiting))


@blueprint.post("/retention/policies")
@requires(Permission.RETENTION_MANAGE)
@described("Keep texts longer", PolicyBody, status=(201,), body=NewPolicy, problems=(409,))
def add() -> Answer:
    order = read_body(NewPolicy)
    with writing() as tx:
        policy = set_policy(tx, _scope(order), _period(order))
    return json_answer(_policy(policy), 201)


@blueprint.post("/retention/proposals")
@requires(Permission.RETENTION_MANAGE)
@described("Propose to keep texts less long; a person allows it", ProposalBody, status=(201,), body=NewProposal)
def suggest() -> Answer:
    order = read_body(NewProposal)
    with writing() as tx:
        row, effect = propose(tx, _scope(order), _period(order), existing=order.existing)
    return json_answer(_proposal(row, effect), 201)


@blueprint.get("/messages/<serial:serial>/retention")
@requires(Permission.RETENTION_READ)
@described("Why a text is here, and when it will go", RetentionBody)
def why(serial: int) -> Answer:
    named = caller().may(Permission.HOLDS_READ)
    with reading() as tx:
        found = explain(tx, serial)
    verdict = found.verdict
    return json_answer(
        RetentionBody(
            serial=serial,
            why=in_words(found, named=named),
            because=verdict.because,
            due_at=verdict.due_at,
            until=verdict.until,
            due_on=found.due_on,
            policy=verdict.policy.version,
            anchor=verdict.anchor,
            holds=[HeldFor(hold.id, hold.matter.name if named else None) for hold in found.holds],
        )
    )


def _scope(order: NewPolicy) -> Scope:
    return scope_of(phone.parse(order.number).address if order.number else None, order.campaign)


def _period(order: NewPolicy) -> Period:
    try:
        return Period(order.days, order.years)
    except ValueError as problem:
        raise BadInput(str(problem), 'Give either days or years, for example {"years": 3}.') from None


def _policy(policy: Policy) -> PolicyBody:
    return PolicyBody(
        policy.version,
        policy.period.days,
        policy.period.years,
        policy.scope.number,
        policy.scope.campaign,
        policy.existing,
        policy.since,
    )


def _proposal(row: ProposalRow, effect: Redating) -> ProposalBody:
    said: dict[str, Any] = {name: getattr(row, name) for name in ("id", "days", "years", "number", "campaign")}
    return ProposalBody(
        **said,
        existing=row.existing,
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
        sooner=effect.sooner,
        planned=effect.planned,
        first=effect.first,
    )
