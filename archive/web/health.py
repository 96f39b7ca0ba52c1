"""Jobs and health: each part and each job as it stands, and what to do about what is not in order."""

from itertools import groupby
from operator import attrgetter
from typing import Annotated, Any

import msgspec
from flask import Blueprint, render_template
from msgspec import Meta

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.health.actions import examine, is_alone
from archive.health.model import Finding, State
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import Caller, current_archive, reading
from archive.http.formats import span
from archive.http.forms import read_query
from archive.http.translation import _
from archive.runs.actions import late_jobs, report
from archive.runs.model import Duty, Outcome, Run
from archive.runs.report import JobReport, in_words
from archive.runs.store import runs_of

blueprint = Blueprint("health", __name__)

AT_ONCE = 25
_A_DAY = 86_400

JobName = Annotated[str, Meta(pattern=r"^[a-z-]{1,50}$")]


class HealthQuery(msgspec.Struct):
    job: Annotated[JobName | None, Meta(description="Choose a job from the list.")] = None
    before: Annotated[SerialNumber | None, Meta(description="This is no number of a run.")] = None


@blueprint.get("/health")
@requires(Permission.HEALTH_READ)
def index() -> str:
    query = read_query(HealthQuery)
    with reading() as tx:
        organisation, alone = this_organisation(tx), is_alone(tx.session)
        reports = report(tx.session, tx.now)
        runs = runs_of(tx.session, query.job, AT_ONCE + 1, query.before) if query.job else []
    findings = examine(current_archive(), organisation)
    return render_template(
        "health/index.html",
        parts=_parts(findings),
        worst=_worst(findings),
        jobs=[_job(each, alone=alone) for each in reports],
        alone=alone,
        job=query.job,
        runs=[_run(run, alone=alone) for run in runs[:AT_ONCE]],
        newer_href=f"/health?job={query.job}#runs" if query.before else None,
        older_href=f"/health?job={query.job}&before={runs[AT_ONCE - 1].token}#runs" if len(runs) > AT_ONCE else None,
    )


def count_late(asking: Caller) -> int:
    """For the frame of every page."""
    with current_archive().transactions.read(asking.org_id, asking.actor) as tx:
        return late_jobs(tx.session, tx.now)


def _worst(findings: list[Finding]) -> State:
    order: tuple[State, ...] = ("broken", "warning", "ok")
    return min((finding.state for finding in findings), key=order.index)


def _parts(findings: list[Finding]) -> list[dict[str, Any]]:
    """The findings of each part together, under its name and its worst state."""
    grouped = [(part, list(of_part)) for part, of_part in groupby(findings, attrgetter("part"))]
    return [
        {
            "name": part,
            "label": part_label(part),
            "state": _worst(of_part),
            "findings": [{"what": sentence(each.what), "next": each.next_step} for each in of_part],
        }
        for part, of_part in grouped
    ]


def _job(report: JobReport, *, alone: bool) -> dict[str, Any]:
    state = report.state
    return {
        "name": state.job,
        "about": _(state.duty.about) if state.duty.about else "",
        "every": rhythm(state.duty),
        "phase": report.phase.value,
        "good_at": state.good_at,
        "next_due": report.next_due,
        "runs": [(outcome_label(outcome), count) for outcome, count in state.runs.items() if count],
        "last": _run(report.last, alone=alone) if report.last else None,
        "href": f"/health?job={state.job}#runs",
    }


def _run(run: Run, *, alone: bool) -> dict[str, Any]:
    """What a run did is about all organisations, so with several of them none is shown it."""
    return {
        "token": run.token,
        "due_at": run.due_at,
        "started_at": run.started_at,
        "seconds": (run.ended_at - run.started_at).total_seconds(),
        "outcome": run.outcome.value,
        "outcome_label": outcome_label(run.outcome),
        "said": (run.error or in_words(run.counts)) if alone else "",
    }


def rhythm(duty: Duty) -> str:
    each = {1: _("each second"), 60: _("each minute"), 3_600: _("each hour")}
    if duty.every_seconds in each:
        return each[duty.every_seconds]
    if duty.every_seconds == _A_DAY:
        return _("daily at %(time)s UTC", time=f"{duty.at_seconds // 3_600:02}:{duty.at_seconds // 60 % 60:02}")
    return _("every %(span)s", span=span(duty.every_seconds))


def sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def part_label(part: str) -> str:
    return {
        "database": _("Database"),
        "keys": _("Keys"),
        "ledger": _("Ledger"),
        "vault": _("Vault"),
        "index": _("Search index"),
        "completeness": _("Completeness"),
        "lists": _("Lists of providers"),
        "scrub": _("Nightly sample"),
        "letters": _("Letters"),
        "clock": _("Clock"),
        "jobs": _("Jobs"),
    }.get(part, part)


def outcome_label(outcome: Outcome) -> str:
    return {
        Outcome.DONE: _("done"),
        Outcome.IDLE: _("nothing to do"),
        Outcome.FAILED: _("failed"),
        Outcome.LOST: _("broken off"),
    }[outcome]
