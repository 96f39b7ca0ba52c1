"""Whoever owns the database changes something by raw SQL, and `verify` says at which serial and what.

`planted` is made once; each test tampers with it inside a transaction that is taken back.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from archive.core.actor import OPERATOR
from archive.core.clock import from_micros
from archive.intake.quarantine import ClearItem
from archive.keys.keyring import Purpose
from archive.ledger import store
from archive.ledger.checkpoints import signer
from archive.ledger.entry import Event, encode, leaf_data
from archive.ledger.note import Checkpoint
from archive.ledger.report import Fault
from archive.ledger.tiles import TILE_WIDTH, TileBuilder
from archive.ledger.tree import leaf_hash, root_of
from archive.messages.model import ClearRecord
from archive.messages.record import CLEAR_FIELDS, chances, decode_content, seal
from archive.messages.store import MESSAGE_COLUMNS, records_by_serial
from archive.tx import ENTRY_COLUMNS, Tx
from tests.ledger.conftest import Planted, Tampering

pytestmark = pytest.mark.tampers

CLEAR_COLUMN = "a clear column or the commitment was changed"
DOES_NOT_OPEN = "does not open"
GONE = "the record is gone"
INSERTED = "it was inserted"


@pytest.fixture
def tampering(planted: Planted) -> Iterator[Tampering]:
    with planted.tampering() as tampering:
        yield tampering


@dataclass(frozen=True)
class Serials:
    """Some text under a checkpoint, one of the tail that nothing signs yet, a quarantined item, an event."""

    text: int
    unsigned: int
    item: int
    event: int


@pytest.fixture
def serials(planted: Planted) -> Serials:
    with planted.tampering() as looking:
        size = planted.checkpoints[-1].size
        return Serials(
            text=looking.value("SELECT min(seq) + 40 FROM message WHERE org_id = :org"),
            unsigned=looking.value("SELECT min(seq) FROM message WHERE org_id = :org AND seq > :size", size=size),
            item=looking.value("SELECT min(seq) FROM quarantine_item WHERE org_id = :org"),
            event=looking.value("SELECT seq FROM ledger_entry WHERE org_id = :org AND kind = 'number.added'"),
        )


def says(faults: list[Fault], serial: int | None, words: str) -> bool:
    return any(fault.serial == serial and words in fault.what for fault in faults)


def about(faults: list[Fault]) -> set[int]:
    return {fault.serial for fault in faults if fault.serial is not None}


def test_what_nobody_touched_is_unchanged(planted: Planted, tampering: Tampering) -> None:
    report = tampering.verify(*planted.checkpoints, vault=True)
    assert report.faults == []
    assert report.good
    assert report.entries == report.size == tampering.value("SELECT size FROM ledger_head WHERE org_id = :org") > 600
    assert report.records == 590 + 10 + 20
    assert report.expired == 0
    assert report.checkpoints == 2 * 5 + 1, "the stored ones, the remembered ones, the vault's newest"
    assert tampering.value("SELECT count(*) FROM ledger_tile WHERE org_id = :org AND level = 0") == 2
    assert tampering.value("SELECT count(*) FROM ledger_tile WHERE org_id = :org AND level = 1") == 1


def test_progress_ends_at_the_end(planted: Planted) -> None:
    from archive.proving import verify_organisation

    seen: list[tuple[int, int]] = []
    archive = planted.archive
    report = verify_organisation(
        archive.transactions, archive.vault, planted.organisation, progress=lambda done, of: seen.append((done, of))
    )
    assert seen[-1] == (report.size, report.size)


# --- One change each, and one place that is named ---


@pytest.mark.parametrize("which", ["text", "unsigned"])
def test_a_flipped_bit_in_a_sealed_text(tampering: Tampering, serials: Serials, which: str) -> None:
    serial = getattr(serials, which)
    sealed = bytearray(tampering.value("SELECT sealed FROM message WHERE org_id = :org AND seq = :seq", seq=serial))
    sealed[-20] ^= 1
    assert set_column(tampering, "message", "sealed", serial, bytes(sealed)) == 1
    faults = tampering.faults()
    assert says(faults, serial, DOES_NOT_OPEN)
    assert about(faults) == {serial}


@pytest.mark.parametrize("which", ["text", "unsigned"])
def test_another_text_sealed_with_the_right_key_at_the_right_place(
    tampering: Tampering, serials: Serials, which: str
) -> None:
    serial = getattr(serials, which)
    with insider(tampering) as tx:
        _, sealed, _ = resealed(tx, serial, "Is Friday at eleven good for you?")
    set_column(tampering, "message", "sealed", serial, sealed)
    faults = tampering.faults()
    assert says(faults, serial, "is not what the ledger committed to")
    assert about(faults) == {serial}


def test_another_text_with_its_commitment_replaced_too(
    planted: Planted, tampering: Tampering, serials: Serials
) -> None:
    with insider(tampering) as tx:
        commit, sealed, _ = resealed(tx, serials.text, "Is Friday at eleven good for you?")
    set_column(tampering, "message", "sealed", serials.text, sealed)
    set_column(tampering, "ledger_entry", "commitment", serials.text, commit)
    faults = tampering.faults()
    assert says(faults, None, f"the stored checkpoint of size {planted.checkpoints[0].size} has another root")
    assert says(faults, None, "tile 0 of level 0 is not what its entries hash to")


# Column of the clear half → (table, column) where it stands, for messages and for quarantined items.
ELSEWHERE = {"actor": ("ledger_entry", "actor"), "stored_at": ("ledger_entry", "at")}
MESSAGE_PLACES = [ELSEWHERE.get(name, ("message", name)) for name in ClearRecord.__struct_fields__ if name != "seq"]
ITEM_PLACES = [ELSEWHERE.get(name, ("quarantine_item", name)) for name in ClearItem.__struct_fields__ if name != "seq"]


@pytest.mark.parametrize(("table", "column"), MESSAGE_PLACES, ids=str)
@pytest.mark.parametrize("which", ["text", "unsigned"])
def test_a_changed_clear_column_of_a_text(
    tampering: Tampering, serials: Serials, which: str, table: str, column: str
) -> None:
    serial = getattr(serials, which)
    assert change_column(tampering, table, column, serial) == 1
    faults = tampering.faults()
    assert says(faults, serial, CLEAR_COLUMN)
    assert about(faults) == {serial}


@pytest.mark.parametrize("column", ["account", "campaign", "sent_at"])
def test_a_clear_column_that_is_emptied(tampering: Tampering, serials: Serials, column: str) -> None:
    set_column(tampering, "message", column, serials.text, None)
    assert says(tampering.faults(), serials.text, CLEAR_COLUMN)


@pytest.mark.parametrize(("table", "column"), ITEM_PLACES, ids=str)
def test_a_changed_clear_column_of_a_quarantined_item(
    tampering: Tampering, serials: Serials, table: str, column: str
) -> None:
    assert change_column(tampering, table, column, serials.item) == 1
    faults = tampering.faults()
    assert says(faults, serials.item, CLEAR_COLUMN)
    assert about(faults) == {serials.item}


@pytest.mark.parametrize("table", ["message", "quarantine_item"])
def test_a_changed_serial_is_a_record_gone_and_one_inserted(tampering: Tampering, serials: Serials, table: str) -> None:
    serial = serials.text if table == "message" else serials.item
    set_column(tampering, table, "seq", serial, 900_000)
    faults = tampering.faults()
    assert says(faults, serial, GONE)
    assert says(faults, 900_000, INSERTED)


@pytest.mark.parametrize("column", ["actor", "subject", "detail"])
def test_a_changed_event(tampering: Tampering, serials: Serials, column: str) -> None:
    assert change_column(tampering, "ledger_entry", column, serials.event) == 1
    faults = tampering.faults()
    assert says(faults, serials.event, CLEAR_COLUMN)
    assert about(faults) == {serials.event}


@pytest.mark.parametrize("column", ["kind", "at"])
def test_a_changed_kind_or_moment_of_an_event_under_a_checkpoint(
    tampering: Tampering, serials: Serials, column: str
) -> None:
    assert change_column(tampering, "ledger_entry", column, serials.event) == 1
    assert says(tampering.faults(), None, "entries before it were rewritten")


def test_an_edited_detail_that_says_the_same_in_other_bytes(tampering: Tampering, serials: Serials) -> None:
    """What is shown is what was committed to, byte for byte: no second spelling slips through."""
    detail = tampering.value("SELECT detail FROM ledger_entry WHERE org_id = :org AND seq = :seq", seq=serials.event)
    set_column(tampering, "ledger_entry", "detail", serials.event, detail.replace('":"', '": "', 1))
    assert says(tampering.faults(), serials.event, CLEAR_COLUMN)


@pytest.mark.parametrize(
    ("column", "value"), [("subject", "message:1"), ("detail", '{"reason":"forged"}'), ("key_id", 1), ("sealed", b"x")]
)
@pytest.mark.parametrize("which", ["text", "item"])
def test_something_written_into_the_entry_of_a_record(
    tampering: Tampering, serials: Serials, which: str, column: str, value: Any
) -> None:
    serial = getattr(serials, which)
    set_column(tampering, "ledger_entry", column, serial, value)
    faults = tampering.faults()
    assert says(faults, serial, "the record's entry carries what it was not made with")
    assert about(faults) == {serial}


@pytest.mark.parametrize("column", ["key_id", "sealed"])
def test_an_event_without_its_sealed_half(tampering: Tampering, serials: Serials, column: str) -> None:
    set_column(tampering, "ledger_entry", column, serials.event, None)
    assert says(tampering.faults(), serials.event, "the sealed part is missing")


# --- Rows that come and go ---


@pytest.mark.parametrize(
    ("table", "which"), [("message", "text"), ("message", "unsigned"), ("quarantine_item", "item")]
)
def test_a_deleted_row(tampering: Tampering, serials: Serials, table: str, which: str) -> None:
    serial = getattr(serials, which)
    assert tampering.run(f"DELETE FROM {table} WHERE org_id = :org AND seq = :seq", seq=serial) == 1
    faults = tampering.faults()
    assert says(faults, serial, GONE)
    assert about(faults) == {serial}


@pytest.mark.parametrize("where", [900_000, 0, -7, 2**63 - 1], ids=["beyond the end", "zero", "before", "last"])
def test_a_copied_row_without_an_entry(tampering: Tampering, serials: Serials, where: int) -> None:
    copy_row(tampering, "message", serials.text, where)
    faults = tampering.faults()
    assert says(faults, where, INSERTED)
    assert about(faults) == {where}


def test_a_copied_row_in_the_place_of_an_event(tampering: Tampering, serials: Serials) -> None:
    copy_row(tampering, "message", serials.text, serials.event)
    assert says(tampering.faults(), serials.event, INSERTED)


@pytest.mark.parametrize("sealed", ["copied", "made anew with the keys"])
@pytest.mark.parametrize("where", ["after the end", "before the beginning"])
def test_an_inserted_row_with_a_forged_entry(tampering: Tampering, serials: Serials, sealed: str, where: str) -> None:
    end = tampering.value("SELECT size FROM ledger_head WHERE org_id = :org")
    serial = end + 1 if where == "after the end" else 0
    copy_row(tampering, "message", serials.text, serial)
    copy_row(tampering, "ledger_entry", serials.text, serial)
    if sealed != "copied":
        with insider(tampering) as tx:
            commit, envelope, _ = resealed(tx, serial, "Sell everything")
        set_column(tampering, "message", "sealed", serial, envelope)
        set_column(tampering, "ledger_entry", "commitment", serial, commit)
    faults = tampering.faults()
    if where == "before the beginning":
        assert says(faults, 0, "the entry stands before the first one")
    else:
        assert says(faults, end + 2, f"the ledger ends at #{end + 1}, but its head says #{end}")
    assert says(faults, serial, DOES_NOT_OPEN) or sealed != "copied" or serial == 0


def test_two_envelopes_swapped(tampering: Tampering, serials: Serials) -> None:
    first, second = serials.text, serials.text + 1
    kept = [tampering.value(ENVELOPE, seq=seq) for seq in (first, second)]
    for serial, sealed in zip((second, first), kept, strict=True):
        set_column(tampering, "message", "sealed", serial, sealed)
    faults = tampering.faults()
    assert says(faults, first, DOES_NOT_OPEN)
    assert says(faults, second, DOES_NOT_OPEN)
    assert about(faults) == {first, second}


ENVELOPE = "SELECT sealed FROM message WHERE org_id = :org AND seq = :seq"


@pytest.mark.parametrize("tables", [("message",), ("message", "ledger_entry"), ("ledger_entry",)], ids="+".join)
def test_two_whole_rows_swapped(tampering: Tampering, serials: Serials, tables: tuple[str, ...]) -> None:
    first, second = serials.unsigned, serials.unsigned + 1
    for table in tables:
        for before, after in ((first, 800_000), (second, first), (800_000, second)):
            set_column(tampering, table, "seq", before, after)
    faults = tampering.faults()
    assert about(faults) == {first, second}


def test_a_gap_in_the_sequence(planted: Planted, tampering: Tampering, serials: Serials) -> None:
    for table in ("message", "ledger_entry"):
        delete = f"DELETE FROM {table} WHERE org_id = :org AND seq BETWEEN :seq AND :seq + 1"
        assert tampering.run(delete, seq=serials.unsigned) == 2
    faults = tampering.faults()
    assert says(
        faults, serials.unsigned, f"the ledger entries #{serials.unsigned} to #{serials.unsigned + 1} are missing"
    )


def test_a_gap_that_is_closed_by_renumbering(tampering: Tampering, serials: Serials) -> None:
    """Without the keys, every later record betrays that it was moved."""
    end = tampering.value("SELECT size FROM ledger_head WHERE org_id = :org")
    for table in ("message", "ledger_entry"):
        tampering.run(f"DELETE FROM {table} WHERE org_id = :org AND seq = :seq", seq=serials.unsigned)
        for seq in range(serials.unsigned + 1, end + 1):
            set_column(tampering, table, "seq", seq, seq - 1)
    tampering.run("UPDATE ledger_head SET size = size - 1 WHERE org_id = :org")
    assert about(tampering.faults()) == set(range(serials.unsigned, end))


# --- Keys ---


def test_a_key_destroyed_without_a_word_in_the_ledger(tampering: Tampering, serials: Serials) -> None:
    """Else whoever wants texts gone need only break the key that opens them."""
    key = tampering.value("SELECT key_id FROM message WHERE org_id = :org AND seq = :seq", seq=serials.text)
    tampering.run("UPDATE data_key SET wrapped = NULL, destroyed_at = 1 WHERE org_id = :org AND id = :id", id=key)
    faults = tampering.faults()
    assert any(f"the key {key} is destroyed, but the ledger does not say so" in fault.what for fault in faults)


def test_a_record_moved_under_an_invented_key_that_is_destroyed_already(tampering: Tampering, serials: Serials) -> None:
    tampering.run(
        "INSERT INTO data_key (org_id, id, purpose, period, made_at, destroyed_at)"
        " VALUES (:org, 4711, 'day', '2027-01-01', 1, 1)"
    )
    set_column(tampering, "message", "key_id", serials.text, 4711)
    set_column(tampering, "message", "sealed", serials.text, b"nothing")
    assert says(tampering.faults(), serials.text, "the key 4711 is destroyed, but the ledger does not say so")


def test_a_key_row_that_is_gone(tampering: Tampering, serials: Serials) -> None:
    key = tampering.value("SELECT key_id FROM message WHERE org_id = :org AND seq = :seq", seq=serials.text)
    tampering.run("DELETE FROM data_key WHERE org_id = :org AND id = :id", id=key)
    assert any(f"key {key} is not in the keyring" in fault.what for fault in tampering.faults())


class KeyDestroyed(Event, frozen=True, kw_only=True):
    kind = "key.destroyed"


def test_a_key_whose_destruction_is_in_the_ledger_may_have_sealed_nothing_that_no_purge_has_taken(
    tampering: Tampering, serials: Serials
) -> None:
    with insider(tampering) as tx:
        purpose = Purpose("day", "2027-12-28")
        key = tx.keyring.find(tx.session, tx.org_id, purpose)
        assert key is not None
        tx.record(KeyDestroyed(subject=f"key:{key.id}"))
        tx.keyring.destroy(tx.session, tx.org_id, key.id, tx.now)
    report = tampering.verify()
    assert len(report.faults) == report.expired == 590 + 10 + 20
    assert {fault.what for fault in report.faults} == {
        "the key of the record is destroyed, but no purge has taken the record"
    }


def test_a_changed_key(tampering: Tampering, serials: Serials) -> None:
    key = tampering.value("SELECT key_id FROM message WHERE org_id = :org AND seq = :seq", seq=serials.text)
    wrapped = bytearray(tampering.value("SELECT wrapped FROM data_key WHERE org_id = :org AND id = :id", id=key))
    wrapped[-1] ^= 1
    tampering.run("UPDATE data_key SET wrapped = :new WHERE org_id = :org AND id = :id", new=bytes(wrapped), id=key)
    assert any("does not open with this master key" in fault.what for fault in tampering.faults())


# --- The tree and what is signed ---


@pytest.mark.parametrize(("level", "number"), [(0, 0), (0, 1), (1, 0)])
@pytest.mark.parametrize("at", [0, -1])
def test_an_edited_tile(tampering: Tampering, level: int, number: int, at: int) -> None:
    where = "WHERE org_id = :org AND level = :level AND number = :number"
    hashes = bytearray(tampering.value(f"SELECT hashes FROM ledger_tile {where}", level=level, number=number))
    hashes[at] ^= 1
    tampering.run(f"UPDATE ledger_tile SET hashes = :new {where}", new=bytes(hashes), level=level, number=number)
    assert says(tampering.faults(), None, f"tile {number} of level {level} is not what its entries hash to")


@pytest.mark.parametrize(("level", "number"), [(0, 2), (0, 40), (1, 1), (2, 0), (7, 9), (-2, 3), (2**40, 0)])
def test_a_tile_that_nothing_grew(tampering: Tampering, level: int, number: int) -> None:
    tampering.run(
        "INSERT INTO ledger_tile (org_id, level, number, hashes) VALUES (:org, :level, :number, :hashes)",
        **{"level": level, "number": number, "hashes": bytes(32 * TILE_WIDTH)},
    )
    assert says(tampering.faults(), None, f"tile {number} of level {level} is not what its entries hash to")


def test_missing_tiles_are_no_fault_since_they_can_be_made_again(tampering: Tampering) -> None:
    assert tampering.run("DELETE FROM ledger_tile WHERE org_id = :org") == 3
    assert tampering.faults() == []


def test_an_edited_checkpoint(planted: Planted, tampering: Tampering) -> None:
    size = planted.checkpoints[1].size
    where = "WHERE org_id = :org AND size = :size"
    note = tampering.value(f"SELECT note FROM ledger_checkpoint {where}", size=size)
    edited = note.replace(f"\n{size}\n", f"\n{size - 1}\n")
    tampering.run(f"UPDATE ledger_checkpoint SET note = :note {where}", note=edited, size=size)
    assert says(tampering.faults(), None, f"the stored checkpoint of size {size} is not good: the signature")


@pytest.mark.parametrize("note", ["", "nonsense", "a\n1\nAAAA\n\n"])
def test_a_checkpoint_that_is_none(planted: Planted, tampering: Tampering, note: str) -> None:
    size = planted.checkpoints[1].size
    update = "UPDATE ledger_checkpoint SET note = :note WHERE org_id = :org AND size = :size"
    tampering.run(update, note=note, size=size)
    assert says(tampering.faults(), None, f"the stored checkpoint of size {size} is not good")


def test_a_good_checkpoint_under_another_size(planted: Planted, tampering: Tampering) -> None:
    size = planted.checkpoints[1].size
    tampering.run(
        "UPDATE ledger_checkpoint SET size = :to WHERE org_id = :org AND size = :size", to=size + 1, size=size
    )
    faults = tampering.faults()
    assert says(faults, None, f"the stored checkpoint of size {size + 1} speaks of size {size}")


def test_a_root_that_is_not_the_one_that_was_signed(planted: Planted, tampering: Tampering) -> None:
    size = planted.checkpoints[1].size
    update = "UPDATE ledger_checkpoint SET root = :root WHERE org_id = :org AND size = :size"
    tampering.run(update, root=bytes(32), size=size)
    assert says(tampering.faults(), None, f"the stored checkpoint of size {size} has another root beside its note")


def test_a_checkpoint_signed_by_somebody_else(planted: Planted, tampering: Tampering) -> None:
    """A key that comes with the database proves nothing: the auditor's own copy of it decides."""
    from archive.proving import verify_organisation

    secret = tampering.planted.archive.keyring.wrapper.wrap(os.urandom(32), context_of_signing_key(tampering))
    tampering.run("UPDATE data_key SET wrapped = :new WHERE org_id = :org AND purpose = 'sign'", new=secret)
    report = verify_organisation(tampering.transactions, planted.empty_vault, planted.organisation, planted.public)
    assert report.good, "what was signed before is still good under the key that the auditor kept"
    with insider(tampering) as tx:
        recompute(tx, planted)
    report = verify_organisation(tampering.transactions, planted.empty_vault, planted.organisation)
    assert report.good, "under its own new key everything looks right"
    report = verify_organisation(tampering.transactions, planted.empty_vault, planted.organisation, planted.public)
    assert says(report.faults, None, "is not good: the note is not signed by")


