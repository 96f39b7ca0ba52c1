"""A text that was reported on until it was blocked, reports whose texts never came, and alerts because of some."""

from archive.access.organisations import OrganisationRow
from archive.alerts.actions import close_alert, list_alerts, raise_alert
from archive.alerts.model import Cause, Occurrence
from archive.core.actor import OPERATOR
from archive.core.clock import DAY, day_of
from archive.numbers.store import all_numbers
from archive.providers.accounts import connect
from archive.providers.credentials import grant
from archive.pulling.model import Brought, Ended, Run
from archive.pulling.turns import give_back, take
from archive.tx import Tx
from archive.wiring import Archive
from tests.deliveries.saying import note_all, said, send
from tests.items import STRANGER

FAULT = "Twilio doesn't accept the credentials."
OTHER = "+16175550144"


def make_deliveries(archive: Archive, organisation: OrganisationRow) -> dict[str, int]:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        connect(tx, "twilio", "AC1", "the account's own secret")
        connect(tx, "telnyx", "T1", "A" * 43 + "=")
        show_runs(tx)
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
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        number = all_numbers(tx)[0].e164
        for cause in (Cause("texts-filtered", f"number:{number}"), Cause("number-unregistered", f"number:{number}")):
            raise_alert(tx, cause, day_of(now), [Occurrence(entry, serial) for entry in range(1, 13)])
        close_alert(tx, list_alerts(tx)[0].id, "The link in the template was shortened; it is not any more.")
    return {"reported text": serial}


def show_runs(tx: Tx) -> None:
    """One that brought something, and then one that failed."""
    grant(tx, "twilio", "AC1", {"secret": "not a token"})
    brought = Brought(pages=3, new=12, duplicates=1_204, failures=2, reports=31)
    for ended, why in ((Ended.DONE, ""), (Ended.FAILED, FAULT)):
        turn = take(tx, "twilio", "AC1")
        since, until = turn.plan.since, turn.plan.until
        give_back(tx, turn, Run(tx.now, tx.now, since, until, until, ended, brought, why, "Enter them anew."))
