"""Purge batches, for programs. They read, look again and stop everything; letting something go is a person's."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from flask import Blueprint, Response

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import JSON, described
from archive.core.errors import NotFound
from archive.http.access import requires
from archive.http.current import caller, current_archive, reading, writing
from archive.http.forms import read_body
from archive.retention.batch import Batch, Standing
from archive.retention.batches import all_batches, read_batch
from archive.retention.certificate_pdf import certificate_pdf
from archive.retention.purge import organisation_of
from archive.retention.reviewing import Review, read_certificate, review
from archive.retention.switch import Stop, stop_of, stop_purging

blueprint = Blueprint("purges", __name__)

PDF = "application/pdf"


class BreakerBody(msgspec.Struct):
    name: str
    because: str


class BatchBody(msgspec.Struct):
    """`texts`, and `items` of the quarantine, are in the plan; `held` and `longer` of that day are not. `numbers`: own
    number → texts. `breakers` is what a person has to allow, or has. `kept`: what stayed in the end, by reason.
    """

    id: str
    expires_on: date
    state: Standing
    texts: int
    items: int
    held: int
    longer: int
    numbers: Mapping[str, int]
    planned_at: datetime
    breakers: list[BreakerBody]
    approved_at: datetime | None
    approved_by: str | None
    begun_at: datetime | None
    kept: Mapping[str, int]
    steps: Mapping[str, datetime]
    certified_at: datetime | None


class StopBody(msgspec.Struct):
    at: datetime
    by: str
    everywhere: bool


class BatchesBody(msgspec.Struct):
    """`stop` is null unless somebody has stopped the purging."""

    batches: list[BatchBody]
    stop: StopBody | None


class ReviewBody(msgspec.Struct):
    """`good`: nothing of it is left, and its certificate is what the ledger says. `found`: as in a certificate."""

    batch: str
    good: bool
    found: Mapping[str, int]
    faults: list[str]


class NewStop(msgspec.Struct, forbid_unknown_fields=True):
    reason: str


@blueprint.get("/retention/batches")
@requires(Permission.RETENTION_READ)
@described("List the purge batches, those of the latest days first", BatchesBody)
def index() -> Answer:
    with reading() as tx:
        found = [batch_body(batch, tx.now) for batch in all_batches(tx)]
        return json_answer(BatchesBody(found, stop_body(stop_of(tx))))


@blueprint.get("/retention/batches/<batch_id>")
@requires(Permission.RETENTION_READ)
@described("One purge batch", BatchBody)
def show(batch_id: str) -> Answer:
    with reading() as tx:
        return json_answer(batch_body(read_batch(tx, batch_id), tx.now))


@blueprint.get("/retention/batches/<batch_id>/certificate")
@requires(Permission.RETENTION_READ)
@described("The signed certificate of a purge", dict, media=JSON)
def certificate(batch_id: str) -> Response:
    with reading() as tx:
        batch = read_batch(tx, batch_id)
    if batch.certificate is None:
        raise NotFound(f"The batch {batch_id} has no certificate yet.", "It has one when all of it is gone.")
    return Response(batch.certificate, mimetype=JSON)


@blueprint.get("/retention/batches/<batch_id>/certificate.pdf")
@requires(Permission.RETENTION_READ)
@described("The same to print and to file: PDF/A, with the signed certificate attached", str, media=PDF)
def printed(batch_id: str) -> Response:
    with reading() as tx:
        found = read_certificate(tx, read_batch(tx, batch_id))
    return Response(certificate_pdf(found.text, found.made), mimetype=PDF)


@blueprint.post("/retention/batches/<batch_id>/verify")
@requires(Permission.RETENTION_READ)
@described("Look again whether all of a certified batch is gone", ReviewBody, problems=(409,))
def verify(batch_id: str) -> Answer:
    archive, me = current_archive(), caller()
    return json_answer(review_body(review(archive, organisation_of(archive, me.org_id), me.actor, batch_id)))


@blueprint.post("/retention/stop")
@requires(Permission.RETENTION_APPROVE)
@described(
    "Stop all purging of the organisation at once; a person lets it go on", StopBody, status=(201,), body=NewStop
)
def stop() -> Answer:
    order = read_body(NewStop)
    with writing() as tx:
        stop_purging(tx, order.reason)
        return json_answer(stop_body(stop_of(tx)), 201)


def batch_body(batch: Batch, now: datetime) -> BatchBody:
    return BatchBody(
        id=batch.id,
        expires_on=batch.expires_on,
        state=batch.standing(now),
        texts=batch.texts,
        items=batch.items,
        held=batch.held,
        longer=batch.longer,
        numbers=batch.numbers,
        planned_at=batch.planned_at,
        breakers=[BreakerBody(trip.breaker.value, trip.because) for trip in batch.trips],
        approved_at=batch.approval.at if batch.approval else None,
        approved_by=batch.approval.by if batch.approval else None,
        begun_at=batch.begun_at,
        kept=batch.kept,
        steps={step.value: batch.done_at(step) for step in batch.steps},
        certified_at=batch.certified_at,
    )


def review_body(found: Review) -> ReviewBody:
    return ReviewBody(found.batch.id, found.good, found.found, list(found.faults))


def stop_body(stop: Stop | None) -> StopBody | None:
    return StopBody(stop.at, stop.by, stop.everywhere) if stop else None
