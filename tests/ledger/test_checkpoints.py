"""The tree that grows behind the ledger, and what is signed of it."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.errors import Damaged
from archive.ledger import store, tiles
from archive.ledger.checkpoints import bring_up, signer
from archive.ledger.entry import Event
from archive.ledger.note import Checkpoint, open_checkpoint
from archive.ledger.rows import CheckpointRow, LedgerEntryRow, LedgerTileRow
from archive.ledger.tree import root_of, verify_consistency
from archive.proving import checkpoint_folder, sign_and_keep, verify_organisation
from archive.wiring import Archive

_names = itertools.count()


class Noted(Event, frozen=True, kw_only=True):
    kind = "test.noted"
    number: int


def grow(archive: Archive, organisation: OrganisationRow, size: int) -> None:
    """Until the ledger has `size` entries."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for number in range(tx.ledger_size, size):
            tx.record(Noted(number=number))


def sign(archive: Archive, organisation: OrganisationRow) -> Checkpoint:
    """Bring the tree up; what a stranger reads in the note that comes out."""
    row = bring_up(archive.transactions, organisation.id, organisation.origin)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return open_checkpoint(row.note, signer(tx, organisation.origin).public)


def leaves(archive: Archive, organisation: OrganisationRow) -> list[bytes]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return store.leaf_hashes(tx.session, 0, tx.ledger_size)


def tamper(archive: Archive, statement: str, **values: object) -> None:
    with archive.engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount == 1


