"""Texts in; one text out, and its proof."""

import threading

from flask import Blueprint, request

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import JSON, described
from archive.api.shapes import MessageBody, NewMessage, NewMessages, ProofBody, ReceivedBody, message_body
from archive.core.errors import TooLarge
from archive.deliveries.reading import reports_on
from archive.http.access import requires
from archive.http.current import caller, current_archive, reading, writing
from archive.intake.actions import receive, receive_from
from archive.intake.bodies import MOST_BYTES, read_items, read_lines
from archive.intake.model import Arrival
from archive.intake.parse import arrival
from archive.messages.model import Outcome
from archive.messages.viewing import view_message
from archive.numbers.history import number_at
from archive.proving import prove_message

blueprint = Blueprint("messages", __name__)

NDJSON = "application/x-ndjson"
NEW = ("stored", "conflict")
AT_ONCE = 5_000
_big_batches = threading.BoundedSemaphore(2)
"""A large batch takes tens of megabytes while it is stored, so no more than two are at it in one process."""


@blueprint.post("/messages")
@requires(Permission.MESSAGES_WRITE)
@described(
    "Archive one text or many: one object, {messages: […]}, or a line of JSON for each",
    ReceivedBody,
    status=(200, 201),
    body=(NewMessage, NewMessages),
    more_bodies={NDJSON: str},
    problems=(413,),
)
def post() -> Answer:
    _demand_length()
    now = current_archive().clock()
    items = read_lines(request.stream) if request.mimetype == NDJSON else read_items(request.stream)
    arrivals = [arrival(item, now, "api") for item in items]
    outcomes, size = _store_one(arrivals[0]) if len(arrivals) == 1 else _store_many(arrivals)
    all_new = bool(outcomes) and all(outcome.status in NEW for outcome in outcomes)
    return json_answer({"outcomes": outcomes, "ledger": {"size": size}}, 201 if all_new else 200)


@blueprint.get("/messages/<serial:serial>")
@requires(Permission.MESSAGES_READ)
@described("Read one text", MessageBody)
def show(serial: int) -> Answer:
    archive, me = current_archive(), caller()
    viewed = view_message(archive.transactions, archive.group, me.org_id, me.actor, serial, each_side=0)
    with reading() as tx:
        then = number_at(tx, viewed.message.clear.own_number, viewed.message.at)
        return json_answer(message_body(viewed.message, reports_on(tx, serial), then))


@blueprint.get("/messages/<serial:serial>/proof")
@requires(Permission.MESSAGES_READ)
@described("The proof of one text, which is checked without this archive", ProofBody)
def proof(serial: int) -> Answer:
    archive, me = current_archive(), caller()
    with reading() as tx:
        organisation = this_organisation(tx)
    proven = prove_message(archive.transactions, organisation, me.actor, serial)
    headers = {"Content-Disposition": f'attachment; filename="message-{serial}.proof"'}
    return Answer(proven, mimetype=JSON, headers=headers)


def _demand_length() -> None:
    """The bodies' own limits are what counts here; a length that is announced is refused before it is read."""
    request.max_content_length = MOST_BYTES + 1
    if (request.content_length or 0) > MOST_BYTES:
        raise TooLarge(f"The body is larger than {MOST_BYTES // 1024 // 1024} MB.", "Send it in several requests.")


def _store_one(item: Arrival) -> tuple[list[Outcome], int]:
    """Together with whatever other requests bring at this moment."""
    me = caller()
    outcome, size = current_archive().group.submit(me.org_id, receive_from, (item, str(me.actor)))
    return [outcome], size


def _store_many(arrivals: list[Arrival]) -> tuple[list[Outcome], int]:
    outcomes: list[Outcome] = []
    with _big_batches:
        for start in range(0, max(len(arrivals), 1), AT_ONCE):
            with writing() as tx:
                outcomes += receive(tx, arrivals[start : start + AT_ONCE])
                size = tx.ledger_size
    return outcomes, size
