"""A text that was reported on until it was blocked, and reports whose texts never came."""

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.clock import DAY
from archive.providers.accounts import connect
from archive.wiring import Archive
from tests.deliveries.saying import note_all, said, send
from tests.items import STRANGER

OTHER = "+16175550144"


def make_deliveries(archive: Archive, organisation: OrganisationRow) -> dict[str, int]:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        connect(tx, "twilio", "AC1", "the account's own secret")
    among, now = (STRANGER, OTHER), archive.clock()
    serial = send(archive, organisation.id, "SM-reported", to=list(among), text="The keys are at the front desk.")
    blocked = {"code": "30007", "category": "filtered_spam", "title": "Message filtered"}
    note_all(
        *(archive, organisation.id),
        said("SM-reported", "queued", at=now - DAY, among=among),
        said("SM-reported", "sent", at=now - DAY, among=among),
        said("SM-reported", "blocked", at=now, among=among, **blocked),
        said("SM-reported", "delivered", recipient=OTHER, among=among),
        *(said(f"SM{number:032x}", "delivered") for number in range(12)),
    )
    return {"reported text": serial}
