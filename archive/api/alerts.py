"""Alerts, for programs."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.alerts import actions
from archive.alerts.model import Alert
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body, read_query

blueprint = Blueprint("alerts", __name__)


class AlertsQuery(msgspec.Struct):
    state: Annotated[Literal["open", "closed"], Meta(description="open or closed.")] = "open"


class AlertBody(msgspec.Struct):
    """`kind`: what is wrong; `about`: with what, as `number:+12125550123` or `campaign:cmp_…`; `day`: of which UTC day.

    `count`: how often it happened, `serials`: the first texts that it happened to.
    """

    id: str
    kind: str
    about: str
    day: date
    opened_at: datetime
    last_at: datetime
    count: int
    serials: tuple[int, ...]
    closed_at: datetime | None
    closed_by: str | None
    closed_because: str | None


class AlertsBody(msgspec.Struct):
    """The newest first, up to 500."""

    alerts: list[AlertBody]


class Closing(msgspec.Struct):
    reason: str


@blueprint.get("/alerts")
@requires(Permission.CAMPAIGNS_READ)
@described("List the alerts that are open, or those that are closed", AlertsBody, query=AlertsQuery)
def index() -> Answer:
    asked = read_query(AlertsQuery)
    with reading() as tx:
        found = actions.list_alerts(tx, closed=asked.state == "closed")
    return json_answer(AlertsBody([_body(alert) for alert in found]))


@blueprint.post("/alerts/<alert_id>/close")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Close an alert", AlertBody, body=Closing, problems=(404, 409))
def close(alert_id: str) -> Answer:
    order = read_body(Closing)
    with writing() as tx:
        closed = actions.close_alert(tx, alert_id, order.reason)
        return json_answer(_body(closed))


def _body(alert: Alert) -> AlertBody:
    return AlertBody(
        id=alert.id,
        kind=alert.cause.kind,
        about=alert.cause.about,
        day=alert.day,
        opened_at=alert.opened_at,
        last_at=alert.last_at,
        count=alert.count,
        serials=alert.serials,
        closed_at=alert.closed_at,
        closed_by=alert.closed_by,
        closed_because=alert.closed_because,
    )
