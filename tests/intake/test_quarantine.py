"""What arrived and could not become a message is kept as it is, until a person or newer code makes one of it."""

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.errors import Conflict, NotFound
from archive.intake import quarantine
from archive.intake.actions import receive, retry
from archive.intake.model import Arrival
from archive.ledger.trail import entries_about
from archive.messages.model import Outcome
from archive.proving import verify_organisation
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import ledger_size, line, read_back, take_in

BROKEN = line(direction="sideways", text="the wire goes out on Friday")


def keep(archive: Archive, organisation: OrganisationRow, raw: bytes, problem: str | None = None) -> int:
    """Quarantined; with `problem`, as a parser that could not read these bytes would have left them."""
    if problem is None:
        outcome = take_in(archive, organisation.id, raw)[0]
    else:
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            outcome = receive(tx, [Arrival(raw, None, problem, tx.now, "api")])[0]
    assert outcome.status == "quarantined"
    assert outcome.serial is not None
    return outcome.serial


def again(archive: Archive, organisation: OrganisationRow, seq: int) -> Outcome:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return retry(tx, seq)


def item(archive: Archive, organisation: OrganisationRow, seq: int) -> quarantine.Item:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return quarantine.read_item(tx, seq)


def waiting(archive: Archive, organisation: OrganisationRow) -> list[int]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        rows = quarantine.open_items(tx)
        assert len(rows) == quarantine.count_open(tx)
        assert sorted(row.seq for row in rows) == list(quarantine.open_serials(tx, limit=200))
        return [row.seq for row in rows]


def test_an_item_is_kept_byte_for_byte_with_its_reason(archive: Archive, organisation: OrganisationRow) -> None:
    raw = b"\x00\xff\xfe not even text \xf0\x9f"
    kept = item(archive, organisation, keep(archive, organisation, raw))
    assert kept.raw == raw
    assert kept.row.reason == "the item is not UTF-8 (byte 1)"
    assert (kept.row.size, kept.row.source, kept.row.attempts, kept.row.is_open) == (len(raw), "test", 0, True)


def test_the_reason_holds_nothing_of_the_content(archive: Archive, organisation: OrganisationRow) -> None:
    keep(archive, organisation, BROKEN)
    with archive.engine.connect() as connection:
        rows = connection.execute(text(f"SELECT * FROM quarantine_item WHERE org_id = {organisation.id}")).all()
        trail = connection.execute(text(f"SELECT * FROM ledger_entry WHERE org_id = {organisation.id}")).all()
    for word in ("wire", "Friday", "sideways", "4155550188"):
        assert word not in str(rows)
        assert word not in str(trail)


def test_the_same_bytes_again_are_one_item(archive: Archive, organisation: OrganisationRow) -> None:
    first = keep(archive, organisation, BROKEN)
    before = ledger_size(archive, organisation.id)
    assert keep(archive, organisation, BROKEN) == first
    assert {outcome.serial for outcome in take_in(archive, organisation.id, BROKEN, BROKEN)} == {first}
    assert ledger_size(archive, organisation.id) == before
    assert keep(archive, organisation, BROKEN + b" ") != first
    assert len(waiting(archive, organisation)) == 2


def test_the_same_bytes_twice_in_one_batch_are_one_item(archive: Archive, organisation: OrganisationRow) -> None:
    outcomes = take_in(archive, organisation.id, BROKEN, line(), BROKEN)
    assert outcomes[0].serial == outcomes[2].serial
    assert len(waiting(archive, organisation)) == 1


def test_another_organisation_sees_and_shares_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    seq = keep(archive, organisation, BROKEN)
    name = f"beside {organisation.id}"
    other = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
    assert waiting(archive, other) == []
    with pytest.raises(NotFound):
        item(archive, other, seq)
    with archive.engine.connect() as connection:
        keep(archive, other, BROKEN)
        both = f"SELECT DISTINCT digest FROM quarantine_item WHERE org_id IN ({organisation.id}, {other.id})"
        assert len(connection.execute(text(both)).all()) == 2, "equal bytes don't show across organisations"


