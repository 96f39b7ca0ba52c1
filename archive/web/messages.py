"""One text in its conversation, with its record: the address to keep, to print and to prove."""

from typing import Any

from flask import Blueprint, Response, render_template

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.deliveries.outcome_store import statuses_among
from archive.deliveries.reading import reports_on
from archive.http.access import requires
from archive.http.current import caller, current_archive, reading
from archive.messages.custody import standing_of
from archive.messages.viewing import view_message
from archive.numbers.history import number_at
from archive.proving import prove_message
from archive.retention.explaining import explain
from archive.search.query.model import Query
from archive.web.names import Names
from archive.web.records import record_of
from archive.web.texts import EACH_SIDE, Href, OwnNumbers, conversation_of

blueprint = Blueprint("messages", __name__)


@blueprint.get("/messages/<serial:serial>")
@requires(Permission.MESSAGES_READ)
def show(serial: int) -> str:
    return render_template(
        "messages/show.html",
        **opened_panes(serial, None, message_href),
        printed_at=current_archive().clock(),
        any_results=False,
    )


@blueprint.get("/messages/<serial:serial>/proof")
@requires(Permission.MESSAGES_READ)
def proof(serial: int) -> Response:
    archive, me = current_archive(), caller()
    with reading() as tx:
        organisation = this_organisation(tx)
    proven = prove_message(archive.transactions, organisation, me.actor, serial)
    headers = {"Content-Disposition": f'attachment; filename="message-{serial}.proof"'}
    return Response(proven, mimetype="application/json", headers=headers)


def message_href(serial: int) -> str:
    return f"/messages/{serial}"


def opened_panes(serial: int, query: Query | None, open_at: Href) -> dict[str, Any]:
    """`conversation` and `record` of a text that is opened by this, which the ledger remembers."""
    archive, me = current_archive(), caller()
    viewed = view_message(archive.transactions, archive.group, me.org_id, me.actor, serial, EACH_SIDE)
    with reading() as tx:
        numbers = OwnNumbers(tx)
        became = statuses_among(tx, [text.serial for text in viewed.conversation])
        then = number_at(tx, viewed.message.clear.own_number, viewed.message.at)
        return {
            "conversation": conversation_of(viewed, numbers, became, query, open_at, message_href),
            "record": record_of(
                viewed.message,
                standing_of(tx, viewed.message),
                explain(tx, serial),
                then,
                reports_on(tx, serial),
                Names(tx),
                tx.now,
            ),
        }