@pytest.mark.parametrize("head", [-1, 1])
def test_a_head_that_is_not_at_the_end(tampering: Tampering, head: int) -> None:
    end = tampering.value("SELECT size FROM ledger_head WHERE org_id = :org")
    tampering.run("UPDATE ledger_head SET size = size + :by WHERE org_id = :org", by=head)
    assert says(tampering.faults(), end + 1, f"the ledger ends at #{end}, but its head says #{end + head}")


# --- Whole histories ---


def test_a_tail_cut_off_with_everything_that_speaks_of_it(planted: Planted, tampering: Tampering) -> None:
    kept, lost = planted.checkpoints[2].size, planted.checkpoints[-1]
    cut_off(tampering, kept - 5)
    assert tampering.faults() == [], "by itself, a database can't know how long it was"
    words = f"the remembered checkpoint speaks of {lost.size} entries, but only {kept - 5} are left: truncated"
    assert says(tampering.faults(lost), None, words)
    assert says(tampering.verify(vault=True).faults, None, words), "the vault's copy is remembered too"
    assert tampering.faults(planted.checkpoints[1]) == [], "an older checkpoint speaks of less"


def test_a_tail_cut_off_that_no_checkpoint_speaks_of_yet(planted: Planted, tampering: Tampering) -> None:
    """The last seconds, before they are signed: found by nobody but the head, if it is left as it was."""
    size = planted.checkpoints[-1].size
    end = tampering.value("SELECT size FROM ledger_head WHERE org_id = :org")
    for table in ("message", "ledger_entry"):
        tampering.run(f"DELETE FROM {table} WHERE org_id = :org AND seq > :size", size=size)
    assert says(tampering.faults(), size + 1, f"the ledger ends at #{size}, but its head says #{end}")


