"""Files through a page: previewed, imported, and what became of each of their items."""

from typing import Annotated, Any, BinaryIO, cast

import msgspec
from flask import Blueprint, redirect, render_template, request
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import ArchiveError, BadInput, Conflict, NotFound, TooMany
from archive.http.access import requires, takes
from archive.http.current import caller, current_archive, reading
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.intake.fates import written
from archive.intake.import_runs import Anchor, ImportOptions
from archive.intake.imports import Summary
from archive.intake.looking_at_imports import list_imports, open_fates, outline
from archive.intake.profiles.actions import list_profiles
from archive.intake.uploads import MOST_BYTES, options_of, take_upload
from archive.web.import_words import format_labels, preview_row, status_labels
from archive.web.names import Names
from archive.web.texts import flag_labels

blueprint = Blueprint("imports", __name__)

Page = str | Response | tuple[str, int]

HERE = "/imports"
FATES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
_FORM = 20_000
"""What stands beside the file, at most."""

Short = Annotated[str, Meta(max_length=100)]


class Upload(msgspec.Struct):
    """`do`: "preview" or "import"."""

    do: Short
    format: Short = "auto"
    anchor: Annotated[Anchor, Meta(description="Choose from the list.")] = "received"
    number: Short | None = None
    provider: Short | None = None
    zone: Short | None = None
    profile: Short | None = None


@blueprint.get(HERE)
@requires(Permission.QUARANTINE_READ)
def index() -> Page:
    return _page(Form())


@blueprint.post(HERE)
@requires(Permission.MESSAGES_WRITE)
@takes(MOST_BYTES + _FORM)
def take() -> Page:
    try:
        asked = read_form(Upload)
        options = _options(asked)
        done = _take(options, preview=asked.do != "import")
    except BadFields as bad:
        return _page(typed_again(bad.fields)), status_of(bad)[0]
    except (BadInput, Conflict, NotFound, TooMany) as bad:
        return _page(typed_again({"file": str(bad)})), status_of(cast(ArchiveError, bad))[0]
    if done.id is None:
        return _page(typed_again({}), done)
    return redirect(f"{HERE}/{done.id}", 303)


@blueprint.get(f"{HERE}/<import_id>")
@requires(Permission.QUARANTINE_READ)
def show(import_id: str) -> Page:
    with reading() as tx:
        found = outline(tx, import_id)
        who = Names(tx).actor(found.run.actor)
    return render_template(
        "imports/show.html",
        run=found.run,
        who=who,
        formats=format_labels(),
        statuses=status_labels(),
        reasons=found.reasons,
        flags=[(flag_labels().get(name, name), count) for name, count in found.flags],
        kept_out=found.kept_out,
    )


@blueprint.get(f"{HERE}/<import_id>/fates.csv")
@requires(Permission.QUARANTINE_READ)
def table_of_fates(import_id: str) -> Page:
    return _fates(import_id, "csv")


@blueprint.get(f"{HERE}/<import_id>/fates.jsonl")
@requires(Permission.QUARANTINE_READ)
def lines_of_fates(import_id: str) -> Page:
    return _fates(import_id, "jsonl")


def _fates(import_id: str, form: Any) -> Response:
    me = caller()
    opened = open_fates(current_archive(), me.org_id, me.actor, import_id)
    told = ((opened.run.file or "", one) for one in opened.fates)
    headers = {"Content-Disposition": f'attachment; filename="{import_id}-fates.{form}"'}
    return Response(written(told, form), content_type=FATES[form], headers=headers)


def _options(asked: Upload) -> ImportOptions:
    with reading() as tx:
        return options_of(
            tx,
            format_=asked.format,
            anchor=asked.anchor,
            number=asked.number,
            provider=asked.provider,
            zone=asked.zone,
            profile=asked.profile,
        )


def _take(options: ImportOptions, *, preview: bool) -> Summary:
    """What was sent lies in a nameless temporary file, which goes with this."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInput("There is no file.", "Choose one.")
    me, stream = caller(), cast(BinaryIO, sent.stream)
    try:
        return take_upload(current_archive(), me.org_id, me.actor, stream, sent.filename, options, preview=preview)
    finally:
        sent.close()


def _page(form: Form, preview: Summary | None = None) -> str:
    with reading() as tx:
        runs, profiles, names = list_imports(tx), list_profiles(tx), Names(tx)
    return render_template(
        "imports/index.html",
        may_import=caller().may(Permission.MESSAGES_WRITE),
        runs=[{"run": run, "who": names.actor(run.actor)} for run in runs],
        formats=format_labels(),
        statuses=status_labels(),
        profiles=[profile.name for profile in profiles],
        form=form,
        preview=preview,
        first=[preview_row(one) for one in preview.first] if preview else [],
    )
