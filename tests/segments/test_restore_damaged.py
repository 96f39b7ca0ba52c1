"""What a restore does with a vault that is not whole: it brings back all else, and names what is missing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import Damaged
from archive.keys.keyring import DataKeyRow
from archive.keys.local_kms import make_master_key
from archive.ledger.entry import LOST, commitment, place
from archive.ledger.lost import RESTORED
from archive.ledger.store import leaf_hashes
from archive.messages.actions import read_message
from archive.proving import sign_and_keep, verify_organisation
from archive.segments import names
from archive.segments.layout import Record, encode_line, read_segment, segment
from archive.wiring import Archive, build
from tests.conftest import StandingClock
from tests.retention.purging import go_to, planned, purge_time, run
from tests.segments.conftest import on_a_folder
from tests.segments.crashing import PowerFailure
from tests.segments.restoring import bring_back, is_clean, keep, rows
from tests.segments.storing import take_in

pytestmark = on_a_folder


def four_stretches(archive: Archive, organisation: OrganisationRow, clock: StandingClock) -> list[list[int]]:
    """Each with two texts of a day of its own; the serials of each."""
    serials = []
    for begin in (1, 3, 5, 7):
        serials.append(take_in(archive, organisation, 2, begin))
        sign_and_keep(archive.transactions, archive.vault, organisation)
        keep(archive, organisation)
        clock.advance(days=1)
    return serials


def file_of(archive: Archive, folder: str, number: int) -> Path:
    root: Any = archive.settings.vault
    path: Path = root / archive.vault.names(folder)[number]
    path.chmod(0o600)
    return path


def destroyed_keys(archive: Archive) -> set[int]:
    with archive.transactions.glance() as session:
        return {row.id for row in session.scalars(select(DataKeyRow)) if row.wrapped is None}


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def turn_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut_short, turn_a_bit, Path.unlink], ids=["cut short", "a bit turned", "gone"])
def test_a_lost_segment_of_records_costs_its_own_texts_and_names_them(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock,
    damage: Callable[[Path], None],
) -> None:  # fmt: skip
    serials = four_stretches(archive, organisation, clock)
    path = file_of(archive, f"{organisation.public_id}/days/", 1)
    damage(path)
    back = bring_back(empty_archive)
    assert back.records.missing == serials[1]
    assert back.records.restored == {*serials[0], *serials[2], *serials[3]}
    assert len(back.records.broken) == (1 if path.exists() else 0)
    faults = verify_organisation(empty_archive.transactions, empty_archive.vault, organisation).faults
    assert {fault.serial for fault in faults} == set(serials[1]), "and verify says so of exactly these"


def test_a_text_that_somebody_changed_in_the_vault_is_not_believed(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    """Check sums are no secret: whoever may write a segment makes one that fits."""
    serials = four_stretches(archive, organisation, clock)
    path = file_of(archive, f"{organisation.public_id}/days/", 0)
    change_first(path, lambda record: {"clear": msgspec.Raw(bytes(record.clear).replace(b'"inbound"', b'"outbound"'))})
    back = bring_back(empty_archive)
    assert back.records.damaged == {serials[0][0]}
    assert serials[0][1] in back.records.restored


def test_a_text_that_somebody_with_the_keys_sealed_anew_is_not_believed_either(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    """It opens, and fits its own commitment. The ledger has another one."""
    serials = four_stretches(archive, organisation, clock)

    def forged(record: Record) -> dict[str, Any]:
        where, salt = place(organisation.id, record.seq), bytes(32)
        with archive.transactions.read(organisation.id, OPERATOR) as tx:
            key = tx.keyring.by_id(tx.session, tx.org_id, record.key_id)
            assert key
            content = key.open(record.sealed, where)[32:].replace(b"text number 1", b"text number 9")
        return {"commit": commitment(salt, bytes(record.clear), content), "sealed": key.seal(salt + content, where)}

    change_first(file_of(archive, f"{organisation.public_id}/days/", 0), forged)
    back = bring_back(empty_archive)
    assert back.records.damaged == {serials[0][0]}


def change_first(path: Path, change: Callable[[Record], dict[str, Any]]) -> None:
    """Another first record, and a check sum that fits."""
    read = read_segment(path.name, path.read_bytes())
    first, *rest = list(read)
    assert isinstance(first, Record)
    lines = [encode_line(line) for line in (msgspec.structs.replace(first, **change(first)), *rest)]
    header = read.header
    more = {"first": header.first, "last": header.last, "day": header.day}
    path.write_bytes(segment("records", header.organisation, lines, **more))


def test_a_lost_stretch_of_the_ledger_stops_the_restore_and_is_named(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = four_stretches(archive, organisation, clock)
    path = file_of(archive, names.ledger_folder(organisation.public_id), 1)
    content = path.read_bytes()
    turn_a_bit(path)
    with pytest.raises(Damaged, match=f"The ledger entries .* to {names.first_of(path.name)}"[:20]):
        bring_back(empty_archive)
    assert rows(empty_archive, "ledger_entry") == []
    path.write_bytes(content)
    assert bring_back(empty_archive).records.missing == [], "put back, it goes on"
    assert is_clean(empty_archive, organisation)
    assert serials


def test_despite_gaps_the_texts_of_a_lost_stretch_come_back_with_their_own_entries(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = four_stretches(archive, organisation, clock)
    file_of(archive, names.ledger_folder(organisation.public_id), 1).unlink()
    back = bring_back(empty_archive, despite_gaps=True)
    assert back.records.restored == {serial for some in serials for serial in some}
    assert back.ledger.lost, "the entries that are no texts"
    with empty_archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read_message(tx, serials[1][0]).content.text == "text number 3"
    report = verify_organisation(empty_archive.transactions, empty_archive.vault, organisation)
    assert report.lost == sum(last - first + 1 for first, last in back.ledger.lost)
    assert all("another root" in fault.what for fault in report.faults), "the old signatures speak of what is lost"
    assert sign_and_keep(empty_archive.transactions, empty_archive.vault, organisation)


def test_what_was_purged_is_not_missed(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    """The segment of one of its days was overlooked, and the copy of the keys is an older one."""
    serials = four_stretches(archive, organisation, clock)
    first, second = [file_of(archive, f"{organisation.public_id}/days/", number) for number in (0, 1)]
    (copy,) = archive.keys_backup.names()
    overlooked, old_keys = second.read_bytes(), archive.keys_backup.read(copy)
    days = [date.fromisoformat(path.parent.name) for path in (first, second)]
    for day in days:
        planned(archive, organisation, day)
    go_to(archive, purge_time(days[1]))
    assert len(run(archive, organisation).certified) == 2
    keep(archive, organisation)
    second.parent.mkdir(exist_ok=True)
    second.write_bytes(overlooked)
    archive.keys_backup.replace(copy, old_keys or b"")
    back = bring_back(empty_archive)
    assert back.records.missing == []
    assert back.records.destroyed == {*serials[0], *serials[1]}
    assert destroyed_keys(empty_archive) == destroyed_keys(archive)
    assert back.records.restored == {*serials[2], *serials[3]}
    assert rows(empty_archive, "message_identity") == rows(archive, "message_identity"), (
        "and never come back by resending"
    )


def test_the_wrong_master_key_brings_nothing_back(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    four_stretches(archive, organisation, clock)
    archive.settings.master_key_file.unlink()
    make_master_key(archive.settings.master_key_file)
    wrong = build(empty_archive.settings, clock=clock)
    with pytest.raises(Damaged, match="master key"):
        bring_back(wrong)
    assert rows(wrong, "data_key") == []
    wrong.engine.dispose()


def test_broken_off_in_the_middle_it_begins_again(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    four_stretches(archive, organisation, clock)

    class Failing:
        def __init__(self, left: int) -> None:
            self.left = left

        def __getattr__(self, name: str) -> Any:
            return getattr(archive.vault, name)

        def get(self, name: str) -> bytes:
            self.left -= 1
            if self.left < 0:
                raise PowerFailure
            return archive.vault.get(name)

    for left in (0, 3, 6, 9):
        failing: Any = replace(empty_archive, vault=Failing(left))
        with pytest.raises(PowerFailure):
            bring_back(failing)
    assert bring_back(empty_archive).records.missing == []
    assert is_clean(empty_archive, organisation)


def test_without_a_whole_copy_of_the_small_tables_the_texts_come_back_all_the_same(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    four_stretches(archive, organisation, clock)
    for number in range(len(archive.vault.names(names.state_folder(organisation.public_id)))):
        turn_a_bit(file_of(archive, names.state_folder(organisation.public_id), number))
    back = bring_back(empty_archive)
    assert back.rows is None
    assert len(back.records.restored) == 8


def _lose_in_the_database(archive: Archive, organisation: OrganisationRow, serial: int, leaf: bytes) -> None:
    with archive.engine.begin() as connection:
        connection.execute(sql("DELETE FROM message WHERE seq = :seq"), {"seq": serial})
        connection.execute(
            sql("UPDATE ledger_entry SET kind = :kind, commitment = :leaf WHERE seq = :seq"),
            {"kind": LOST, "leaf": leaf, "seq": serial},
        )


@pytest.mark.tampers
def test_nobody_makes_a_text_go_away_by_calling_it_lost(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serial = four_stretches(archive, organisation, clock)[0][0]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (leaf,) = leaf_hashes(tx.session, serial - 1, serial)
    _lose_in_the_database(archive, organisation, serial, leaf)
    faults = verify_organisation(archive.transactions, archive.vault, organisation).faults
    assert [(fault.serial, "no restore has said so" in fault.what) for fault in faults] == [(serial, True)]
    with archive.engine.begin() as connection:  # An entry that says so, written over another.
        connection.execute(
            sql("UPDATE ledger_entry SET kind = :kind, detail = :detail WHERE kind = 'organisation.created'"),
            {"kind": RESTORED, "detail": json.dumps({"lost": [[serial, serial]]})},
        )
    faults = verify_organisation(archive.transactions, archive.vault, organisation).faults
    assert any("commitment was changed" in fault.what for fault in faults)


@pytest.mark.tampers
@pytest.mark.parametrize("detail", ["", "[]", "{", '{"lost": 5}', '{"lost": [["a", 2]]}'])
def test_nonsense_in_place_of_a_restores_entry_is_a_fault_like_any_other(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, detail: str
) -> None:
    take_in(archive, organisation, 1)
    with archive.engine.begin() as connection:
        connection.execute(
            sql("UPDATE ledger_entry SET kind = :kind, detail = :detail WHERE kind = 'organisation.created'"),
            {"kind": RESTORED, "detail": detail},
        )
    assert verify_organisation(archive.transactions, archive.vault, organisation).faults
