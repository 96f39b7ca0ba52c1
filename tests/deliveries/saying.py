"""Reports as doors hand them on, and texts for them to be on."""

from typing import Any

from archive.core.actor import OPERATOR, Actor
from archive.deliveries.model import Report
from archive.deliveries.noting import Said, note
from archive.deliveries.reading import missing_texts, reports_on
from archive.providers.said import Delivery
from archive.wiring import Archive
from tests.items import OWN_NUMBER, STRANGER, line, take_in

BY = Actor("provider", "twilio/AC1")


def said(provider_id: str = "SM1", status: Any = "delivered", recipient: str = STRANGER, **more: Any) -> Delivery:
    return Delivery(provider_id, recipient, status, status, **more)


def note_all(archive: Archive, org_id: int, *deliveries: Delivery, account: str = "AC1") -> int:
    with archive.transactions.write(org_id, OPERATOR) as tx:
        return sum(note(tx, [Said("twilio", account, one, BY) for one in deliveries]))


def send(archive: Archive, org_id: int, provider_id: str = "SM1", **changes: Any) -> int:
    """A text of ours, archived by the API."""
    whole = {"account": "AC1", "direction": "outbound", "from": OWN_NUMBER, "to": [STRANGER], **changes}
    (outcome,) = take_in(archive, org_id, line(provider_id, **whole))
    assert outcome.serial is not None
    return outcome.serial


def reports(archive: Archive, org_id: int, serial: int) -> list[Report]:
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return reports_on(tx, serial)


def gaps(archive: Archive, org_id: int) -> int:
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return missing_texts(tx).texts
