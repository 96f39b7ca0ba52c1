"""A sieve spares a batch from being looked for in every block, and never hides a text that is here already."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.messages import identity_store as store
from archive.messages.blocks import IN_A_BLOCK
from archive.messages.known import MANY, known_identities, sift
from archive.messages.sieve import SIEVE_BYTES, let_through, places_of, sieve_of
from archive.messages.vaulting import MessageVaulting
from archive.tx import Tx
from archive.wiring import Archive

HASHES = st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=300)


def spread(numbers: range) -> list[int]:
    """Numbers as far from each other as hashes are: a step of the golden ratio, 64 bits, signed."""
    return [(number * 0x9E3779B97F4A7C15) % (1 << 64) - (1 << 63) for number in numbers]


@given(HASHES, HASHES)
def test_all_that_is_in_the_set_comes_through(inside: list[int], others: list[int]) -> None:
    found = let_through(sieve_of(inside), places_of(inside + others)).tolist()
    assert found[: len(inside)] == list(range(len(inside)))


def test_of_what_is_not_in_a_full_block_almost_nothing_comes_through() -> None:
    sieve = sieve_of(spread(range(IN_A_BLOCK)))
    assert len(sieve) == SIEVE_BYTES
    strangers = spread(range(IN_A_BLOCK, IN_A_BLOCK + 20_000))
    assert len(let_through(sieve, places_of(strangers))) < 0.01 * len(strangers)


@pytest.fixture
def two_blocks(archive: Archive, organisation: OrganisationRow) -> Iterator[Tx]:
    """The first block is full, as far as serials go, and the first `MANY` texts of each are known."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.take_serials(IN_A_BLOCK + MANY)
        for first in (0, IN_A_BLOCK):
            identities = spread(range(first, first + MANY))
            store.insert_identities(tx, [(found, first + at, at) for at, found in enumerate(identities)])
        yield tx
        tx.session.rollback()


def test_texts_are_known_with_and_without_a_sieve(two_blocks: Tx) -> None:
    asked = spread(range(0, IN_A_BLOCK + MANY, 101)) + spread(range(7)) + spread(range(IN_A_BLOCK, IN_A_BLOCK + 7))
    before = known_identities(two_blocks, asked)
    assert len(before) > 14
    sift(two_blocks)
    assert store.blocks_with_sieve(two_blocks) == [0]
    assert known_identities(two_blocks, asked) == before
    assert known_identities(two_blocks, asked[-3:]) == {found: before[found] for found in asked[-3:]}


def test_what_a_sieve_holds_back_is_not_looked_for(two_blocks: Tx) -> None:
    """With a sieve of nothing in place of its own, the texts of that block are strangers: so it is asked at all."""
    store.add_sieve(two_blocks, 0, sieve_of([]))
    asked = spread(range(MANY)) + spread(range(IN_A_BLOCK, IN_A_BLOCK + MANY))
    assert set(known_identities(two_blocks, asked)) == set(asked[MANY:])


def test_the_block_that_is_being_filled_gets_no_sieve(two_blocks: Tx) -> None:
    sift(two_blocks)
    sift(two_blocks)
    assert store.blocks_with_sieve(two_blocks) == [0]


def test_a_block_into_which_texts_come_back_loses_its_sieve(two_blocks: Tx) -> None:
    """The sieve was made without them."""
    sift(two_blocks)
    stranger = spread(range(500, 501))[0]
    MessageVaulting().restore_lasting(two_blocks, {500: (stranger, 3)})
    asked = [stranger, *spread(range(1000, 1000 + MANY))]
    assert known_identities(two_blocks, asked)[stranger] == {3: 500}
