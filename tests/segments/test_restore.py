"""A database that is lost comes back from the vault and the copy of the keys, and says what is missing."""

from datetime import timedelta

import pytest

from archive.access.api_keys import ANY_SCOPE, make_key
from archive.access.key_door import KeyDoor
from archive.access.organisations import OrganisationRow, create_organisation
from archive.access.people import create_person
from archive.access.roles import FIRST_PERSON
from archive.core.actor import OPERATOR
from archive.core.errors import Conflict, NotReady
from archive.intake.actions import retry
from archive.messages.actions import read_message
from archive.numbers.actions import add_number
from archive.providers.accounts import connect
from archive.providers.credentials import credentials, grant
from archive.proving import sign_and_keep, verify_organisation
from archive.safekeeping import keep_up, restore, small_tables
from archive.search.actions import search
from archive.search.follower import catch_up
from archive.segments import names
from archive.wiring import Archive
from tests import items
from tests.conftest import StandingClock
from tests.segments.restoring import bring_back, empty, is_clean, keep, rows
from tests.segments.storing import take_in
from tests.taking_in import HOSTILE

BEFORE = ("message", "message_party", "message_identity", "quarantine_item", "data_key", "ledger_checkpoint")


def a_life(archive: Archive, organisation: OrganisationRow, clock: StandingClock) -> str:
    """Some of everything that an archive may hold. The text of an API key."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, "+12125550123", location="Austin")
        connect(tx, "twilio", "AC1", "what it signs with")
        grant(tx, "twilio", "AC1", {"secret": "what its list is read with"})
        create_person(tx, name="Dana", email="dana@harbour.example", roles=FIRST_PERSON)
        _, api_key = make_key(tx, name="CRM", scopes=[ANY_SCOPE])
    half = items.line("half \ud83d", account="AC\ud83d")
    items.take_in(
        archive, organisation.id, half, *(items.line(f"H{at}", text=each) for at, each in enumerate(HOSTILE.values()))
    )
    take_in(archive, organisation, 5)
    clock.advance(minutes=1)
    kept = items.take_in(archive, organisation.id, b"no json", items.line("SM70", to=["+14155550101", "70707"]))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        retry(tx, kept[0].serial or 0)
    sign_and_keep(archive.transactions, archive.vault, organisation)
    clock.advance(days=1)
    take_in(archive, organisation, 5, begin=10)
    catch_up(archive.transactions, archive.index, organisation.id)
    search(archive, organisation.id, OPERATOR, "text")
    sign_and_keep(archive.transactions, archive.vault, organisation)
    return api_key


def test_everything_comes_back_as_it_was(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    api_key = a_life(archive, organisation, clock)
    keep(archive, organisation)
    back = bring_back(empty_archive)
    assert (back.ledger.lost, back.records.missing, back.records.damaged, back.records.broken) == ([], [], set(), [])
    for table in (*BEFORE, *small_tables(), "organisation"):
        assert rows(empty_archive, table) == rows(archive, table), table
    before, after = rows(archive, "ledger_entry"), rows(empty_archive, "ledger_entry")
    assert set(before) < set(after)
    assert len(after) == len(before) + 1, "and the entry that says so"
    assert is_clean(empty_archive, organisation)
    assert KeyDoor(empty_archive.transactions).admit(api_key).name == "CRM"
    with empty_archive.transactions.read(back.organisation.id, OPERATOR) as tx:
        assert credentials(tx, "twilio", "AC1") == ({"secret": "what its list is read with"}, None)


def test_what_came_back_is_found_read_and_goes_on(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    a_life(archive, organisation, clock)
    keep(archive, organisation)
    bring_back(empty_archive)
    catch_up(empty_archive.transactions, empty_archive.index, organisation.id)
    hits = search(empty_archive, organisation.id, OPERATOR, "number").hits
    assert len(hits) == 10
    again = items.take_in(empty_archive, organisation.id, items.line("SM1", text="text number 1"))
    assert again[0].status == "duplicate", "what was here once is known"
    new = take_in(empty_archive, organisation, 1, begin=90)
    with empty_archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read_message(tx, new[0]).content.text == "text number 90"
    sign_and_keep(empty_archive.transactions, empty_archive.vault, organisation)
    keep(empty_archive, organisation)
    assert is_clean(empty_archive, organisation)


def test_what_went_down_with_the_database_is_named_and_its_place_is_kept(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    take_in(archive, organisation, 5)
    keep(archive, organisation)
    clock.advance(minutes=4)
    lost = take_in(archive, organisation, 3, begin=10)
    sign_and_keep(archive.transactions, archive.vault, organisation)
    newest = archive.vault.names(names.checkpoint_folder(organisation.public_id))[-1]
    unsigned = take_in(archive, organisation, 2, begin=20)
    back = bring_back(empty_archive)
    assert back.ledger.through < lost[0]
    assert back.ledger.lost[-1][1] == lost[-1] == names.first_of(newest) < unsigned[0]
    report = verify_organisation(empty_archive.transactions, empty_archive.vault, organisation)
    assert report.faults == []
    assert report.lost == sum(last - first + 1 for first, last in back.ledger.lost)
    with empty_archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert tx.ledger_size == lost[-1] + 1, "behind the lost ones stands what says that they are"
    again = items.take_in(empty_archive, organisation.id, *(items.line(f"SM{at}") for at in range(10, 13)))
    assert [outcome.status for outcome in again] == ["stored"] * 3, "whoever sends them again is heard"
    assert sign_and_keep(empty_archive.transactions, empty_archive.vault, organisation)
    assert is_clean(empty_archive, organisation), "what was signed before is not contradicted"


def test_what_waited_longer_than_the_delay_is_all_there(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    """The job runs each minute; texts come each ten seconds; the database is lost at any moment."""
    delay, acknowledged = timedelta(minutes=5), []
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation, delay)
    for tick in range(97):
        clock.advance(seconds=10)
        acknowledged += [(clock(), serial) for serial in take_in(archive, organisation, 1, begin=tick)]
        if tick % 6 == 5:
            keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation, delay)
    back = bring_back(empty_archive)
    expected = {serial for at, serial in acknowledged if at <= clock() - delay}
    assert expected <= back.records.restored
    assert len(expected) > 60


@pytest.mark.tampers
def test_restored_and_lost_once_more_it_comes_back_once_more(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, 5)
    keep(archive, organisation)
    take_in(archive, organisation, 3, begin=10)
    sign_and_keep(archive.transactions, archive.vault, organisation)
    first = bring_back(empty_archive)
    take_in(empty_archive, organisation, 4, begin=20)
    sign_and_keep(empty_archive.transactions, empty_archive.vault, organisation)
    keep(empty_archive, organisation)
    empty(empty_archive)
    second = bring_back(empty_archive)
    assert first.ledger.lost
    assert second.ledger.lost == [], "nothing more"
    report = verify_organisation(empty_archive.transactions, empty_archive.vault, organisation)
    assert report.faults == []
    assert report.lost == sum(last - first + 1 for first, last in first.ledger.lost)


def test_a_database_with_something_in_it_is_refused(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, 1)
    keep(archive, organisation)
    with pytest.raises(Conflict, match="in the database already"):
        restore(archive.transactions, archive.vault, archive.keys_backup)
    create_organisation(empty_archive.transactions, "Somebody else", OPERATOR, "https://texts.example")
    with pytest.raises(Conflict, match="Somebody else is in the database already"):
        restore(empty_archive.transactions, empty_archive.vault, empty_archive.keys_backup)


def test_without_a_copy_of_the_keys_nothing_can_be_opened(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    with pytest.raises(NotReady, match="TEXTARCHIVE_KEYS_BACKUP"):
        restore(empty_archive.transactions, empty_archive.vault, empty_archive.keys_backup)
