"""The keyring: keys are made once, found again, destroyed for good, and not kept open for ever."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.errors import Damaged
from archive.keys.keyring import HASHES, SIGNING, DataKeyRow, Keyring, Purpose
from archive.keys.local_kms import LocalWrapper
from archive.ledger.entry import Event
from archive.wiring import Archive

DAY = Purpose("day", "2027-12-28")


class Noted(Event, frozen=True, kw_only=True):
    kind = "test.noted"


class Timer:
    """Stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Counting:
    """The local wrapper, counting how often it is asked to open a key."""

    def __init__(self) -> None:
        self.asked = 0
        self._inner = LocalWrapper(bytes(32))

    def wrap(self, secret: bytes, context: str) -> bytes:
        return self._inner.wrap(secret, context)

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        self.asked += 1
        return self._inner.unwrap(wrapped, context)


def test_a_day_key_is_named_by_the_utc_day_of_expiry() -> None:
    assert Purpose.records_expiring(datetime(2027, 12, 28, 23, 59, 59, tzinfo=UTC)) == DAY


def test_a_key_is_made_once_and_found_again(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        made = tx.key(DAY)
        assert tx.key(DAY) is made
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert tx.key(DAY).secret == made.secret
        assert tx.keyring.by_id(tx.session, organisation.id, made.id).secret == made.secret  # type: ignore[union-attr]


def test_organisations_share_no_key(archive: Archive, organisation: OrganisationRow) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    secrets = set()
    for org_id in (organisation.id, other.id):
        with archive.transactions.read(org_id, OPERATOR) as tx:
            secrets |= {tx.key(HASHES).secret, tx.key(SIGNING).secret}
    assert len(secrets) == 4


def test_a_destroyed_key_opens_nothing_and_its_wrapped_form_is_gone(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        key = tx.key(DAY)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.keyring.destroy(tx.session, organisation.id, key.id, tx.now)
        tx.record(Noted(subject=f"key:{key.id}"))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        row = tx.session.scalars(select(DataKeyRow).where(DataKeyRow.id == key.id)).one()
        assert (row.wrapped, row.destroyed_at) == (None, archive.clock())
        assert tx.keyring.by_id(tx.session, organisation.id, key.id) is None
        assert tx.keyring.find(tx.session, organisation.id, DAY) is None


def test_after_a_destroyed_key_comes_another(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        first = tx.key(DAY)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.keyring.destroy(tx.session, organisation.id, first.id, tx.now)
        tx.record(Noted())
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        second = tx.key(DAY)
        tx.record(Noted())
    assert (first.id, first.secret) != (second.id, second.secret)


def test_a_key_that_is_not_there_at_all_is_damage_not_destruction(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx, pytest.raises(Damaged, match="keyring"):
        tx.keyring.by_id(tx.session, organisation.id, 4711)


def test_an_open_key_is_kept_for_some_minutes_and_then_opened_anew(
    archive: Archive, organisation: OrganisationRow
) -> None:
    timer, wrapper = Timer(), Counting()
    keyring = Keyring(wrapper, timer)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        key = keyring.make(tx.session, organisation.id, DAY, tx.now)
        for _ in range(3):
            assert keyring.by_id(tx.session, organisation.id, key.id) is not None
        assert wrapper.asked == 1
        timer.now += 299
        keyring.by_id(tx.session, organisation.id, key.id)
        assert wrapper.asked == 1
        timer.now += 2
        keyring.by_id(tx.session, organisation.id, key.id)
        assert wrapper.asked == 2


def test_a_wrapped_key_put_in_the_place_of_another_does_not_open(
    archive: Archive, organisation: OrganisationRow
) -> None:
    keyring = Keyring(LocalWrapper(bytes(32)))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        one = keyring.make(tx.session, organisation.id, DAY, tx.now)
        other = keyring.make(tx.session, organisation.id, Purpose("day", "2028-01-01"), tx.now)
        rows = {row.id: row for row in tx.session.scalars(select(DataKeyRow))}
        rows[one.id].wrapped, rows[other.id].wrapped = rows[other.id].wrapped, rows[one.id].wrapped
        with pytest.raises(Damaged):
            keyring.by_id(tx.session, organisation.id, one.id)
