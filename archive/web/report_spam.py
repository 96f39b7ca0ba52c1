"""The page on which anybody reports spam: no account, no script needed, and no word about whose numbers we know."""

from datetime import date, time
from typing import Annotated

import msgspec
from flask import Blueprint, redirect, render_template, request
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.core import phone
from archive.http.access import public
from archive.http.current import current_archive, refusals, spam_inbox
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.spam.claim import ZONES, claim_of
from archive.spam.inbox import Filed
from archive.spam.model import EMAIL_LENGTH, WORDS_LENGTH

blueprint = Blueprint("report_spam", __name__)

Page = str | Response | tuple[str, int]

HERE = "/report-spam"
THANKS = f"{HERE}/thanks"


class Report(msgspec.Struct):
    """`website` is shown to nobody: who fills it in is a program."""

    own_number: Annotated[str, Meta(max_length=40, description="Type a number like (415) 555-0188.")]
    reporter: Annotated[str, Meta(max_length=40, description="Type a number like (415) 555-0188.")] = ""
    on: Annotated[date | None, Meta(description="Choose a day.")] = None
    at: Annotated[str, Meta(pattern=r"^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$", description="Choose a time.")] = ""
    zone: Annotated[str, Meta(max_length=20, description="Choose from the list.")] = ""
    words: Annotated[
        str, Meta(max_length=WORDS_LENGTH, description=f"Up to {WORDS_LENGTH:,} characters fit in here.")
    ] = ""
    email: Annotated[
        str,
        Meta(
            max_length=EMAIL_LENGTH,
            pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
            description="Type an address like you@example.com.",
        ),
    ] = ""
    website: Annotated[str, Meta(max_length=200)] = ""


@blueprint.get(HERE)
@public
def show() -> Page:
    return _page(Form())


@blueprint.post(HERE)
@public
def send() -> Page:
    address, now = request.remote_addr or "", current_archive().clock()
    with refusals().around(address, now):
        try:
            _file(read_form(Report), address)
        except BadFields as bad:
            return _page(typed_again(bad.fields)), status_of(bad)[0]
    return redirect(THANKS, 303)


@blueprint.get(THANKS)
@public
def thanks() -> Page:
    return render_template("spam/thanks.html")


def _file(report: Report, address: str) -> None:
    if report.website:
        spam_inbox().trapped(address)
        return
    spam_inbox().put(_filed(report), address)


def _filed(report: Report) -> Filed:
    errors: dict[str, str] = {}
    own_number = _number(report.own_number, "own_number", errors)
    reporter = _number(report.reporter, "reporter", errors) if report.reporter else ""
    if report.zone and report.zone not in ZONES:
        errors["zone"] = _("Choose from the list.")
    if report.at and report.on is None:
        errors["on"] = _("Choose the day as well.")
    claim = None
    if report.on and not errors:
        try:
            claim = claim_of(report.on, time.fromisoformat(report.at) if report.at else None, report.zone)
        except (ValueError, OverflowError):
            errors["on"] = _("Choose a day and a time.")
        if claim and claim.since > current_archive().clock():
            errors["on"] = _("This is still to come.")
    if errors:
        raise BadFields(errors)
    since, until = (claim.since, claim.until) if claim else (None, None)
    return Filed(own_number, reporter, report.email, report.words, since, until)


def _number(typed: str, name: str, errors: dict[str, str]) -> str:
    found = phone.parse(typed)
    if found.kind not in ("number", "short-code"):
        errors[name] = _("Type a number like (415) 555-0188.")
    return found.address


def _page(form: Form) -> str:
    return render_template("spam/report.html", form=form, zones=zone_labels(), most=WORDS_LENGTH)


def zone_labels() -> list[tuple[str, str]]:
    labels = {
        "newfoundland": _("Newfoundland"),
        "atlantic": _("Atlantic"),
        "eastern": _("Eastern"),
        "central": _("Central"),
        "saskatchewan": _("Saskatchewan"),
        "mountain": _("Mountain"),
        "arizona": _("Arizona"),
        "pacific": _("Pacific"),
        "alaska": _("Alaska"),
        "hawaii": _("Hawaii"),
    }
    return [(name, labels[name]) for name in ZONES]
