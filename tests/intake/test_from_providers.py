"""What a provider said and an older archive could not read, read again by the door through which it came."""

import json
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import Conflict
from archive.intake.actions import retry
from archive.intake.model import Arrival
from archive.intake.quarantine import QuarantineRow, count_open, keep
from archive.messages.model import Outcome
from archive.wiring import Archive
from tests.deliveries.saying import gaps, reports, send
from tests.items import OWN_NUMBER, STRANGER, read_back
from tests.retention.purging import verified

TEXT = urlencode({"MessageSid": "SM1", "From": STRANGER, "To": OWN_NUMBER, "Body": "Hello"}).encode()
REPORT = urlencode({"MessageSid": "SM1", "To": STRANGER, "MessageStatus": "delivered"}).encode()


def retried(archive: Archive, organisation: OrganisationRow, raw: bytes, source: str = "hook:twilio/AC1") -> Outcome:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        (kept,) = keep(tx, [Arrival(raw, None, "an older parser did not know it", tx.now, source)], ["operator:cli"])
    assert kept.serial
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return retry(tx, kept.serial)


def waiting(archive: Archive, organisation: OrganisationRow) -> int:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return count_open(tx)


def test_a_text_becomes_one_by_its_own_door(archive, organisation) -> None:
    outcome = retried(archive, organisation, TEXT)
    assert outcome.status == "stored"
    message = read_back(archive, organisation.id, outcome.serial)
    assert (message.content.text, message.clear.account) == ("Hello", "AC1")
    assert waiting(archive, organisation) == 0


def test_a_report_is_added_to_its_text_and_waits_no_longer(archive, organisation) -> None:
    serial = send(archive, organisation.id)
    assert retried(archive, organisation, REPORT) == Outcome("noted")
    assert [one.status for one in reports(archive, organisation.id, serial)] == ["delivered"]
    assert (waiting(archive, organisation), gaps(archive, organisation.id)) == (0, 0)
    assert verified(archive, organisation).good


def test_what_was_a_report_is_not_retried_again(archive, organisation) -> None:
    retried(archive, organisation, REPORT)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        (item,) = tx.session.scalars(select(QuarantineRow.seq))
        with pytest.raises(Conflict, match="is noted"):
            retry(tx, item)


def test_what_is_still_no_text_says_why_by_its_own_door(archive, organisation) -> None:
    raw = json.dumps({"type": "mo_binary", "body": "AA=="}).encode()
    outcome = retried(archive, organisation, raw, "hook:sinch/S1")
    assert (outcome.status, outcome.reason) == ("quarantined", "a binary message, which holds no text")
    assert waiting(archive, organisation) == 1


def test_what_came_by_no_door_that_there_is_is_read_as_an_item_of_the_api(archive, organisation) -> None:
    assert retried(archive, organisation, TEXT, "hook:nobody/A").status == "quarantined"
    assert retried(archive, organisation, TEXT, "api").status == "quarantined"
