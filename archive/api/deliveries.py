"""What became of texts, for programs: which texts must have been that are not here."""

from datetime import datetime

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.deliveries.reading import missing_texts
from archive.http.access import requires
from archive.http.current import reading

blueprint = Blueprint("deliveries", __name__)


class OrphanBody(msgspec.Struct):
    """A report on a text that is not here. `entry` is its number in the ledger."""

    provider: str
    account: str
    provider_id: str
    status: str
    noted_at: datetime
    entry: int


class OrphansBody(msgspec.Struct):
    """`texts`: how many are missing. `newest`: the newest 200 reports on them."""

    texts: int
    newest: list[OrphanBody]


@blueprint.get("/deliveries/orphans")
@requires(Permission.PROVIDERS_READ)
@described("List the reports on texts that are not here", OrphansBody)
def orphans() -> Answer:
    with reading() as tx:
        found = missing_texts(tx)
    newest = [OrphanBody(o.provider, o.account, o.provider_id, o.status, o.noted_at, o.entry) for o in found.newest]
    return json_answer(OrphansBody(found.texts, newest))
