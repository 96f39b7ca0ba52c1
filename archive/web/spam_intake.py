"""Complaints that came in another way: one that was told to somebody, or a carrier's list, looked at first."""

from collections import Counter
from datetime import date, time
from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import BadInput, TooLarge
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.numbers.store import all_numbers
from archive.spam.claim import ZONES, claim_of
from archive.spam.importing import Outcome, import_complaints
from archive.spam.model import WORDS_LENGTH, Claim, NewReport, Said, Source
from archive.spam.recording import take_report
from archive.spam.table import COLUMNS
from archive.web.report_spam import zone_labels

blueprint = Blueprint("spam_intake", __name__)

Page = str | Response | tuple[str, int]

HERE = "/spam-reports/new"
LARGEST = 300_000
"""Bytes of a list that the page looks at; the command line takes more."""
SHOWN = 200


class Told(msgspec.Struct):
    own_number: Annotated[str, Meta(max_length=40, description="Choose from the list.")]
    reporter: Annotated[str, Meta(max_length=40, description="Type a number like (415) 555-0188.")] = ""
    on: Annotated[date | None, Meta(description="Choose a day.")] = None
    at: Annotated[str, Meta(pattern=r"^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$", description="Choose a time.")] = ""
    zone: Annotated[str, Meta(max_length=20, description="Choose from the list.")] = ""
    words: Annotated[str, Meta(max_length=WORDS_LENGTH, description=f"Up to {WORDS_LENGTH:,} characters.")] = ""


class List(msgspec.Struct):
    content: Annotated[str, Meta(max_length=LARGEST)]


@blueprint.get(HERE)
@requires(Permission.SPAM_REPORT)
def show() -> Page:
    return _page(Form())


@blueprint.post(HERE)
@requires(Permission.SPAM_REPORT)
def add() -> Page:
    try:
        told = read_form(Told)
        with writing() as tx:
            said = Said(told.reporter, words=told.words)
            taken = take_report(tx, NewReport(Source.PERSON, told.own_number, said, _claim(told)))
    except BadFields as bad:
        return _page(typed_again(bad.fields)), status_of(bad)[0]
    except BadInput as bad:
        return _page(typed_again({"reporter": str(bad)})), status_of(bad)[0]
    flash(_("The report is taken in.") if taken.new else _("The same was reported before."), "ok")
    return redirect(_after(taken.report_id), 303)


@blueprint.post(f"{HERE}/list")
@requires(Permission.SPAM_REPORT)
def preview() -> Page:
    """What would become of each line; nothing is changed."""
    sent = request.files.get("file")
    try:
        raw = sent.read(LARGEST + 1) if sent else b""
        if len(raw) > LARGEST:
            raise TooLarge("The file is larger than 300 kB.", "Split it, or use `textarchive spam import`.")
        with reading() as tx:
            fates = import_complaints(tx, raw)
    except (BadInput, TooLarge) as bad:
        return _page(typed_again({"file": str(bad)})), status_of(bad)[0]
    counts = Counter(fate.outcome for fate in fates)
    return render_template(
        "spam/preview.html",
        fates=sorted(fates, key=lambda fate: (fate.outcome != Outcome.REFUSED, fate.line))[:SHOWN],
        count=len(fates),
        new=counts[Outcome.NEW],
        known=counts[Outcome.KNOWN],
        refused=counts[Outcome.REFUSED],
        content=raw.decode("utf-8-sig"),
    )


@blueprint.post(f"{HERE}/import")
@requires(Permission.SPAM_REPORT)
def import_list() -> Page:
    try:
        content = read_form(List).content
        with writing() as tx:
            counts = Counter(fate.outcome for fate in import_complaints(tx, content.encode()))
    except BadInput as bad:
        return _page(typed_again({"file": str(bad)})), status_of(bad)[0]
    flash(
        _(
            "%(new)d new, %(known)d known already, %(refused)d refused.",
            new=counts[Outcome.NEW],
            known=counts[Outcome.KNOWN],
            refused=counts[Outcome.REFUSED],
        ),
        "warn" if counts[Outcome.REFUSED] else "ok",
    )
    return redirect(_after(), 303)


def _claim(told: Told) -> Claim | None:
    if told.zone and told.zone not in ZONES:
        raise BadFields({"zone": _("Choose from the list.")})
    try:
        at = time.fromisoformat(told.at) if told.at else None
        return claim_of(told.on, at, told.zone) if told.on else None
    except (ValueError, OverflowError):
        raise BadFields({"on": _("Choose a day and a time.")}) from None


def _after(report_id: str = "") -> str:
    """Not everybody who may hand a report in may read it."""
    if not caller().may(Permission.SPAM_READ):
        return HERE
    return f"/spam-reports/{report_id}" if report_id else "/spam-reports?order=newest"


def _page(form: Form) -> str:
    with reading() as tx:
        numbers = [row.e164 for row in all_numbers(tx)]
    shown: dict[str, Any] = {"numbers": numbers, "zones": zone_labels(), "columns": COLUMNS, "most": WORDS_LENGTH}
    return render_template("spam/new.html", form=form, may_read=caller().may(Permission.SPAM_READ), **shown)