def test_a_history_rewritten_with_all_keys(planted: Planted, tampering: Tampering, serials: Serials) -> None:
    """Everything is recomputed, down to the signatures. Only what was kept elsewhere contradicts."""
    with insider(tampering) as tx:
        commit, sealed, _ = resealed(tx, serials.text, "Is Friday at eleven good for you?")
    set_column(tampering, "message", "sealed", serials.text, sealed)
    set_column(tampering, "ledger_entry", "commitment", serials.text, commit)
    with insider(tampering) as tx:
        recompute(tx, planted)
    assert tampering.faults() == [], "the forgery is perfect"
    for remembered in planted.checkpoints:
        words = (
            f"the remembered checkpoint of size {remembered.size} has another root: entries before it were rewritten"
        )
        assert says(tampering.faults(remembered), None, words)
    assert says(tampering.verify(vault=True).faults, None, "the remembered checkpoint")


def test_rewriting_the_tree_without_signing_it_anew(planted: Planted, tampering: Tampering, serials: Serials) -> None:
    change_column(tampering, "ledger_entry", "kind", serials.event)
    with insider(tampering) as tx:
        recompute(tx, planted, sign=False)
    faults = tampering.faults()
    assert len(faults) == len(planted.checkpoints)
    assert all("entries before it were rewritten" in fault.what for fault in faults)


