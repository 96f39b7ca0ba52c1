"""The copy of the wrapped keys: apart, always the newest, never with a past."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import NotReady
from archive.keys.keyring import Purpose
from archive.ledger.entry import Event
from archive.segments.folder_keys import FolderKeys
from archive.segments.key_copy import KeyPlace, copy_keys, is_final, read_copies
from archive.segments.s3_vault.clients import Clients
from archive.segments.s3_vault.keys import S3Keys
from archive.settings import Bucket
from archive.wiring import Archive
from tests.object_store import ObjectStore
from tests.segments.storing import take_in


class Destroyed(Event, frozen=True, kw_only=True):
    kind = "key.destroyed"


@pytest.fixture(scope="session")
def plain_bucket(object_store: ObjectStore) -> str:
    return object_store.new_bucket(locking=False)


@pytest.fixture(params=["folder", "s3"])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> KeyPlace:
    if request.param == "folder":
        return FolderKeys(tmp_path / "keys")
    bucket, clients = request.getfixturevalue("plain_bucket"), request.getfixturevalue("shared_clients")
    return S3Keys(Bucket(bucket, f"{uuid.uuid4().hex}/"), clients)


def destroy(archive: Archive, organisation: OrganisationRow, purpose: Purpose) -> int:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        key = tx.key(purpose)
        tx.keyring.destroy(tx.session, tx.org_id, key.id, tx.now)
        tx.record(Destroyed(subject=f"key:{key.id}"))
        return key.id


def test_what_was_replaced_is_gone(keys: KeyPlace) -> None:
    keys.replace("org_1.keys", b"first")
    keys.replace("org_2.keys", b"other")
    keys.replace("org_1.keys", b"second")
    assert keys.read("org_1.keys") == b"second"
    assert keys.read("org_3.keys") is None
    assert keys.names() == ["org_1.keys", "org_2.keys"]
    assert not keys.keeps_history()


def test_a_bucket_with_versions_has_a_past(
    object_store: ObjectStore, shared_clients: Clients, shared_bucket: str
) -> None:
    assert S3Keys(Bucket(shared_bucket), shared_clients).keeps_history()


def test_a_bucket_that_is_not_there_is_said_to_be(shared_clients: Clients) -> None:
    keys = S3Keys(Bucket("nowhere"), shared_clients)
    for ask in (lambda: keys.replace("a.keys", b"x"), keys.names):
        with pytest.raises(NotReady):
            ask()


def test_the_copy_holds_every_key_wrapped_and_nothing_else(
    archive: Archive, organisation: OrganisationRow, keys: KeyPlace
) -> None:
    take_in(archive, organisation, 1)
    assert copy_keys(archive.transactions, keys, organisation)
    assert not copy_keys(archive.transactions, keys, organisation), "nothing is new"
    (copy,) = read_copies(keys)
    assert copy.owner.public_id == organisation.public_id
    assert {key.purpose for key in copy.keys} == {"hash", "sign", "audit", "day"}
    content = keys.read(f"{organisation.public_id}.keys")
    assert content
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        for key in copy.keys:
            opened = tx.keyring.by_id(tx.session, tx.org_id, key.id)
            assert opened
            assert opened.secret not in content


def test_a_new_key_is_in_the_next_copy(archive: Archive, organisation: OrganisationRow, keys: KeyPlace) -> None:
    copy_keys(archive.transactions, keys, organisation)
    take_in(archive, organisation, 1)
    assert copy_keys(archive.transactions, keys, organisation)
    assert "day" in {key.purpose for key in read_copies(keys)[0].keys}


def test_a_destroyed_key_is_final_once_the_copy_was_replaced(
    archive: Archive, organisation: OrganisationRow, keys: KeyPlace
) -> None:
    take_in(archive, organisation, 1)
    copy_keys(archive.transactions, keys, organisation)
    (day,) = (key.period for key in read_copies(keys)[0].keys if key.purpose == "day")
    key_id = destroy(archive, organisation, Purpose("day", day))
    assert not is_final(keys, organisation, key_id)
    copy_keys(archive.transactions, keys, organisation)
    assert is_final(keys, organisation, key_id)
    (gone,) = (key for key in read_copies(keys)[0].keys if key.id == key_id)
    assert gone.wrapped is None
    assert gone.destroyed_at


def test_a_copy_with_a_past_is_never_final(
    archive: Archive, organisation: OrganisationRow, shared_clients: Clients, shared_bucket: str
) -> None:
    keys = S3Keys(Bucket(shared_bucket, f"{uuid.uuid4().hex}/"), shared_clients)
    take_in(archive, organisation, 1)
    key_id = destroy(archive, organisation, Purpose("day", "2027-01-01"))
    copy_keys(archive.transactions, keys, organisation)
    assert not is_final(keys, organisation, key_id)


def test_a_key_that_is_destroyed_while_it_is_being_copied_does_not_stay_behind(
    archive: Archive, organisation: OrganisationRow, keys: KeyPlace
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.key(Purpose("day", "2027-01-01"))
    destroyed: list[int] = []

    class Slow:
        """What it writes was read before the key was destroyed."""

        def __getattr__(self, name: str) -> Any:
            return getattr(keys, name)

        def replace(self, name: str, content: bytes) -> None:
            if not destroyed:
                destroyed.append(destroy(archive, organisation, Purpose("day", "2027-01-01")))
            keys.replace(name, content)

    slow: Any = Slow()
    copy_keys(archive.transactions, slow, organisation)
    assert is_final(keys, organisation, destroyed[0])
