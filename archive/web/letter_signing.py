"""Signing a Letter of Authorization: what it is to say, reading it in its exact words, signing it."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import ArchiveError, BadInput, Conflict, NotFound, NotPermitted
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import BadFields, read_form, read_query
from archive.http.problems import status_of
from archive.http.translation import _, ngettext
from archive.letters.drafting import Prepared, prepare
from archive.letters.drawing import BadDrawing
from archive.letters.model import MOST_NUMBERS
from archive.letters.signing import sign_letter
from archive.web.letter_forms import (
    PROVIDERS,
    SignForm,
    Typed,
    as_typed,
    choices,
    origin_of_signature,
    read_letter_form,
    sent_along,
    shown_letter,
    suggested,
)

blueprint = Blueprint("letter_signing", __name__)

Page = str | Response | tuple[str, int]


class Asked(msgspec.Struct):
    """`numbers`: several, or one with commas."""

    numbers: Annotated[list[str], Meta(max_length=MOST_NUMBERS, description="Up to 200 numbers.")] = []
    supersedes: Annotated[str, Meta(pattern=r"^(loa_[0-9a-z]{26})?$", description="There is no such letter.")] = ""


@blueprint.get("/letters/new")
@requires(Permission.LETTERS_READ)
def new() -> Page:
    demand_signer()
    asked = read_query(Asked)
    with reading() as tx:
        return _details(suggested(tx, asked.numbers, asked.supersedes))


@blueprint.post("/letters/new")
@requires(Permission.LETTERS_MANAGE)
def edit() -> Page:
    """Back from reading it, with everything as it was."""
    return _details(as_typed({}))


@blueprint.post("/letters/read")
@requires(Permission.LETTERS_MANAGE)
def read() -> Page:
    try:
        draft = read_letter_form().draft()
        with reading() as tx:
            return _reading(prepare(tx, draft), {})
    except (BadFields, BadInput, NotFound, Conflict) as bad:
        return _details(as_typed(_errors(bad, "numbers"))), status_of(bad)[0]


@blueprint.post("/letters")
@requires(Permission.LETTERS_MANAGE)
def sign() -> Page:
    form = read_letter_form()
    try:
        order = read_form(SignForm)
        with writing() as tx:
            letter = sign_letter(
                tx,
                form.draft(),
                seen=order.seen,
                signature=order.signature(),
                origin=origin_of_signature(),
                supersedes=form.supersedes or None,
            )
    except (BadFields, BadInput, Conflict) as bad:
        with reading() as tx:
            return _reading(prepare(tx, form.draft()), _errors(bad, _field_of(bad))), status_of(bad)[0]
    count = len(letter.numbers)
    flash(
        ngettext("The letter is signed. It covers %(num)d number.", "The letter is signed. It covers %(num)d numbers.",
                 count), "ok",
    )  # fmt: skip
    return redirect(f"/letters/{letter.id}", 303)


def demand_signer() -> None:
    """For pages with nothing on them but what leads to a signature."""
    if not caller().may(Permission.LETTERS_MANAGE):
        raise NotPermitted("Your role does not include signing letters.", "Ask an administrator to sign it.")


def _errors(bad: ArchiveError, field: str) -> Mapping[str, str]:
    return bad.fields if isinstance(bad, BadFields) else {field: str(bad)}


def _field_of(bad: ArchiveError) -> str:
    return "drawn" if isinstance(bad, BadDrawing) else "typed"


def _details(typed: Typed) -> str:
    with reading() as tx:
        numbers = choices(tx, typed.numbers)
    return render_template(
        "letters/new.html",
        form=typed,
        numbers=numbers,
        most=MOST_NUMBERS,
        providers=PROVIDERS,
        read_at="/letters/read",
    )


def _reading(ready: Prepared, errors: Mapping[str, str]) -> str:
    return render_template(
        "letters/read.html",
        letter={**shown_letter(ready), "sent": sent_along(ready)},
        errors=errors,
        sign_at="/letters",
        edit_at="/letters/new",
        verb=_("Sign the letter"),
    )