def test_another_organisation_is_as_it_was(tampering: Tampering, serials: Serials) -> None:
    tampering.run("DELETE FROM message WHERE org_id = :org AND seq % 2 = 0")
    tampering.run("UPDATE ledger_entry SET at = at + 1 WHERE org_id = :org")
    tampering.run("UPDATE ledger_tile SET hashes = :new WHERE org_id = :org", new=bytes(32 * TILE_WIDTH))
    assert not tampering.verify(vault=True).good
    report = tampering.verify(vault=True, other=True)
    assert report.good
    assert report.records == 300


def test_a_row_handed_to_another_organisation(planted: Planted, tampering: Tampering, serials: Serials) -> None:
    tampering.run(
        "UPDATE message SET org_id = :other, seq = 700000 WHERE org_id = :org AND seq = :seq",
        **{"other": planted.other.id, "seq": serials.text},
    )
    assert says(tampering.faults(), serials.text, GONE)
    assert says(tampering.verify(other=True).faults, 700_000, INSERTED)


def test_no_more_faults_are_listed_than_anybody_reads() -> None:
    from archive.ledger.report import MOST_FAULTS, Report

    report = Report()
    for serial in range(MOST_FAULTS + 5):
        report.fault(serial, "something")
    assert len(report.faults) == MOST_FAULTS
    assert not report.good
    assert str(report.faults[7]) == "#7: something"
    assert str(Fault(None, "a root")) == "a root"


