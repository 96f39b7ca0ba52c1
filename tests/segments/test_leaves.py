"""The hashes of what is signed and not in a segment yet."""

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.ledger import store as ledger
from archive.proving import sign_and_keep
from archive.segments import leaves, names
from archive.segments.leaves import keep_leaves, read_leaves
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.segments.conftest import on_a_folder
from tests.segments.restoring import keep
from tests.segments.storing import take_in


def hashes(archive: Archive, organisation: OrganisationRow) -> list[bytes]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return ledger.leaf_hashes(tx.session, 0, tx.ledger_size)


def test_each_checkpoint_comes_with_the_leaves_that_are_new_in_it(
    archive: Archive, organisation: OrganisationRow
) -> None:
    for begin in (1, 4):
        take_in(archive, organisation, 3, begin)
        sign_and_keep(archive.transactions, archive.vault, organisation)
    sign_and_keep(archive.transactions, archive.vault, organisation)
    kept = archive.vault.names(names.leaves_folder(organisation.public_id))
    all_of_them = hashes(archive, organisation)
    assert [names.range_of(name)[1] for name in kept][-1] == len(all_of_them)
    assert len(kept) == 2
    assert read_leaves(archive.vault, organisation.public_id, 0) == all_of_them
    assert read_leaves(archive.vault, organisation.public_id, 5) == all_of_them[5:]
    assert read_leaves(archive.vault, organisation.public_id, len(all_of_them)) == []


def test_what_is_in_a_segment_is_not_kept_once_more(archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, 3)
    keep(archive, organisation)
    before = len(hashes(archive, organisation))
    take_in(archive, organisation, 3, begin=4)
    sign_and_keep(archive.transactions, archive.vault, organisation)
    (name,) = archive.vault.names(names.leaves_folder(organisation.public_id))
    assert names.range_of(name)[0] == before + 1


def test_leaves_end_where_one_is_missing(archive: Archive, organisation: OrganisationRow) -> None:
    folder = names.leaves_folder(organisation.public_id)
    for first, last in ((1, 2), (3, 5), (5, 6), (8, 9)):
        content = b"".join(bytes([number]) * 32 for number in range(first, last + 1))
        archive.vault.put_new(names.numbered(folder, first, last), content)
    read = read_leaves(archive.vault, organisation.public_id, 1)
    assert [leaf[0] for leaf in read] == [2, 3, 4, 5, 6]


def test_many_leaves_are_kept_in_several_objects(archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, 9)
    size = len(hashes(archive, organisation))
    keep_leaves(archive.transactions, archive.vault, organisation, size, at_once=4)
    kept = archive.vault.names(names.leaves_folder(organisation.public_id))
    assert len(kept) == -(-size // 4)
    assert read_leaves(archive.vault, organisation.public_id, 0) == hashes(archive, organisation)


@on_a_folder
def test_leaves_are_taken_away_once_their_entries_are_in_a_segment(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    take_in(archive, organisation, 3)
    sign_and_keep(archive.transactions, archive.vault, organisation)
    folder = names.leaves_folder(organisation.public_id)
    keep(archive, organisation)
    assert len(archive.vault.names(folder)) == 1, "locked for a day"
    clock.now += leaves.LOCKED_FOR
    keep(archive, organisation)
    assert len(archive.vault.names(folder)) == 1, "and an hour more, so that no two clocks have to agree"
    clock.advance(hours=2)
    keep(archive, organisation)
    assert archive.vault.names(folder) == []