def test_a_retry_that_fails_again_is_counted_and_recorded(archive: Archive, organisation: OrganisationRow) -> None:
    seq = keep(archive, organisation, BROKEN)
    outcome = again(archive, organisation, seq)
    assert (outcome.status, outcome.serial) == ("quarantined", seq)
    assert "`direction`" in (outcome.reason or "")
    kept = item(archive, organisation, seq)
    assert (kept.row.attempts, kept.row.is_open, kept.raw) == (1, True, BROKEN)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        entry = entries_about(tx, f"quarantine:{seq}")[0]
    assert (entry.kind, entry.detail["outcome"]) == ("quarantine.retried", "quarantined")


def test_a_newer_parser_makes_a_message_of_it_with_the_time_at_which_it_came(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    came = clock()
    seq = keep(archive, organisation, line(), "an older parser could not read this")
    clock.advance(days=3)
    outcome = again(archive, organisation, seq)
    assert outcome.status == "stored"
    clear = read_back(archive, organisation.id, outcome.serial).clear
    assert (clear.received_at, clear.stored_at) == (came, clock())
    assert (clear.expires_at - came).days == 400, "it stays no longer for having waited"
    row = item(archive, organisation, seq).row
    assert (row.resolved_as, row.resolved_at, row.attempts, row.is_open) == (outcome.serial, clock(), 1, False)
    assert waiting(archive, organisation) == []


def test_what_became_a_message_is_not_retried_again(archive: Archive, organisation: OrganisationRow) -> None:
    seq = keep(archive, organisation, line(), "an older parser could not read this")
    serial = again(archive, organisation, seq).serial
    before = ledger_size(archive, organisation.id)
    with pytest.raises(Conflict, match=f"it became message {serial}"):
        again(archive, organisation, seq)
    assert ledger_size(archive, organisation.id) == before


@pytest.mark.parametrize(("words", "status"), [("Is Friday at ten good for you?", "duplicate"), ("else", "conflict")])
def test_what_came_in_by_another_way_meanwhile_is_known(
    archive: Archive, organisation: OrganisationRow, words: str, status: str
) -> None:
    seq = keep(archive, organisation, line(), "an older parser could not read this")
    serial = take_in(archive, organisation.id, line(text=words))[0].serial
    outcome = again(archive, organisation, seq)
    assert outcome.status == status
    assert (outcome.serial == serial) is (status == "duplicate")
    assert item(archive, organisation, seq).row.resolved_as == outcome.serial


def test_what_is_not_there_can_not_be_retried(archive: Archive, organisation: OrganisationRow) -> None:
    with pytest.raises(NotFound, match="no quarantined item 999"):
        again(archive, organisation, 999)
    serial = take_in(archive, organisation.id, line())[0].serial
    assert serial is not None
    with pytest.raises(NotFound):
        again(archive, organisation, serial)


def test_what_waits_is_listed_newest_first_in_pages(archive: Archive, organisation: OrganisationRow) -> None:
    kept = [keep(archive, organisation, b"%d" % at) for at in range(5)]
    assert waiting(archive, organisation) == kept[::-1]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [row.seq for row in quarantine.open_items(tx, limit=2)] == kept[:2:-1]
        assert [row.seq for row in quarantine.open_items(tx, limit=2, before=kept[2])] == kept[1::-1]
        assert list(quarantine.open_serials(tx, limit=2)) == kept[:2], "oldest first, among those tried equally often"


def test_items_and_their_retries_are_verified_like_everything(archive: Archive, organisation: OrganisationRow) -> None:
    again(archive, organisation, keep(archive, organisation, BROKEN))
    again(archive, organisation, keep(archive, organisation, line(), "an older parser could not read this"))
    report = verify_organisation(archive.transactions, archive.vault, organisation)
    assert report.good
    assert report.records == 3