# --- What an attacker would write ---


def set_column(tampering: Tampering, table: str, column: str, serial: int, value: Any) -> int:
    update = f"UPDATE {table} SET {column} = :value WHERE org_id = :org AND seq = :seq"
    return tampering.run(update, value=value, seq=serial)


def change_column(tampering: Tampering, table: str, column: str, serial: int) -> int:
    """To another value that the column can hold."""
    now = tampering.value(f"SELECT {column} FROM {table} WHERE org_id = :org AND seq = :seq", seq=serial)
    if isinstance(now, int):
        other: Any = now + 1 if column != "received_at" else now - 1
    elif column == "direction":
        other = "outbound" if now == "inbound" else "inbound"
    elif column == "detail":
        other = now.replace("12125550123", "12125550124")
    else:
        other = f"{now}x"
    assert other != now
    return set_column(tampering, table, column, serial, other)


COLUMNS = {"message": ("org_id", *MESSAGE_COLUMNS), "ledger_entry": ("org_id", *ENTRY_COLUMNS)}


def copy_row(tampering: Tampering, table: str, serial: int, to: int) -> None:
    taken = ", ".join(":to" if name == "seq" else name for name in COLUMNS[table])
    insert = f"INSERT INTO {table} ({', '.join(COLUMNS[table])}) SELECT {taken} FROM {table}"
    assert tampering.run(f"{insert} WHERE org_id = :org AND seq = :seq", to=to, seq=serial) == 1


