"""Opt-outs: what waits for a decision, what was sent in spite of one, who is not to be texted."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, flash, redirect, render_template, request
from msgspec import Meta
from werkzeug.wrappers import Response as Redirect

from archive.access.roles import Permission
from archive.core import phone
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import Caller, caller, current_archive, reading, writing
from archive.http.forms import BadFields, Form, read_form, read_query, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.numbers.store import all_numbers
from archive.optouts import managing
from archive.optouts import reading as lists
from archive.optouts.csv_lists import Imported, export_csv, import_csv
from archive.optouts.deadline import day_of_saying
from archive.optouts.model import How
from archive.optouts.reading import Suspicion

blueprint = Blueprint("optouts", __name__)

Page = str | Redirect | tuple[str, int]

HERE = "/opt-outs"
AT_ONCE = 50
PROBLEMS_SHOWN = 3

Note = Annotated[
    str,
    Meta(max_length=managing.NOTE_LENGTH, description=f"Say how you know, in up to {managing.NOTE_LENGTH} characters."),
]


class OptOutsQuery(msgspec.Struct):
    after: Annotated[SerialNumber | None, Meta(description="This is no opt-out's number.")] = None


class NewOptOut(msgspec.Struct):
    party: Annotated[str, Meta(max_length=100, description="Type a number like +1 (415) 555-0188.")]
    note: Note
    own_number: Annotated[str, Meta(max_length=100, description="Choose from the list.")] = ""


class Withdrawal(msgspec.Struct):
    note: Note


class Decision(msgspec.Struct):
    confirmed: bool


class Reach(msgspec.Struct):
    everywhere: bool


@blueprint.get(HERE)
@requires(Permission.OPTOUTS_READ)
def index() -> Page:
    return _page(Form(), read_query(OptOutsQuery).after)


@blueprint.post(HERE)
@requires(Permission.OPTOUTS_MANAGE)
def add() -> Page:
    try:
        order = read_form(NewOptOut)
        with writing() as tx:
            managing.add_opt_out(tx, order.party, own_number=order.own_number, note=order.note)
    except BadFields as bad:
        return _page(typed_again(bad.fields)), status_of(bad)[0]
    except (BadInput, Conflict) as bad:
        return _page(typed_again({"party": str(bad)})), status_of(bad)[0]
    flash(_("%(number)s is not to be texted any more.", number=phone.display(phone.parse(order.party).address)), "ok")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/<serial:entry>/withdraw")
@requires(Permission.OPTOUTS_MANAGE)
def withdraw(entry: int) -> Page:
    try:
        note = read_form(Withdrawal).note
        with writing() as tx:
            managing.withdraw(tx, entry, note)
    except BadInput as bad:
        flash(str(bad), "bad")
    else:
        flash(_("The opt-out is withdrawn; they may be texted again."), "ok")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/suspicions/<serial:serial>")
@requires(Permission.OPTOUTS_MANAGE)
def decide(serial: int) -> Page:
    confirmed = read_form(Decision).confirmed
    try:
        with writing() as tx:
            managing.decide(tx, serial, confirmed=confirmed)
    except Conflict as bad:
        flash(str(bad), "warn")
    else:
        flash(
            _("Decided: the text means it.") if confirmed else _("Decided: the text means nothing of the kind."), "ok"
        )
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/reach")
@requires(Permission.OPTOUTS_MANAGE)
def set_reach() -> Page:
    everywhere = read_form(Reach).everywhere
    with writing() as tx:
        managing.set_reach(tx, everywhere=everywhere)
    told = _("An opt-out counts for all numbers now.") if everywhere else _("An opt-out counts for its own number now.")
    flash(told, "ok")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/export")
@requires(Permission.OPTOUTS_READ)
def export() -> Response:
    with writing() as tx:
        text = export_csv(tx)
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="opt-outs.csv"'
    return answer


@blueprint.post(f"{HERE}/import")
@requires(Permission.OPTOUTS_MANAGE)
def import_file() -> Page:
    sent = request.files.get("file")
    try:
        text = sent.read().decode("utf-8") if sent else ""
        with writing() as tx:
            done = import_csv(tx, text)
    except UnicodeDecodeError:
        flash(_("The file is not UTF-8. Save it as CSV in UTF-8."), "bad")
    except BadInput as bad:
        flash(str(bad), "bad")
    else:
        flash(_summary(done), "warn" if done.wrong else "ok")
    return redirect(HERE, 303)


def count_waiting(asking: Caller) -> int:
    """For the frame of every page."""
    with current_archive().transactions.read(asking.org_id, asking.actor) as tx:
        return lists.count_suspicions(tx)


def how_labels() -> dict[How, str]:
    return {
        "text": _("by text"),
        "person": _("added or decided by a person"),
        "import": _("imported"),
        "provider": _("told by the provider"),
    }


def _summary(done: Imported) -> str:
    said = _("%(new)d new, %(known)d known already.", new=done.new, known=done.known)
    wrong = [_("Line %(line)d: %(problem)s", line=line, problem=why) for line, why in done.problems[:PROBLEMS_SHOWN]]
    if done.wrong > len(wrong):
        wrong.append(_("%(count)d lines in all can't be read.", count=done.wrong))
    return " ".join([said, *wrong])


def _page(form: Form, after: int | None = None) -> str:
    with reading() as tx:
        found, broken = lists.list_opt_outs(tx), lists.list_violations(tx)
        waiting = lists.list_suspicions(tx)
        everywhere = lists.reaches_everywhere(tx)
        numbers = [row.e164 for row in all_numbers(tx)]
        now = tx.now
    start = next((at + 1 for at, one in enumerate(found) if one.entry == after), 0)
    shown = found[start : start + AT_ONCE]
    return render_template(
        "optouts/index.html",
        may_decide=caller().may(Permission.OPTOUTS_MANAGE),
        may_read=caller().may(Permission.MESSAGES_READ),
        suspicions=[_waiting(one, now) for one in waiting[:AT_ONCE]],
        waiting=len(waiting),
        violations=broken[:AT_ONCE],
        broken=len(broken),
        late=sum(one.late for one in broken),
        opt_outs=shown,
        total=len(found),
        how_labels=how_labels(),
        newer_href=HERE if start else None,
        older_href=f"{HERE}?after={shown[-1].entry}" if len(found) > start + AT_ONCE else None,
        everywhere=everywhere,
        numbers=numbers,
        form=form,
    )


def _waiting(one: Suspicion, now: datetime) -> dict[str, Any]:
    return {
        "serial": one.serial,
        "party": one.party,
        "own_number": one.own_number,
        "returns": one.means == "opt-in",
        "refused": one.how == "provider",
        "said_at": one.said_at,
        "due_on": one.due_on,
        "overdue": day_of_saying(now) > one.due_on,
    }
