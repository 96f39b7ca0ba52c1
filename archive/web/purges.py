"""Purge batches: their plans, letting them go, stopping everything, looking again, certificates."""

from datetime import UTC
from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import ArchiveError, BadInput, Conflict
from archive.http.access import requires
from archive.http.current import Caller, caller, current_archive, reading, writing
from archive.http.forms import BadFields, Form, read_form, read_query, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.retention.approving import approve_batch, goes_at_once, resume_counted, waiting_batches
from archive.retention.batches import read_batch, some_batches
from archive.retention.certificate_pdf import certificate_pdf
from archive.retention.purge import organisation_of
from archive.retention.reviewing import Review, read_certificate, review
from archive.retention.switch import REASON_LENGTH, Stop, stop_of, stop_purging
from archive.web.names import Names
from archive.web.purge_batch import batch_page, listed

blueprint = Blueprint("purges", __name__)

Page = str | Response | tuple[str, int]

AT_ONCE = 25


BatchName = Annotated[str, Meta(pattern=r"^[0-9.-]{10,30}$")]


class BatchesQuery(msgspec.Struct):
    before: Annotated[BatchName | None, Meta(description="This is no batch.")] = None


class Counted(msgspec.Struct):
    """As people type it: `12408` or `12,408`."""

    count: Annotated[
        str, Meta(pattern=r"^[0-9][0-9, ]{0,20}$", description="Type the number of texts and items that go.")
    ]

    def typed(self) -> int:
        return int("".join(filter(str.isdigit, self.count)))


class Stopped(msgspec.Struct):
    reason: Annotated[str, Meta(max_length=REASON_LENGTH, description="Say why purging is stopped.")]


@blueprint.get("/retention/batches")
@requires(Permission.RETENTION_READ)
def index() -> Page:
    return _page(Form())


@blueprint.get("/retention/batches/<batch_id>")
@requires(Permission.RETENTION_READ)
def show(batch_id: str) -> Page:
    return _batch_page(batch_id, Form())


@blueprint.post("/retention/batches/<batch_id>/approve")
@requires(Permission.RETENTION_APPROVE)
def approve(batch_id: str) -> Page:
    try:
        order = read_form(Counted)
        with writing() as tx:
            approve_batch(tx, batch_id, order.typed())
    except (BadFields, Conflict) as bad:
        return _batch_page(batch_id, typed_again(_errors(bad, "count"))), status_of(bad)[0]
    flash(_("Approved. It goes as soon as its day is over; until it has begun, a hold still rescues."), "ok")
    return redirect(f"/retention/batches/{batch_id}", 303)


@blueprint.post("/retention/batches/<batch_id>/verify")
@requires(Permission.RETENTION_READ)
def verify(batch_id: str) -> Page:
    """The page with what was found: it is as long as the looking takes, and is written into the ledger."""
    archive, me = current_archive(), caller()
    try:
        found = review(archive, organisation_of(archive, me.org_id), me.actor, batch_id)
    except Conflict as bad:
        flash(str(bad), "bad")
        return redirect(f"/retention/batches/{batch_id}", 303)
    return _batch_page(batch_id, Form(), found)


@blueprint.get("/retention/batches/<batch_id>/certificate")
@requires(Permission.RETENTION_READ)
def certificate(batch_id: str) -> Response:
    with reading() as tx:
        found = read_certificate(tx, read_batch(tx, batch_id))
    headers = {"Content-Disposition": f'attachment; filename="purge-{batch_id}.json"'}
    return Response(found.text, mimetype="application/json", headers=headers)


@blueprint.get("/retention/batches/<batch_id>/certificate.pdf")
@requires(Permission.RETENTION_READ)
def printed(batch_id: str) -> Response:
    with reading() as tx:
        found = read_certificate(tx, read_batch(tx, batch_id))
    headers = {"Content-Disposition": f'attachment; filename="purge-{batch_id}.pdf"'}
    return Response(certificate_pdf(found.text, found.made), mimetype="application/pdf", headers=headers)


@blueprint.post("/retention/stop")
@requires(Permission.RETENTION_APPROVE)
def stop() -> Page:
    try:
        order = read_form(Stopped)
        with writing() as tx:
            stop_purging(tx, order.reason)
    except (BadInput, Conflict) as bad:
        return _page(typed_again(_errors(bad, "reason"))), status_of(bad)[0]
    flash(_("Purging is stopped. What has begun stays hidden, and goes on when somebody says so."), "warn")
    return redirect("/retention/batches", 303)


@blueprint.post("/retention/resume")
@requires(Permission.RETENTION_APPROVE)
def resume() -> Page:
    try:
        order = read_form(Counted)
        with writing() as tx:
            resume_counted(tx, order.typed())
    except (BadFields, Conflict) as bad:
        return _page(typed_again(_errors(bad, "count"))), status_of(bad)[0]
    flash(_("Purging goes on."), "ok")
    return redirect("/retention/batches", 303)


def count_waiting(asking: Caller) -> int:
    """For the frame of every page."""
    with current_archive().transactions.read(asking.org_id, asking.actor) as tx:
        return len(waiting_batches(tx))


def _errors(bad: ArchiveError, field: str) -> dict[str, str]:
    return bad.fields if isinstance(bad, BadFields) else {field: str(bad)}


def _page(form: Form) -> str:
    before = read_query(BatchesQuery).before
    with reading() as tx:
        names, now = Names(tx), tx.now
        found, waiting = some_batches(tx, AT_ONCE + 1, before), waiting_batches(tx)
        stopped, at_once = stop_of(tx), goes_at_once(tx)
    return render_template(
        "purges/index.html",
        batches=[listed(batch, now) for batch in found[:AT_ONCE]],
        waiting=[listed(batch, now) for batch in waiting],
        stop=_stop(stopped, names),
        at_once=at_once,
        may_approve=caller().may(Permission.RETENTION_APPROVE),
        newer_href="/retention/batches" if before else None,
        older_href=f"/retention/batches?before={found[AT_ONCE - 1].id}" if len(found) > AT_ONCE else None,
        form=form,
    )


def _stop(stopped: Stop | None, names: Names) -> dict[str, Any] | None:
    if stopped is None:
        return None
    return {"at": stopped.at.astimezone(UTC), "by": names.actor(stopped.by), "everywhere": stopped.everywhere}


def _batch_page(batch_id: str, form: Form, found: Review | None = None) -> str:
    me = caller()
    with reading() as tx:
        shown = batch_page(tx, batch_id, found)
        stopped = _stop(stop_of(tx), Names(tx))
    return render_template(
        "purges/show.html",
        **shown,
        stop=stopped,
        may_approve=me.may(Permission.RETENTION_APPROVE),
        search_href="/search?q=held:yes" if me.may(Permission.MESSAGES_SEARCH) else None,
        form=form,
    )
