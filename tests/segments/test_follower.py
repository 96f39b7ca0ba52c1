"""The vault follows the ledger: every entry once, every record once, whatever happens in between."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import text as sql

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.clock import from_micros
from archive.core.errors import Damaged
from archive.messages.identity_store import identities_of
from archive.numbers.actions import add_number
from archive.proving import sign_and_keep
from archive.segments import names, store
from archive.segments.days import Limits
from archive.segments.layout import Part, Signed
from archive.segments.vault import stored_versions
from archive.wiring import Archive
from tests import items
from tests.conftest import StandingClock
from tests.segments.storing import SMALL, entries_kept, follower, is_whole, lines_in, records_kept, segments, take_in
from tests.taking_in import HOSTILE


def test_every_entry_and_every_record_is_put_once(archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, 5)
    items.take_in(archive, organisation.id, b"not json at all", items.line("SM9", text="later"))
    assert follower(archive, organisation).catch_up() == 2
    assert is_whole(archive, organisation)
    assert len(records_kept(archive, organisation)) == 7
    assert follower(archive, organisation).catch_up() == 0
    take_in(archive, organisation, 3, begin=20)
    assert follower(archive, organisation).catch_up() == 2
    assert is_whole(archive, organisation)


def test_entries_without_a_record_need_no_segment_of_a_day(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, "+12125550123")
    assert follower(archive, organisation).catch_up() == 1
    assert is_whole(archive, organisation)
    assert archive.vault.names(f"{organisation.public_id}/days/") == []


def test_a_segment_is_of_one_day_and_locked_until_that_day_is_over(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    take_in(archive, organisation, 2)
    clock.advance(days=1)
    take_in(archive, organisation, 2, begin=3)
    follower(archive, organisation).catch_up()
    folder = f"{organisation.public_id}/days/"
    kept = segments(archive, folder)
    assert len(kept) == 2
    for name, segment in kept.items():
        day = name.removeprefix(folder).partition("/")[0]
        assert segment.header.day == day
        (version,) = stored_versions(archive.vault, name)
        until = archive.vault.lock_of(version).until
        assert until == names.end_of_day(day)
        assert until.isoformat().endswith("T00:00:00+00:00")
        for record in segment:
            expires = msgspec.json.decode(record.clear)["expires_at"]  # type: ignore[union-attr]
            assert expires.startswith(day)


def test_the_ledger_is_locked_for_seven_years_after_the_end_of_this_one(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    take_in(archive, organisation, 1)
    follower(archive, organisation).catch_up()
    (version,) = archive.vault.versions(names.ledger_folder(organisation.public_id))
    until = archive.vault.lock_of(version).until
    assert until is not None
    assert (until.year, until.month, until.day) == (clock().year + 8, 1, 1)


def test_a_segment_waits_for_company_but_never_for_longer_than_it_may(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    five = timedelta(minutes=5)
    take_in(archive, organisation, 1)
    clock.advance(minutes=2, seconds=59)
    take_in(archive, organisation, 1, begin=2)
    assert follower(archive, organisation).catch_up(five) == 0
    clock.advance(seconds=1)
    assert follower(archive, organisation).catch_up(five) == 2, (
        "and with two minutes to spare: the job runs each minute"
    )
    assert is_whole(archive, organisation)
    take_in(archive, organisation, 1, begin=3)
    assert follower(archive, organisation).catch_up(timedelta(0)) == 2


def test_many_entries_do_not_wait(archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, 3)
    ten = Limits(waiting=10)
    assert follower(archive, organisation, ten).catch_up(timedelta(days=1)) == 0
    take_in(archive, organisation, 3, begin=4)
    assert follower(archive, organisation, ten).catch_up(timedelta(days=1)) == 2


def test_no_object_is_larger_than_it_may_be(archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, 60)
    follower(archive, organisation, SMALL).catch_up()
    sizes = [version.size for version in archive.vault.versions(f"{organisation.public_id}/")]
    assert len(sizes) > 10
    assert max(sizes) < 4_000 + 3_000, "header, parts and trailer come on top"
    assert is_whole(archive, organisation)


def test_a_record_that_is_larger_than_a_segment_is_put_all_the_same(
    archive: Archive, organisation: OrganisationRow
) -> None:
    items.take_in(archive, organisation.id, *(items.line(f"SM{at}", text="x" * 9_000) for at in range(3)))
    follower(archive, organisation, SMALL).catch_up()
    assert is_whole(archive, organisation)


def test_stretches_follow_each_other_without_a_gap_and_name_their_parts(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    for begin in (1, 5, 9):
        take_in(archive, organisation, 4, begin)
        follower(archive, organisation).catch_up()
        clock.advance(days=1)
    kept = list(segments(archive, names.ledger_folder(organisation.public_id)).items())
    ends = [0, *(segment.header.last for _, segment in kept)]
    assert [names.first_of(name) for name, _ in kept] == [end + 1 for end in ends[:-1]]
    parts = [line for _, segment in kept for line in segment if isinstance(line, Part)]
    assert sorted(part.name for part in parts) == archive.vault.names(f"{organisation.public_id}/days/")
    assert sum(part.records for part in parts) == 12


def test_checkpoints_that_were_signed_on_the_way_are_kept_with_the_ledger(
    archive: Archive, organisation: OrganisationRow
) -> None:
    signed = []
    follower(archive, organisation).catch_up()
    for begin in (1, 5):
        take_in(archive, organisation, 4, begin)
        sign_and_keep(archive.transactions, archive.vault, organisation)
        with archive.transactions.read(organisation.id, OPERATOR) as tx:
            signed.append(tx.ledger_size)
    follower(archive, organisation).catch_up()
    folder = names.ledger_folder(organisation.public_id)
    assert [line.size for line in lines_in(archive, folder) if isinstance(line, Signed)] == signed[:1]
    take_in(archive, organisation, 1, begin=9)
    follower(archive, organisation).catch_up()
    kept = [line for line in lines_in(archive, folder) if isinstance(line, Signed)]
    assert [line.size for line in kept] == signed
    assert all(from_micros(line.signed_at) == archive.clock() for line in kept)


def test_what_outlives_a_text_is_what_the_database_remembers_of_it(
    archive: Archive, organisation: OrganisationRow
) -> None:
    media = [{"url": "https://x.example/1.jpg", "size": 1.5, "name": "<b>\ud83d\x00"}, "plain", 5, None]
    lines = [items.line(f"SM{at}", text=words) for at, words in enumerate(HOSTILE.values())]
    lines += [
        items.line("SM49", account="AC1", media=media),
        items.line("SM50", to=["+12125550123", "+14155550199", "70707"], sent_at="2026-11-20T12:00:00.5+01:00"),
        items.line("SM51", **{"from": "(415) 555-0188"}, sent_at="yesterday"),
        items.line("SM52", direction="outbound", **{"from": "+12125550123"}, to=["+44 20 7946 0958"]),
    ]
    outcomes = items.take_in(archive, organisation.id, *lines)
    assert {outcome.status for outcome in outcomes} == {"stored"}
    serials = [outcome.serial or 0 for outcome in outcomes]
    follower(archive, organisation).catch_up()
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        remembered = identities_of(tx, serials)
    assert {entry.seq: entry.lasts for entry in entries_kept(archive, organisation) if entry.lasts} == remembered


@pytest.mark.tampers
def test_one_damaged_record_does_not_keep_the_others_out_of_the_vault(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serials = take_in(archive, organisation, 3)
    with archive.engine.begin() as connection:
        connection.execute(sql("UPDATE message SET flags = 'forged' WHERE seq = :seq"), {"seq": serials[1]})
    follower(archive, organisation).catch_up()
    assert is_whole(archive, organisation)
    assert all(entry.lasts for entry in entries_kept(archive, organisation) if entry.seq in serials)


@pytest.mark.tampers
def test_what_was_purged_before_the_vault_knew_it_leaves_what_outlives_it(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serials = take_in(archive, organisation, 3)
    with archive.engine.begin() as connection:
        connection.execute(sql("DELETE FROM message WHERE seq = :seq"), {"seq": serials[1]})
    follower(archive, organisation).catch_up()
    (entry,) = (entry for entry in entries_kept(archive, organisation) if entry.seq == serials[1])
    assert entry.lasts
    assert entry.day is None
    assert [record.seq for record in records_kept(archive, organisation)] == [serials[0], serials[2]]


def test_organisations_are_kept_apart(archive: Archive, organisation: OrganisationRow) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    for each in (organisation, other):
        take_in(archive, each, 2)
        follower(archive, each).catch_up()
    assert is_whole(archive, organisation)
    assert is_whole(archive, other)
    assert {name.split("/")[0] for name in archive.vault.names("")} == {organisation.public_id, other.public_id}


def test_a_vault_that_lost_objects_gets_them_back(archive: Archive, organisation: OrganisationRow) -> None:
    for begin in (1, 3, 5, 7):
        take_in(archive, organisation, 2, begin)
        follower(archive, organisation).catch_up()
    ledger = archive.vault.names(names.ledger_folder(organisation.public_id))
    parts = archive.vault.names(f"{organisation.public_id}/days/")
    _lose(archive, ledger[1], parts[1], parts[2])
    assert follower(archive, organisation).catch_up() == 0, "it looks at the newest only"
    assert follower(archive, organisation).walk() == 3
    assert is_whole(archive, organisation)
    assert archive.vault.names(names.ledger_folder(organisation.public_id)) == ledger
    _lose(archive, *ledger, *parts)
    assert follower(archive, organisation).catch_up() >= 2, "what is all gone is noticed, and written again"
    assert is_whole(archive, organisation)


def _lose(archive: Archive, *lost: str) -> None:
    """As somebody does who owns the machine, or may bypass the lock."""
    for name in lost:
        if archive.vault.kind == "folder":
            (archive.settings.vault / name).unlink()
            continue
        vault = archive.vault
        client = vault._clients.named("bypass")
        for version in vault.versions(name):
            client.delete_object(**vault._of(version), BypassGovernanceRetention=True)


@pytest.mark.tampers
def test_a_database_that_is_older_than_the_vault_is_told_so_and_writes_nothing(
    archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, 2)
    follower(archive, organisation).catch_up()
    with archive.transactions.glance() as session:
        before = store.position(session, organisation.id)
        assert before is not None
    take_in(archive, organisation, 2, begin=3)
    follower(archive, organisation).catch_up()
    with archive.engine.begin() as connection:  # A backup of two texts ago is restored.
        for table in ("ledger_entry", "message", "message_party", "message_identity"):
            connection.execute(sql(f"DELETE FROM {table} WHERE seq > :seq"), {"seq": before.through})
        connection.execute(sql("UPDATE ledger_head SET size = :seq"), {"seq": before.through})
        connection.execute(
            sql("UPDATE vault_position SET through = :seq, segment = :name"),
            {"seq": before.through, "name": before.segment},
        )
    there = archive.vault.names("")
    with pytest.raises(Damaged, match=f"from entry {before.through + 1} on"):
        follower(archive, organisation).catch_up()
    take_in(archive, organisation, 5, begin=10)
    with pytest.raises(Damaged, match=f"from entry {before.through + 1} on"):
        follower(archive, organisation).catch_up()
    assert archive.vault.names("") == there
