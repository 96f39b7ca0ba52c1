"""Files for programs: previewing and importing one, and what became of each item."""

from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Annotated, BinaryIO, Literal, cast

import msgspec
from flask import Blueprint, request
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.core.errors import BadInput, TooLarge
from archive.http.access import requires
from archive.http.current import caller, current_archive, reading
from archive.http.forms import read_query
from archive.intake.fates import Form, written
from archive.intake.import_runs import Anchor
from archive.intake.looking_at_imports import ImportRun, list_imports, open_fates, read_import
from archive.intake.uploads import MOST_BYTES, options_of, take_upload

blueprint = Blueprint("imports", __name__)

FILE = "application/octet-stream"
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
_CHUNK = 1 << 18


class NewImport(msgspec.Struct):
    name: Annotated[str, Meta(description="What the file is called.")] = "upload"
    preview: Annotated[bool, Meta(description="true: say what would become of it, and store nothing.")] = False
    format: Annotated[str, Meta(description="auto, or one of those in docs/files.md.")] = "auto"
    anchor: Annotated[Anchor, Meta(description="From when retention counts.")] = "received"
    number: Annotated[str | None, Meta(description="Our number, for files that don't say it.")] = None
    provider: Annotated[str | None, Meta(description="For files that name none.")] = None
    zone: Annotated[str | None, Meta(description="Of times that have none, like America/New_York.")] = None
    profile: Annotated[str | None, Meta(description="Name of the profile that says a table's columns.")] = None


class FatesQuery(msgspec.Struct):
    form: Annotated[Literal["csv", "jsonl"], Meta(description="A table, or lines of JSON.")] = "csv"


class TakenBody(msgspec.Struct):
    """How many items became what. `id` is null for a preview, which alone says how many are past their `expired` time.

    `resumed` of them were dealt with before an earlier import of this file was broken off.
    """

    id: str | None
    file: str
    total: int
    stored: int
    duplicate: int
    conflict: int
    quarantined: int
    resumed: int
    reasons: dict[str, int]
    expired: int = 0


class ImportBody(msgspec.Struct):
    """`file` and `profile` are null where the key to them is destroyed, `finished_at` while it is going on."""

    id: str
    file: str | None
    profile: str | None
    format: str
    anchor: str
    actor: str
    started_at: datetime
    finished_at: datetime | None
    lines: int
    counts: dict[str, int]


class ImportsBody(msgspec.Struct):
    imports: list[ImportBody]


@blueprint.get("/imports")
@requires(Permission.QUARANTINE_READ)
@described("List the newest imports of files", ImportsBody)
def index() -> Answer:
    with reading() as tx:
        return json_answer(ImportsBody([_body(run) for run in list_imports(tx)]))


@blueprint.post("/imports")
@requires(Permission.MESSAGES_WRITE)
@described(
    "Import a file, or say what would become of it",
    TakenBody,
    status=(200, 201),
    query=NewImport,
    more_bodies={FILE: str},
    problems=(404, 409, 413),
)
def take() -> Answer:
    asked, me = read_query(NewImport), caller()
    with reading() as tx:
        options = options_of(
            tx,
            format_=asked.format,
            anchor=asked.anchor,
            number=asked.number,
            provider=asked.provider,
            zone=asked.zone,
            profile=asked.profile,
        )
    with TemporaryFile() as held:
        _receive(held)
        done = take_upload(
            current_archive(), me.org_id, me.actor, cast(BinaryIO, held), asked.name, options, preview=asked.preview
        )
    told = msgspec.convert(done.as_json(), TakenBody)
    return json_answer(told, 200 if asked.preview else 201)


@blueprint.get("/imports/<import_id>")
@requires(Permission.QUARANTINE_READ)
@described("Read how far an import has got", ImportBody, problems=(404,))
def show(import_id: str) -> Answer:
    with reading() as tx:
        return json_answer(_body(read_import(tx, import_id)))


@blueprint.get("/imports/<import_id>/fates")
@requires(Permission.QUARANTINE_READ)
@described("What became of each item of a file", str, media="text/csv", query=FatesQuery, problems=(404,))
def fates(import_id: str) -> Answer:
    form: Form = read_query(FatesQuery).form
    me = caller()
    opened = open_fates(current_archive(), me.org_id, me.actor, import_id)
    told = ((opened.run.file or "", one) for one in opened.fates)
    headers = {"Content-Disposition": f'attachment; filename="{import_id}-fates.{form}"'}
    return Answer(written(told, form), content_type=TYPES[form], headers=headers)


def _body(run: ImportRun) -> ImportBody:
    return msgspec.convert(run, ImportBody, from_attributes=True)


def _receive(target: IO[bytes]) -> None:
    """As it comes, never held whole; one that is too large is refused before it is read, or as soon as it shows."""
    request.max_content_length = MOST_BYTES + 1
    if (request.content_length or 0) > MOST_BYTES:
        raise TooLarge("The file is larger than 100 MB.", "Use the command line, which takes files of any size.")
    while chunk := request.stream.read(_CHUNK):
        target.write(chunk)
    if target.tell() == 0:
        raise BadInput("The request has no body.", "Send the file itself as the body.")
    target.seek(0)
