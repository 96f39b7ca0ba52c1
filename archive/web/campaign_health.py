"""How a campaign fared in the last thirty days."""

from typing import Any

from flask import Blueprint, render_template

from archive.access.roles import Permission
from archive.campaign_health.model import LOOKED_AT, Health, Outcome
from archive.campaign_health.reading import health_of
from archive.campaigns.reading import read_campaign
from archive.http.access import requires
from archive.http.current import reading
from archive.http.translation import _
from archive.messages.flags import FLAGS
from archive.web.day_chart import day_chart

blueprint = Blueprint("campaign_health", __name__)


@blueprint.get("/campaigns/<campaign_id>/health")
@requires(Permission.CAMPAIGNS_READ)
def show(campaign_id: str) -> str:
    with reading() as tx:
        campaign, health = read_campaign(tx, campaign_id), health_of(tx, campaign_id)
    return render_template(
        "campaigns/health.html",
        campaign=campaign,
        health=health,
        share=_percent(health.blocked_share),
        looked_at=LOOKED_AT,
        volume=_chart(health, "sent", "received"),
        trouble=_chart(health, "at_fault", "opt_outs", "complaints"),
        names=_names(),
        outcomes=[(_outcome(one), health.outcomes[one]) for one in Outcome if health.outcomes.get(one)],
        categories=sorted(health.categories.items(), key=lambda one: -one[1]),
        flags=[(flag, FLAGS[flag], count) for flag, count in sorted(health.flags.items())],
    )


def _chart(health: Health, *names: str) -> dict[str, Any]:
    days = [(day.on, {name: int(getattr(day, name)) for name in names}) for day in health.days]
    return day_chart(days, {mark.on: ", ".join(mark.what) for mark in health.marks})


def _names() -> dict[str, str]:
    return {
        "sent": _("Sent"),
        "received": _("Received"),
        "at_fault": _("Sent at fault"),
        "opt_outs": _("Opt-outs"),
        "complaints": _("Complaints"),
    }


def _outcome(one: Outcome) -> str:
    return {
        Outcome.DELIVERED: _("Delivered"),
        Outcome.UNDERWAY: _("On their way, nothing final said"),
        Outcome.BLOCKED: _("Blocked"),
        Outcome.UNDELIVERED: _("Not delivered"),
        Outcome.FAILED: _("Failed"),
        Outcome.SILENT: _("Nothing said"),
    }[one]


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.1f} %"
