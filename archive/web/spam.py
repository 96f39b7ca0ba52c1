"""Spam reports: the queue, one report with the texts it may be about, and what is done."""

from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, flash, redirect, render_template
from flask import Response as Answer
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.core.errors import ArchiveError, BadInput, Conflict, NotPermitted
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import Caller, caller, current_archive, reading, writing
from archive.http.forms import BadFields, Form, read_form, read_query, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.numbers.store import all_numbers
from archive.optouts.deadline import day_of_saying
from archive.spam import acting, triage
from archive.spam.acting import OPTED_OUT, PAUSED, SUSPENDED
from archive.spam.finding import find_texts, keep
from archive.spam.model import NOTE_LENGTH, OPEN, FeeTier, Source, State
from archive.spam.packing import Packed, pack
from archive.spam.reading import found, list_reports
from archive.spam.store import Order, Wanted, count_by_state
from archive.spam.viewing import view_report
from archive.web.names import Names
from archive.web.spam_page import listed, shown
from archive.web.spam_words import source_labels, state_labels

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
    action: Literal["number-suspended", "campaign-paused", "opted-out"]


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
        reports=[listed(row, names, today) for row in shown],
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
            acting.ACTIONS[order.action](tx, report_id)
    except Conflict as bad:
        flash(str(bad), "warn")
    else:
        done = {
            SUSPENDED: _("The number is suspended."),
            PAUSED: _("The campaign is paused."),
            OPTED_OUT: _("The complainant is not to be texted any more."),
        }
        flash(done[order.action], "ok")
    return redirect(f"{HERE}/{report_id}", 303)


@blueprint.post(f"{HERE}/<report_id>/compare")
@requires(Permission.SPAM_MANAGE)
def compare(report_id: str) -> Page:
    with writing() as tx:
        keep(tx, find_texts(tx, found(tx, report_id)))
    flash(_("Compared with the texts that are here now."), "ok")
    return redirect(f"{HERE}/{report_id}", 303)


@blueprint.get(f"{HERE}/<report_id>/packet.zip")
@requires(Permission.SPAM_READ)
def packet(report_id: str) -> Response:
    return _file(report_id, "zip", "application/zip", _packed(report_id).zip())


@blueprint.get(f"{HERE}/<report_id>/packet.pdf")
@requires(Permission.SPAM_READ)
def printed(report_id: str) -> Response:
    return _file(report_id, "pdf", "application/pdf", _packed(report_id).pdf())


def count_new(asking: Caller) -> int:
    """For the frame of every page."""
    with current_archive().transactions.read(asking.org_id, asking.actor) as tx:
        return count_by_state(tx)[State.NEW]


def _packed(report_id: str) -> Packed:
    """It holds texts, which not everybody may read who may read reports."""
    archive, me = current_archive(), caller()
    if not me.may(Permission.MESSAGES_READ):
        raise NotPermitted("The packet holds texts, which you may not read.", "Ask somebody for it who may.")
    with reading() as tx:
        organisation = this_organisation(tx)
    return pack(archive.transactions, organisation, me.actor, report_id)


def _file(report_id: str, ending: str, media: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="evidence-{report_id}.{ending}"'}
    return Answer(content, mimetype=media, headers=headers)


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


def _refused(report_id: str, field: str, bad: ArchiveError) -> Page:
    errors = bad.fields if isinstance(bad, BadFields) else {field: str(bad)}
    return _page(report_id, typed_again(errors)), status_of(bad)[0]


def _page(report_id: str, form: Form) -> str:
    archive, me = current_archive(), caller()
    report = view_report(archive.transactions, archive.group, me.org_id, me.actor, report_id)
    with reading() as tx:
        context = shown(tx, report, me)
    return render_template("spam/show.html", form=form, **context)
