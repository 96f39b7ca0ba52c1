"""Spam reports: the queue, one report with the texts it may be about, and what is done."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.people import list_people
from archive.access.roles import Permission, permissions_of
from archive.core.errors import ArchiveError, BadInput, Conflict
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import Caller, caller, current_archive, reading, writing
from archive.http.forms import BadFields, Form, read_form, read_query, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.numbers.store import all_numbers
from archive.optouts.deadline import day_of_saying
from archive.spam import acting, triage
from archive.spam.acting import OPTED_OUT, SUSPENDED
from archive.spam.fees import FEES
from archive.spam.finding import find_texts, keep
from archive.spam.history import Step, history_of
from archive.spam.model import NOTE_LENGTH, OPEN, FeeTier, Source, State
from archive.spam.moves import moves_from
from archive.spam.reading import Report, found, list_reports
from archive.spam.store import Order, SpamReportRow, Wanted, count_by_state
from archive.spam.viewing import view_report
from archive.tx import Tx
from archive.web.names import Names
from archive.web.spam_words import TONES, source_labels, state_labels, step_label, tier_labels, verb_labels, why

blueprint = Blueprint("spam", __name__)

Page = str | Response | tuple[str, int]

HERE = "/spam-reports"
AT_ONCE = 50
MINE = "mine"

Chosen = Literal["open", "all", "new", "investigating", "confirmed", "dismissed"]


class Queue(msgspec.Struct):
    """What the page shows; everything may be left out."""

    state: Annotated[Chosen, Meta(description="Choose a state.")] = "open"
    source: Annotated[Source | None, Meta(description="Choose from the list.")] = None
    number: Annotated[str, Meta(max_length=40, description="Choose from the list.")] = ""
    who: Annotated[Literal["mine"] | None, Meta(description="Choose from the list.")] = None
    order: Annotated[Order, Meta(description="Choose from the list.")] = "due"
    after: Annotated[SerialNumber | None, Meta(description="This is no report.")] = None

    def href(self, **changes: Any) -> str:
        values = {**msgspec.structs.asdict(self), "after": None, **changes}
        plain = {name: str(value) for name, value in values.items() if value not in (None, "")}
        return f"{HERE}?{urlencode(plain)}"


class Moved(msgspec.Struct):
    state: State
    note: Annotated[str, Meta(max_length=NOTE_LENGTH, description=f"Up to {NOTE_LENGTH:,} characters.")] = ""


class Note(msgspec.Struct):
    note: Annotated[str, Meta(max_length=NOTE_LENGTH, description="Write what you found out.")]


class Handling(msgspec.Struct):
    due_on: Annotated[date, Meta(description="Choose a day.")]
    assignee: Annotated[str, Meta(max_length=40, description="Choose from the list.")] = ""
    fee_tier: Annotated[FeeTier | None, Meta(description="Choose from the list.")] = None


class Deed(msgspec.Struct):
    action: Literal["number-suspended", "opted-out"]


@blueprint.get(HERE)
@requires(Permission.SPAM_READ)
def index() -> Page:
    asked = read_query(Queue)
    with reading() as tx:
        rows, counts = list_reports(tx, _wanted(asked), AT_ONCE + 1), count_by_state(tx)
        names, today = Names(tx), day_of_saying(tx.now)
        numbers = [row.e164 for row in all_numbers(tx)]
    shown = rows[:AT_ONCE]
    return render_template(
        "spam/index.html",
        reports=[_listed(row, names, today) for row in shown],
        asked=asked,
        tabs=_tabs(asked, counts),
        total=sum(counts.values()),
        sources=source_labels(),
        numbers=numbers,
        first_href=asked.href() if asked.after else None,
        next_href=asked.href(after=shown[-1].entry) if len(rows) > AT_ONCE else None,
        may_report=caller().may(Permission.SPAM_REPORT),
    )


@blueprint.get(f"{HERE}/<report_id>")
@requires(Permission.SPAM_READ)
def show(report_id: str) -> Page:
    return _page(report_id, Form())


@blueprint.post(f"{HERE}/<report_id>/state")
@requires(Permission.SPAM_MANAGE)
def move(report_id: str) -> Page:
    try:
        order = read_form(Moved)
        with writing() as tx:
            triage.move(tx, report_id, order.state, order.note)
    except (BadInput, Conflict) as bad:
        return _refused(report_id, "note", bad)
    flash(_("The report is: %(state)s.", state=state_labels()[order.state]), "ok")
    return redirect(f"{HERE}/{report_id}", 303)


@blueprint.post(f"{HERE}/<report_id>/note")
@requires(Permission.SPAM_MANAGE)
def note(report_id: str) -> Page:
    try:
        order = read_form(Note)
        with writing() as tx:
            triage.add_note(tx, report_id, order.note)
    except BadInput as bad:
        return _refused(report_id, "note", bad)
    return redirect(f"{HERE}/{report_id}", 303)


@blueprint.post(f"{HERE}/<report_id>/handling")
@requires(Permission.SPAM_MANAGE)
def handle(report_id: str) -> Page:
    try:
        order = read_form(Handling)
        with writing() as tx:
            triage.assign(tx, report_id, order.assignee)
            triage.set_due(tx, report_id, order.due_on)
            triage.set_tier(tx, report_id, order.fee_tier)
    except BadInput as bad:
        return _refused(report_id, "due_on", bad)
    flash(_("Saved."), "ok")
    return redirect(f"{HERE}/{report_id}", 303)


@blueprint.post(f"{HERE}/<report_id>/act")
@requires(Permission.SPAM_MANAGE)
def act(report_id: str) -> Page:
    order = read_form(Deed)
    try:
        with writing() as tx:
            {SUSPENDED: acting.suspend_number, OPTED_OUT: acting.opt_out_reporter}[order.action](tx, report_id)
    except Conflict as bad:
        flash(str(bad), "warn")
    else:
        done = {SUSPENDED: _("The number is suspended."), OPTED_OUT: _("The complainant is not to be texted any more.")}
        flash(done[order.action], "ok")
    return redirect(f"{HERE}/{report_id}", 303)


@blueprint.post(f"{HERE}/<report_id>/compare")
@requires(Permission.SPAM_MANAGE)
def compare(report_id: str) -> Page:
    with writing() as tx:
        keep(tx, find_texts(tx, found(tx, report_id)))
    flash(_("Compared with the texts that are here now."), "ok")
    return redirect(f"{HERE}/{report_id}", 303)


def count_new(asking: Caller) -> int:
    """For the frame of every page."""
    with current_archive().transactions.read(asking.org_id, asking.actor) as tx:
        return count_by_state(tx)[State.NEW]


def _wanted(asked: Queue) -> Wanted:
    states: dict[str, tuple[State, ...]] = {"open": tuple(sorted(OPEN)), "all": ()}
    chosen = states.get(asked.state) if asked.state in states else (State(asked.state),)
    me = caller().actor.name if asked.who == MINE else None
    return Wanted(chosen or (), asked.source, asked.number or None, me, order=asked.order, after=asked.after)


def _tabs(asked: Queue, counts: dict[State, int]) -> list[dict[str, Any]]:
    """Each with how many there are, whatever else is filtered by."""
    several = {"open": sum(counts[state] for state in OPEN), "all": sum(counts.values())}
    states = {state.value: label for state, label in state_labels().items()}
    labels = {"open": _("Open"), **states, "all": _("All")}
    return [
        {
            "href": asked.href(state=name),
            "label": label,
            "count": several[name] if name in several else counts[State(name)],
            "current": name == asked.state,
        }
        for name, label in labels.items()
    ]


def _listed(row: SpamReportRow, names: Names, today: date) -> dict[str, Any]:
    state = State(row.state)
    return {
        "id": row.id,
        "received_at": row.received_at,
        "source": source_labels()[Source(row.source)],
        "own_number": row.own_number,
        "campaign": row.campaign,
        "state": state_labels()[state],
        "tone": TONES[state],
        "due_on": row.due_on,
        "overdue": state.open and today > row.due_on,
        "decided": not state.open,
        "assignee": names.people.get(row.assignee or "", ""),
        "fee_tier": tier_labels()[FeeTier(row.fee_tier)] if row.fee_tier else "",
        "serial": row.serial,
        "score": row.score,
        "waits": row.compared_through is None,
    }


def _refused(report_id: str, field: str, bad: ArchiveError) -> Page:
    errors = bad.fields if isinstance(bad, BadFields) else {field: str(bad)}
    return _page(report_id, typed_again(errors)), status_of(bad)[0]


def _page(report_id: str, form: Form) -> str:
    archive, me = current_archive(), caller()
    report = view_report(archive.transactions, archive.group, me.org_id, me.actor, report_id)
    with reading() as tx:
        return _shown(tx, report, form)


def _shown(tx: Tx, report: Report, form: Form) -> str:
    names, row = Names(tx), report.row
    may_manage = caller().may(Permission.SPAM_MANAGE)
    return render_template(
        "spam/show.html",
        report=_listed(row, names, day_of_saying(tx.now)),
        said=report.said,
        claim=report.claim,
        texts=[
            {"serial": one.serial, "score": one.score, "why": why(one), "likely": one.serial == row.serial}
            for one in report.matches
        ],
        moves=_moves(report.state) if may_manage else [],
        actions=acting.possible(tx, report) if may_manage else [],
        people=_people(tx),
        tiers={tier.value: (tier_labels()[tier], fee) for tier, fee in FEES.items()},
        handling={"assignee": row.assignee or "", "due_on": row.due_on.isoformat(), "fee_tier": row.fee_tier or ""},
        history=[_step(step, names) for step in history_of(tx, row.id)],
        may_manage=may_manage,
        may_read=caller().may(Permission.MESSAGES_READ),
        form=form,
    )


def _moves(state: State) -> list[dict[str, Any]]:
    labels = verb_labels()
    return [
        {"state": move.after.value, "label": labels[move.before, move.after], "needs_note": move.needs_note}
        for move in moves_from(state)
    ]


def _people(tx: Tx) -> list[tuple[str, str]]:
    """(id, name) of those who may see to a report."""
    return [
        (one.id, one.name)
        for one in list_people(tx)
        if not one.disabled_at and Permission.SPAM_MANAGE in permissions_of(one.role_set)
    ]


def _step(step: Step, names: Names) -> dict[str, str | datetime]:
    entry = step.entry
    return {"at": entry.at, "who": names.actor(entry.actor), "what": step_label(entry), "note": step.note}
