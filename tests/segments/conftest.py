"""The vault in both of its forms: what a test asks of `vault` is asked of a folder and of a real object store."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from archive.core.clock import system_clock
from archive.segments.folder_vault import FolderVault
from archive.segments.s3_vault.clients import Clients
from archive.segments.s3_vault.vault import S3Vault
from archive.segments.vault import Vault
from archive.settings import Bucket, Profiles
from tests.object_store import ObjectStore

LONGEST = timedelta(days=3_000)
ROLES = Profiles(ingest="ingest", hold="hold", purge="purge", audit="audit", keys="ingest")


@pytest.fixture(scope="session")
def shared_clients(object_store: ObjectStore) -> Clients:
    """Making one takes longer than what most tests ask of it."""
    return Clients(ROLES, object_store.endpoint)


@pytest.fixture(scope="session")
def shared_bucket(object_store: ObjectStore) -> str:
    return object_store.new_bucket()


@pytest.fixture
def s3_vault(shared_clients: Clients, shared_bucket: str) -> S3Vault:
    """Under a prefix of its own; the clock is the real one, since the store's is too."""
    place = Bucket(shared_bucket, f"{uuid.uuid4().hex}/")
    return S3Vault(place, shared_clients, "governance", LONGEST, system_clock)


@pytest.fixture(params=["folder", "s3"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    if request.param == "folder":
        return FolderVault(tmp_path / "vault", LONGEST)
    found: S3Vault = request.getfixturevalue("s3_vault")
    return found
