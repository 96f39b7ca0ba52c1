"""How a campaign fared, for programs."""

from datetime import date

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.campaign_health.reading import health_of
from archive.http.access import requires
from archive.http.current import reading

blueprint = Blueprint("campaign_health", __name__)


class HealthDay(msgspec.Struct):
    """One UTC day. `at_fault`: texts that went out and should not have, by their flags."""

    on: date
    sent: int
    received: int
    at_fault: int
    opt_outs: int
    complaints: int


class HealthChange(msgspec.Struct):
    on: date
    what: list[str]


class HealthBody(msgspec.Struct):
    """Of the texts whose number was on the campaign at their time. `flags`: of those at fault, how many with which.

    `outcomes`: of the newest thousand that went out, what their providers have said. `categories`: of error, for which
    some of these were lost. `blocked_share`: of those of which something final is said.
    """

    days: list[HealthDay]
    changes: list[HealthChange]
    flags: dict[str, int]
    outcomes: dict[str, int]
    categories: dict[str, int]
    blocked_share: float | None


@blueprint.get("/campaigns/<campaign_id>/health")
@requires(Permission.CAMPAIGNS_READ)
@described("How a campaign fared in the last thirty days", HealthBody, problems=(404,))
def health(campaign_id: str) -> Answer:
    with reading() as tx:
        found = health_of(tx, campaign_id)
    days = [HealthDay(day.on, day.sent, day.received, day.at_fault, day.opt_outs, day.complaints) for day in found.days]
    changes = [HealthChange(mark.on, list(mark.what)) for mark in found.marks]
    outcomes = {one.value: count for one, count in found.outcomes.items()}
    return json_answer(
        HealthBody(days, changes, dict(found.flags), outcomes, dict(found.categories), found.blocked_share)
    )
