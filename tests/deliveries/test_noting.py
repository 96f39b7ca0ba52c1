"""What was said of a text is added once, finds its text whichever comes first, and goes with it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from archive.access.organisations import create_organisation
from archive.core.actor import OPERATOR
from archive.core.errors import Damaged
from archive.deliveries.store import DeliveryRow
from archive.ledger.trail import entries_about
from tests.deliveries.saying import gaps, note_all, reports, said, send
from tests.items import STRANGER, ledger_size
from tests.retention.purging import DAY, planned, purge_time, purged, verified

OTHER = "+16175550123"


def test_a_report_is_kept_once_however_often_it_comes(archive, organisation) -> None:
    serial = send(archive, organisation.id)
    assert note_all(archive, organisation.id, said(), said()) == 1
    before = ledger_size(archive, organisation.id)
    assert note_all(archive, organisation.id, said()) == 0
    assert ledger_size(archive, organisation.id) == before
    (report,) = reports(archive, organisation.id, serial)
    assert (report.status, report.said, report.to) == ("delivered", "delivered", 0)


def test_reports_that_differ_in_anything_are_all_kept(archive, organisation, clock) -> None:
    serial = send(archive, organisation.id)
    told = [said(), said(code="30007"), said(status="sent"), said(at=clock.now), said(at=clock.now + timedelta(1))]
    assert note_all(archive, organisation.id, *told) == 5
    assert len(reports(archive, organisation.id, serial)) == 5


def test_a_report_that_comes_before_its_text_is_a_gap_until_the_text_comes(archive, organisation) -> None:
    note_all(archive, organisation.id, said(status="sent"), said(), said("SM2"))
    assert gaps(archive, organisation.id) == 2
    serial = send(archive, organisation.id)
    assert gaps(archive, organisation.id) == 1
    assert [one.status for one in reports(archive, organisation.id, serial)] == ["sent", "delivered"]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [entry.kind for entry in entries_about(tx, f"message:{serial}")] == ["delivery.joined"]
    assert note_all(archive, organisation.id, said()) == 0


@pytest.mark.parametrize("changed", [{"account": "AC2"}, {"provider": "telnyx"}, {"to": [OTHER]}])
def test_a_report_is_on_no_text_of_another_account_provider_or_recipient(archive, organisation, changed) -> None:
    send(archive, organisation.id, **changed)
    note_all(archive, organisation.id, said())
    assert gaps(archive, organisation.id) == 1


def test_of_a_text_to_several_each_report_says_to_whom(archive, organisation) -> None:
    among = (STRANGER, OTHER)
    serial = send(archive, organisation.id, to=list(among))
    note_all(archive, organisation.id, said(among=among), said(recipient=OTHER, status="failed", among=among))
    found = {one.to: one.status for one in reports(archive, organisation.id, serial)}
    assert found == {0: "delivered", 1: "failed"}


def test_no_organisation_hears_of_the_texts_of_another(archive, organisation) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    serial = send(archive, organisation.id)
    note_all(archive, other.id, said())
    assert reports(archive, organisation.id, serial) == []
    assert (gaps(archive, organisation.id), gaps(archive, other.id)) == (0, 1)


def test_nothing_in_the_ledger_says_to_whom_a_text_went(archive, organisation) -> None:
    serial = send(archive, organisation.id)
    note_all(archive, organisation.id, said(title=f"{STRANGER} is unreachable"))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (entry,) = entries_about(tx, f"message:{serial}", details=True)
    assert STRANGER[1:] not in repr(entry)
    assert entry.detail["title"] == "… is unreachable"


def test_the_ledger_with_reports_in_it_verifies(archive, organisation) -> None:
    send(archive, organisation.id)
    note_all(archive, organisation.id, said(), said("SM2"))
    send(archive, organisation.id, "SM2")
    assert verified(archive, organisation).good


@pytest.mark.tampers
def test_a_row_that_points_to_another_entry_is_noticed(archive, organisation) -> None:
    serial = send(archive, organisation.id)
    note_all(archive, organisation.id, said())
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.session.execute(update(DeliveryRow).values(entry=serial))
    with pytest.raises(Damaged):
        reports(archive, organisation.id, serial)


def test_what_was_said_of_a_text_goes_with_it_and_does_not_come_back(archive, organisation) -> None:
    serial = send(archive, organisation.id)
    note_all(archive, organisation.id, said(status="sent"), said("SM2"))
    planned(archive, organisation)
    note_all(archive, organisation.id, said())
    assert len(reports(archive, organisation.id, serial)) == 2
    purged(archive, organisation)
    assert archive.clock() >= purge_time(DAY)
    assert reports(archive, organisation.id, serial) == []
    assert gaps(archive, organisation.id) == 0, "a report whose text never came goes when it would have gone"
    assert note_all(archive, organisation.id, said(), said(status="failed")) == 0
    assert gaps(archive, organisation.id) == 0
    assert verified(archive, organisation).good
