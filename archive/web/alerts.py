"""Alerts: what is wrong, with what, what to do about it, and closing one with what came of it."""

from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.alerts import actions
from archive.alerts import store as alerts
from archive.alerts.model import Alert
from archive.campaigns.naming import NOT_ASSIGNED
from archive.core import phone
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import Caller, caller, current_archive, reading, writing
from archive.http.forms import read_form
from archive.http.translation import _
from archive.numbers.store import number_by_e164
from archive.signals.rules import CAMPAIGN_STOPPED, NUMBER_UNREGISTERED, TEXTS_FILTERED
from archive.tx import Tx
from archive.web.names import Names

blueprint = Blueprint("alerts", __name__)

HERE = "/alerts"
CLOSED_SHOWN = 50


class Closing(msgspec.Struct):
    reason: Annotated[str, Meta(max_length=actions.REASON_LENGTH, description="Say it in up to 500 characters.")]


@blueprint.get(HERE)
@requires(Permission.CAMPAIGNS_READ)
def index() -> str:
    with reading() as tx:
        names = Names(tx)
        opened = [_shown(tx, alert, names) for alert in actions.list_alerts(tx)]
        closed = [_shown(tx, alert, names) for alert in actions.list_alerts(tx, closed=True)[:CLOSED_SHOWN]]
        total = alerts.count_open(tx)
    return render_template(
        "alerts/index.html",
        open=opened,
        total=total,
        closed=closed,
        may_close=caller().may(Permission.CAMPAIGNS_MANAGE),
        may_read=caller().may(Permission.MESSAGES_READ),
    )


@blueprint.post(f"{HERE}/<alert_id>/close")
@requires(Permission.CAMPAIGNS_MANAGE)
def close(alert_id: str) -> Response:
    try:
        with writing() as tx:
            actions.close_alert(tx, alert_id, read_form(Closing).reason)
    except (BadInput, Conflict) as bad:
        flash(str(bad), "bad")
    else:
        flash(_("The alert is closed. Should the same happen on another day, there will be a new one."), "ok")
    return redirect(HERE, 303)


def count_open(asking: Caller) -> int:
    """For the frame of every page."""
    with current_archive().transactions.read(asking.org_id, asking.actor) as tx:
        return alerts.count_open(tx)


def kinds() -> dict[str, tuple[str, str]]:
    """Kind → (what is wrong, what to do about it)."""
    return {
        NUMBER_UNREGISTERED: (
            _("A carrier says that our number is not registered"),
            _("Here it is on an active campaign. Ask the provider whether it put the number on that campaign, too."),
        ),
        CAMPAIGN_STOPPED: (
            _("A carrier says that our campaign is stopped"),
            _("Here the campaign is active. Ask the provider what stopped it, and enter that at the campaign."),
        ),
        NOT_ASSIGNED: (
            _("A provider could not put our number on its campaign"),
            _("Until it has, carriers block what it sends. Correct what the provider names, and assign it again."),
        ),
        TEXTS_FILTERED: (
            _("Many of our texts are filtered as spam"),
            _("Compare them with the samples of the campaign, look for shortened links, and stop what does not fit."),
        ),
    }


def _shown(tx: Tx, alert: Alert, names: Names) -> dict[str, Any]:
    title, advice = kinds().get(alert.cause.kind, (alert.cause.kind, ""))
    label, href = _about(tx, alert.cause.about, names)
    return {
        "alert": alert,
        "title": title,
        "advice": advice,
        "about": label,
        "about_href": href,
        "search_href": _search_href(alert) if caller().may(Permission.MESSAGES_SEARCH) else None,
        "closed_by": names.actor(alert.closed_by) if alert.closed_by else None,
    }


def _search_href(alert: Alert) -> str | None:
    kind, _colon, name = alert.cause.about.partition(":")
    line = f"delivery:blocked from:{name} on:{alert.day.isoformat()}"
    return f"/search?{urlencode({'q': line})}" if kind == "number" else None


def _about(tx: Tx, about: str, names: Names) -> tuple[str, str | None]:
    """(what people call it, the address of its page)."""
    kind, _colon, name = about.partition(":")
    if kind == "number":
        row = number_by_e164(tx, name)
        return phone.display(name), f"/numbers/{row.id}" if row else None
    return names.subject(name), f"/campaigns/{name}" if name in names.campaigns else None
