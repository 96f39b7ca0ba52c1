"""How the archive is, for programs that watch over it."""

from datetime import datetime

import msgspec
from flask import Blueprint

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.health.actions import examine, is_alone
from archive.health.model import State
from archive.http.access import requires
from archive.http.current import current_archive, reading
from archive.runs.actions import report
from archive.runs.model import Outcome, Run
from archive.runs.report import JobReport, Phase

blueprint = Blueprint("health", __name__)


class FindingBody(msgspec.Struct):
    """One part and how it is; `next_step` is empty where there is nothing to do."""

    part: str
    state: State
    what: str
    next_step: str


class RunBody(msgspec.Struct):
    """One run. `error` and `counts` are null where other organisations share the installation."""

    token: int
    due_at: datetime
    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    error: str | None
    counts: dict[str, int] | None


class JobBody(msgspec.Struct):
    """`last_run` is the newest that did something or went wrong; `runs` counts all, by outcome."""

    name: str
    about: str
    every_seconds: int
    state: Phase
    next_due: datetime
    last_success: datetime | None
    runs: dict[Outcome, int]
    last_run: RunBody | None


class HealthBody(msgspec.Struct):
    """`good`: no part is broken."""

    good: bool
    at: datetime
    findings: list[FindingBody]
    jobs: list[JobBody]


@blueprint.get("/health")
@requires(Permission.HEALTH_READ)
@described("How every part and every job is", HealthBody)
def index() -> Answer:
    archive = current_archive()
    with reading() as tx:
        organisation, alone, reports = this_organisation(tx), is_alone(tx.session), report(tx.session, tx.now)
    found = examine(archive, organisation)
    findings = [FindingBody(each.part, each.state, each.what, each.next_step) for each in found]
    good = all(finding.state != "broken" for finding in findings)
    return json_answer(HealthBody(good, tx.now, findings, [_job(each, alone=alone) for each in reports]))


def _job(report: JobReport, *, alone: bool) -> JobBody:
    state = report.state
    return JobBody(
        name=state.job,
        about=state.duty.about,
        every_seconds=state.duty.every_seconds,
        state=report.phase,
        next_due=report.next_due,
        last_success=state.good_at,
        runs=state.runs,
        last_run=_run(report.last, alone=alone) if report.last else None,
    )


def _run(run: Run, *, alone: bool) -> RunBody:
    return RunBody(
        run.token,
        run.due_at,
        run.started_at,
        run.ended_at,
        run.outcome,
        run.error if alone else None,
        dict(run.counts) if alone else None,
    )