def insider(tampering: Tampering) -> Any:
    """Somebody who holds the database and all keys, working with our own code."""
    return tampering.transactions.write(tampering.planted.organisation.id, OPERATOR)


def resealed(tx: Tx, serial: int, words: str) -> tuple[bytes, bytes, ClearRecord]:
    """(commitment, envelope) of a message with another text: right key, right place."""
    row = records_by_serial(tx, [serial])[0]
    clear = ClearRecord(*row[:CLEAR_FIELDS])
    key = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
    assert key is not None
    content = decode_content(b'{"from":"+14155550188","text":' + encode(words) + b',"to":["+12125550123"]}')
    commit, sealed = seal(tx.org_id, key, clear, content, next(chances(1)))
    return commit, sealed, clear


def recompute(tx: Tx, planted: Planted, *, sign: bool = True) -> None:
    """Tiles and, if wanted, signatures from the entries as they now are."""
    rows = store.entries(tx, 0, 10_000)
    leaves = [leaf_hash(leaf_data(row[0], row[1], from_micros(row[2]), row[5])) for row in rows]
    builder = TileBuilder()
    whole = builder.append(leaves[: len(leaves) // TILE_WIDTH * TILE_WIDTH])
    store.put_tiles(tx.session, tx.org_id, [*whole, *(tile for tile in builder.partial() if tile.level)])
    for row in store.checkpoints(tx.session) if sign else ():
        row.root = root_of(leaves[: row.size])
        row.note = signer(tx, planted.organisation.origin).sign(
            Checkpoint(planted.organisation.origin, row.size, row.root)
        )


def cut_off(tampering: Tampering, size: int) -> None:
    """Everything after entry `size`, consistently."""
    for table in ("message", "message_party", "message_identity", "quarantine_item", "ledger_entry"):
        tampering.run(f"DELETE FROM {table} WHERE org_id = :org AND seq > :size", size=size)
    tampering.run("UPDATE ledger_head SET size = :size WHERE org_id = :org", size=size)
    tampering.run("DELETE FROM ledger_checkpoint WHERE org_id = :org AND size > :size", size=size)
    whole = size // TILE_WIDTH
    tampering.run("DELETE FROM ledger_tile WHERE org_id = :org AND level = 0 AND number >= :whole", whole=whole)
    above = tampering.value("SELECT hashes FROM ledger_tile WHERE org_id = :org AND level = 1")[: whole * 32]
    tampering.run("UPDATE ledger_tile SET hashes = :new WHERE org_id = :org AND level = 1", new=above)


def context_of_signing_key(tampering: Tampering) -> str:
    key = tampering.value("SELECT id FROM data_key WHERE org_id = :org AND purpose = 'sign'")
    return f"organisation {tampering.planted.organisation.id}, key {key}, sign"
