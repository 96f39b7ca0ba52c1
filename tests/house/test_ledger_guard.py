"""The guard that watches every test bites when somebody changes a row and does not say so."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.db.bulk import bulk_insert
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.messages.store import MessageRow
from archive.numbers.actions import add_number
from archive.numbers.store import NumberRow
from archive.wiring import Archive
from tests.ledger_guard import LedgerGuard, Unrecorded

ITEM = b"""{"provider": "twilio", "provider_id": "SM1", "direction": "inbound", "from": "+14155550188",
            "to": ["+12125550123"], "text": "hello"}"""

# This file breaks the rule on purpose; it brings a guard of its own.
pytestmark = pytest.mark.tampers


@pytest.fixture
def guard() -> Iterator[LedgerGuard]:
    made = LedgerGuard()
    made.watch()
    yield made
    made.stop()


def test_a_recorded_change_passes(archive: Archive, organisation: OrganisationRow, guard: LedgerGuard) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, "+12125550123")
    assert guard.faults == []


def test_a_change_without_an_entry_fails_and_is_named(
    archive: Archive, organisation: OrganisationRow, guard: LedgerGuard
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        number = add_number(tx, "+12125550123")
    with (
        pytest.raises(Unrecorded, match="UPDATE of number is committed without a ledger entry: UPDATE number SET"),
        archive.transactions.write(organisation.id, OPERATOR) as tx,
    ):
        row = tx.session.get_one(NumberRow, (organisation.id, number.id))
        row.label = "changed in silence"
    assert len(guard.faults) == 1


def test_a_row_that_goes_without_an_entry_fails(
    archive: Archive, organisation: OrganisationRow, guard: LedgerGuard
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        receive(tx, [arrival(ITEM, tx.now, "test")])
    with pytest.raises(Unrecorded, match="DELETE of message"), archive.engine.begin() as connection:
        connection.execute(delete(MessageRow))
    assert guard.faults


def test_rows_written_past_the_statements_are_seen_too(
    archive: Archive, organisation: OrganisationRow, guard: LedgerGuard
) -> None:
    columns = ("id", "e164", "location", "label", "state", "since", "added_at")
    row = ("num_1", "+12125550123", "", "", "authorised", 0, 0)
    with pytest.raises(Unrecorded, match="INSERT of number"), archive.engine.begin() as connection:
        bulk_insert(connection, NumberRow.__table__, organisation.id, columns, [row])  # type: ignore[arg-type]


def test_what_was_rolled_back_is_nobodys_business(
    archive: Archive, organisation: OrganisationRow, guard: LedgerGuard
) -> None:
    with archive.engine.connect() as connection:
        connection.execute(text("UPDATE organisation SET name = 'Another'"))
        connection.rollback()
    with archive.engine.begin() as connection:
        connection.execute(text("SELECT 1"))
    assert guard.faults == []


def test_a_statement_that_changes_no_row_is_no_change(
    archive: Archive, organisation: OrganisationRow, guard: LedgerGuard
) -> None:
    long_ago = archive.clock() - timedelta(days=1)
    with archive.engine.begin() as connection:
        connection.execute(delete(MessageRow).where(MessageRow.expires_at < long_ago))
    assert guard.faults == []
