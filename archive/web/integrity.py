"""What is signed, and how anybody can check it without trusting this archive."""

import shlex
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response as Answer

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import current_archive, reading
from archive.http.forms import read_query
from archive.http.translation import _
from archive.ledger.rows import CheckpointRow
from archive.ledger.standing import read_checkpoint, standing
from archive.proving import sign_and_keep

blueprint = Blueprint("integrity", __name__)

AT_ONCE = 25


class IntegrityQuery(msgspec.Struct):
    before: Annotated[SerialNumber | None, Meta(description="This is no size of a checkpoint.")] = None


@blueprint.get("/integrity")
@requires(Permission.INTEGRITY_READ)
def index() -> str:
    query = read_query(IntegrityQuery)
    with reading() as tx:
        organisation = this_organisation(tx)
        now = standing(tx, organisation.origin, limit=AT_ONCE, before=query.before)
    return render_template(
        "integrity/index.html",
        organisation_argument=shlex.quote(organisation.name),
        origin=now.origin,
        vkey=now.public_key,
        size=now.size,
        last=_shown(now.newest) if now.newest else None,
        checkpoints=[_shown(row) for row in now.checkpoints],
        older_href=f"/integrity?before={now.checkpoints[-1].size}" if now.more else None,
    )


@blueprint.get("/integrity/checkpoints/<serial:size>")
@requires(Permission.INTEGRITY_READ)
def checkpoint(size: int) -> Response:
    with reading() as tx:
        row = read_checkpoint(tx, size)
    headers = {"Content-Disposition": f'attachment; filename="{size}.checkpoint"'}
    return Response(row.note, mimetype="text/plain", headers=headers)


@blueprint.post("/integrity/sign")
@requires(Permission.INTEGRITY_READ)
def sign() -> Answer:
    """What happens every minute anyway, now."""
    with reading() as tx:
        organisation = this_organisation(tx)
    archive = current_archive()
    if sign_and_keep(archive.transactions, archive.vault, organisation):
        flash(_("Signed. The checkpoint below covers every entry."), "ok")
    else:
        flash(_("Everything was signed already."), "ok")
    return redirect("/integrity", 303)


def _shown(row: CheckpointRow) -> dict[str, Any]:
    return {
        "size": row.size,
        "root": row.root.hex(),
        "signed_at": row.signed_at,
        "note": row.note,
        "href": f"/integrity/checkpoints/{row.size}",
    }
