"""Handing in a letter that was signed on paper: its file, and beside it what stands in it."""

from contextlib import closing

from flask import Blueprint, flash, redirect, render_template, request

from archive.access.roles import Permission
from archive.core.errors import BadInput, Conflict, NotFound
from archive.http.access import requires, takes
from archive.http.current import reading, writing
from archive.http.forms import BadFields, read_form, read_query
from archive.http.problems import status_of
from archive.http.translation import _
from archive.letters.model import MOST_NUMBERS
from archive.letters.paper_check import MOST_BYTES, BadPaper
from archive.letters.uploading import upload_letter
from archive.web.letter_forms import (
    PROVIDERS,
    PaperForm,
    Typed,
    as_typed,
    choices,
    origin_of_signature,
    read_letter_form,
    suggested,
)
from archive.web.letter_signing import Asked, Page, demand_signer

blueprint = Blueprint("letter_upload", __name__)

_FORM = 200_000
"""What stands beside the file, at most."""


@blueprint.get("/letters/upload")
@requires(Permission.LETTERS_READ)
def new() -> Page:
    demand_signer()
    asked = read_query(Asked)
    with reading() as tx:
        return _page(suggested(tx, asked.numbers, asked.supersedes))


@blueprint.post("/letters/upload")
@requires(Permission.LETTERS_MANAGE)
@takes(MOST_BYTES + _FORM)
def upload() -> Page:
    raw = _file()
    try:
        form, paper = read_letter_form(), read_form(PaperForm)
        if not raw:
            raise BadPaper("The file is missing.", "Choose the scan of the signed letter.")
        with writing() as tx:
            letter = upload_letter(
                tx,
                form.draft(),
                raw,
                signed_on=paper.signed_on,
                origin=origin_of_signature(),
                supersedes=form.supersedes or None,
            )
    except (BadFields, BadInput, NotFound, Conflict) as bad:
        fields = bad.fields if isinstance(bad, BadFields) else {_field_of(bad): str(bad)}
        return _page(as_typed(fields)), status_of(bad)[0]
    flash(_("The letter is taken in."), "ok")
    return redirect(f"/letters/{letter.id}", 303)


def _file() -> bytes:
    """What was sent, one byte more than is taken at most; it lies in a temporary file, which goes with this."""
    sent = request.files.get("file")
    if sent is None:
        return b""
    with closing(sent):
        raw: bytes = sent.read(MOST_BYTES + 1)
        return raw


def _field_of(bad: BadInput | NotFound | Conflict) -> str:
    return "file" if isinstance(bad, BadPaper) else "numbers"


def _page(typed: Typed) -> str:
    with reading() as tx:
        numbers = choices(tx, typed.numbers)
    values = {**typed.values, "signed_on": request.form.get("signed_on", "")}
    return render_template(
        "letters/upload.html",
        form=Typed(values, typed.numbers, typed.errors),
        numbers=numbers,
        most=MOST_NUMBERS,
        providers=PROVIDERS,
    )