@pytest.mark.parametrize("size", [7, 255, 256, 257, 511, 512, 513, 700])
def test_the_root_is_that_of_all_leaves_at_every_border_of_a_tile(
    archive: Archive, organisation: OrganisationRow, size: int
) -> None:
    grow(archive, organisation, size)
    checkpoint = sign(archive, organisation)
    assert checkpoint.size == size
    assert checkpoint.origin == organisation.origin
    assert checkpoint.root == root_of(leaves(archive, organisation))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        stored = tx.session.scalars(select(LedgerTileRow.number).where(LedgerTileRow.level == 0)).all()
    assert sorted(stored) == list(range(size // tiles.TILE_WIDTH)), "every full tile is stored, and no other"


def test_a_tree_that_is_grown_in_steps_is_the_tree_grown_at_once(
    archive: Archive, organisation: OrganisationRow
) -> None:
    before: Checkpoint | None = None
    for size in (10, 255, 256, 257, 258, 512, 600, 768, 769):
        grow(archive, organisation, size)
        checkpoint = sign(archive, organisation)
        assert checkpoint.root == root_of(leaves(archive, organisation))
        if before:
            with archive.transactions.read(organisation.id, OPERATOR) as tx:
                proof = tiles.consistency_proof(before.size, checkpoint.size, store.StoredTiles(tx.session))
            verify_consistency(before.size, checkpoint.size, before.root, checkpoint.root, proof)
        before = checkpoint
    assert verify_organisation(archive.transactions, archive.vault, organisation).good


@hypothesis_settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(steps=st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_any_steps_lead_to_the_same_tree(archive: Archive, steps: list[int]) -> None:
    name = f"Organisation {next(_names)}"
    organisation = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
    for size in itertools.accumulate(steps, initial=10):
        grow(archive, organisation, size)
        checkpoint = sign(archive, organisation)
        assert checkpoint.size == size
        assert checkpoint.root == root_of(leaves(archive, organisation))
    report = verify_organisation(archive.transactions, archive.vault, organisation)
    assert report.good
    assert report.checkpoints == len(steps) + 1


def test_nothing_new_signs_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    first = bring_up(archive.transactions, organisation.id, organisation.origin)
    again = bring_up(archive.transactions, organisation.id, organisation.origin)
    assert again.note == first.note
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert len(store.checkpoints(tx.session)) == 1


def test_a_copy_of_each_goes_to_the_vault_once(archive: Archive, organisation: OrganisationRow) -> None:
    assert sign_and_keep(archive.transactions, archive.vault, organisation)
    assert not sign_and_keep(archive.transactions, archive.vault, organisation), "nothing is new"
    grow(archive, organisation, 20)
    assert sign_and_keep(archive.transactions, archive.vault, organisation)
    names = archive.vault.names(checkpoint_folder(organisation))
    assert [int(name.rpartition("/")[2]) for name in names][-1] == 20
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        newest = store.newest_checkpoint(tx.session)
    assert newest is not None
    assert archive.vault.get(names[-1]).decode() == newest.note


def test_a_copy_that_was_missed_is_made_up_for(archive: Archive, organisation: OrganisationRow) -> None:
    """Signed, then killed before the copy: the next time finds it signed, and copies it all the same."""
    bring_up(archive.transactions, organisation.id, organisation.origin)
    assert archive.vault.names(checkpoint_folder(organisation)) == []
    assert sign_and_keep(archive.transactions, archive.vault, organisation)


def test_two_signers_at_once_make_one_checkpoint_and_no_error(archive: Archive, organisation: OrganisationRow) -> None:
    grow(archive, organisation, 700)
    start = threading.Barrier(4)

    def one(_: int) -> CheckpointRow:
        start.wait()
        return bring_up(archive.transactions, organisation.id, organisation.origin)

    with ThreadPoolExecutor(4) as pool:
        signed = list(pool.map(one, range(4)))
    assert {row.note for row in signed} == {signed[0].note}
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert len(store.checkpoints(tx.session)) == 1
        assert tx.ledger_size == 700, "signing writes nothing into the ledger"
    assert verify_organisation(archive.transactions, archive.vault, organisation).good


def test_signers_and_writers_at_once(archive: Archive, organisation: OrganisationRow) -> None:
    def write(_: int) -> None:
        for _step in range(10):
            with archive.transactions.write(organisation.id, OPERATOR) as tx:
                for number in range(15):
                    tx.record(Noted(number=number))

    def follow(_: int) -> None:
        for _step in range(8):
            bring_up(archive.transactions, organisation.id, organisation.origin)

    with ThreadPoolExecutor(4) as pool:
        done = [*(pool.submit(write, at) for at in range(2)), *(pool.submit(follow, at) for at in range(2))]
        for each in done:
            each.result()
    assert sign(archive, organisation).root == root_of(leaves(archive, organisation))
    assert verify_organisation(archive.transactions, archive.vault, organisation).good


@pytest.mark.tampers
@pytest.mark.parametrize("column", ["kind", "commitment"])
def test_nothing_is_signed_that_contradicts_what_was_signed(
    archive: Archive, organisation: OrganisationRow, column: str
) -> None:
    grow(archive, organisation, 300)
    before = sign(archive, organisation)
    value = (
        "'test.edited'" if column == "kind" else "(SELECT commitment FROM ledger_entry WHERE org_id = 1 AND seq = 3)"
    )
    tamper(archive, f"UPDATE ledger_entry SET {column} = {value} WHERE org_id = 1 AND seq = 280")
    grow(archive, organisation, 320)
    with pytest.raises(Damaged, match=f"does not continue what was signed at {before.size} entries"):
        bring_up(archive.transactions, organisation.id, organisation.origin)
    assert newest_size(archive, organisation) == before.size, "nothing was signed"


@pytest.mark.tampers
def test_an_entry_changed_inside_a_full_tile_is_signed_around_and_found_by_verify(
    archive: Archive, organisation: OrganisationRow
) -> None:
    """Signing reads tiles, not every entry again: it signs the true history, which the entry now contradicts."""
    grow(archive, organisation, 300)
    honest = leaves(archive, organisation)
    sign(archive, organisation)
    tamper(archive, "UPDATE ledger_entry SET kind = 'test.edited' WHERE org_id = 1 AND seq = 20")
    grow(archive, organisation, 310)
    checkpoint = sign(archive, organisation)
    assert checkpoint.root == root_of([*honest, *leaves(archive, organisation)[300:]])
    assert not verify_organisation(archive.transactions, archive.vault, organisation).good


@pytest.mark.tampers
@pytest.mark.parametrize(("level", "number"), [(0, 0), (0, 1), (1, 0)])
def test_nothing_is_signed_over_an_edited_tile(
    archive: Archive, organisation: OrganisationRow, level: int, number: int
) -> None:
    grow(archive, organisation, 600)
    before = sign(archive, organisation)
    with archive.engine.begin() as connection:
        where = f"WHERE org_id = 1 AND level = {level} AND number = {number}"
        hashes = bytearray(connection.execute(text(f"SELECT hashes FROM ledger_tile {where}")).scalar_one())
        hashes[-1] ^= 1
        connection.execute(text(f"UPDATE ledger_tile SET hashes = :new {where}"), {"new": bytes(hashes)})
    grow(archive, organisation, 800)
    try:
        signed = sign(archive, organisation)
    except Damaged:
        assert newest_size(archive, organisation) == before.size
    else:
        assert (level, number) != (1, 0)
        assert signed.root == root_of(leaves(archive, organisation)), "the edited tile was not what was signed"


@pytest.mark.tampers
def test_nothing_is_signed_when_the_ledger_has_become_shorter(archive: Archive, organisation: OrganisationRow) -> None:
    grow(archive, organisation, 40)
    sign(archive, organisation)
    with archive.engine.begin() as connection:
        connection.execute(text("DELETE FROM ledger_entry WHERE org_id = 1 AND seq > 30"))
        connection.execute(text("UPDATE ledger_head SET size = 30 WHERE org_id = 1"))
    with pytest.raises(Damaged, match="does not continue what was signed at 40 entries"):
        bring_up(archive.transactions, organisation.id, organisation.origin)


def test_every_key_that_is_made_is_in_the_ledger(archive: Archive, organisation: OrganisationRow) -> None:
    sign(archive, organisation)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        made = tx.session.scalars(select(LedgerEntryRow.subject).where(LedgerEntryRow.kind == "key.made")).all()
    with archive.engine.connect() as connection:
        keys = connection.execute(text("SELECT id, purpose FROM data_key WHERE org_id = 1")).all()
    assert sorted(made) == sorted(f"key:{key}" for key, _ in keys)
    assert {purpose for _, purpose in keys} == {"audit", "hash", "sign"}


def newest_size(archive: Archive, organisation: OrganisationRow) -> int:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        newest = store.newest_checkpoint(tx.session)
        assert newest is not None
        return newest.size
