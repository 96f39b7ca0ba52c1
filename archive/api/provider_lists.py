"""Reading what providers list, for programs: credentials go in and never come out, and runs are told."""

from datetime import date, datetime

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body
from archive.providers.credentials import end_reading, grant
from archive.pulling.model import Run, Standing
from archive.pulling.reading import standing_of
from archive.pulling.turns import ask_now, plan_of

blueprint = Blueprint("provider_lists", __name__)

HERE = "/provider-accounts/<provider>/<account>/reading"


class RunBody(msgspec.Struct):
    """One run. From `since` it was to list until `until`, and got as far as `reached`; `ended` is `done`, `paused` (the
    next one goes on there) or `failed`. `failures`: items that can't be read, and are in quarantine."""

    started_at: datetime
    ended_at: datetime
    since: datetime
    until: datetime
    reached: datetime
    ended: str
    pages: int
    new: int
    duplicates: int
    failures: int
    reports: int
    why: str
    next_step: str


class ReadingBody(msgspec.Struct):
    """`granted_at`: since when its credentials are known, null without any. `through_at`: all before that is listed."""

    provider: str
    account: str
    granted_at: datetime | None
    through_at: datetime | None
    due_at: datetime | None
    running: bool
    last: RunBody | None


class NewCredentials(msgspec.Struct, forbid_unknown_fields=True):
    """Names and values, as `docs/backfill.md` has them for each provider."""

    credentials: dict[str, str]


class Days(msgspec.Struct):
    """Days of UTC, both included; without either, what is due is listed."""

    since: date | None = msgspec.field(name="from", default=None)
    until: date | None = msgspec.field(name="to", default=None)


@blueprint.get(HERE)
@requires(Permission.PROVIDERS_READ)
@described("How far the list of a provider account is read", ReadingBody, problems=(404,))
def show(provider: str, account: str) -> Answer:
    with reading() as tx:
        found = standing_of(tx, provider, account)
    return json_answer(_body(found))


@blueprint.post(HERE)
@requires(Permission.PROVIDERS_MANAGE)
@described("Give credentials for reading its list", ReadingBody, body=NewCredentials, problems=(404,))
def give(provider: str, account: str) -> Answer:
    given = read_body(NewCredentials).credentials
    with writing() as tx:
        grant(tx, provider, account, given)
        found = standing_of(tx, provider, account)
    return json_answer(_body(found))


@blueprint.delete(HERE)
@requires(Permission.PROVIDERS_MANAGE)
@described("Forget the credentials for reading its list", ReadingBody, problems=(404,))
def end(provider: str, account: str) -> Answer:
    with writing() as tx:
        end_reading(tx, provider, account)
        found = standing_of(tx, provider, account)
    return json_answer(_body(found))


@blueprint.post(f"{HERE}/now")
@requires(Permission.PROVIDERS_MANAGE)
@described("Have its list read now", ReadingBody, body=Days, problems=(404, 409))
def now(provider: str, account: str) -> Answer:
    days = read_body(Days)
    with writing() as tx:
        ask_now(tx, provider, account, plan_of(tx, provider, account, days.since, days.until))
        found = standing_of(tx, provider, account)
    return json_answer(_body(found))


def _body(one: Standing) -> ReadingBody:
    last = _run(one.last) if one.last else None
    return ReadingBody(one.provider, one.account, one.granted_at, one.through_at, one.due_at, one.running, last)


def _run(run: Run) -> RunBody:
    brought = run.brought
    return RunBody(
        run.started_at,
        run.ended_at,
        run.since,
        run.until,
        run.reached,
        run.ended.value,
        brought.pages,
        brought.new,
        brought.duplicates,
        brought.failures,
        brought.reports,
        run.why,
        run.next_step,
    )
