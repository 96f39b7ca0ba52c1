"""The vault in both of its forms: what a test asks of `vault` is asked of a folder and of a real object store."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.core.clock import system_clock
from archive.keys.local_kms import make_master_key
from archive.segments.folder_vault import FolderVault
from archive.segments.s3_vault.clients import Clients
from archive.segments.s3_vault.vault import S3Vault
from archive.segments.vault import Vault
from archive.settings import Bucket, Profiles, Settings, read_settings
from archive.wiring import Archive, build
from tests.conftest import DATABASES, StandingClock, new_database
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


# One machine, and many: the two columns of docs/architecture.md.
COLUMNS = [column for column in (("sqlite", "folder"), ("postgresql", "s3")) if column[0] in DATABASES]

on_a_folder = pytest.mark.parametrize("settings", [("sqlite", "folder")], indirect=True, ids=["folder"])
"""For what an object store can't be asked: nobody moves its clock, and nobody damages its files."""


@pytest.fixture(params=COLUMNS, ids="+".join)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    database, kind = request.param
    with new_database(request, database, tmp_path) as address:
        environment = {"TEXTARCHIVE_DATA": str(tmp_path / "data"), "TEXTARCHIVE_DATABASE_URL": address}
        if kind == "s3":
            environment |= bucket_settings(
                request.getfixturevalue("object_store"), request.getfixturevalue("shared_bucket")
            )
        made = read_settings(environment)
        make_master_key(made.master_key_file)
        yield made


def bucket_settings(store: ObjectStore, bucket: str) -> dict[str, str]:
    """A vault under a prefix of its own, each role with its own credentials."""
    profiles = {f"TEXTARCHIVE_VAULT_{role.upper()}_PROFILE": role for role in ("ingest", "hold", "purge", "audit")}
    place = f"s3://{bucket}/{uuid.uuid4().hex}"
    return {"TEXTARCHIVE_VAULT": place, "TEXTARCHIVE_S3_ENDPOINT": store.endpoint, **profiles}


@pytest.fixture
def clock() -> StandingClock:
    """It stands at the real time: an object store's own clock decides when a lock is over."""
    return StandingClock(system_clock().replace(microsecond=0))


@pytest.fixture
def empty_archive(
    request: pytest.FixtureRequest, archive: Archive, tmp_path: Path, clock: StandingClock
) -> Iterator[Archive]:
    """What is left when the database is lost: the same vault, the same keys, and nothing else."""
    folder = tmp_path / "second"
    folder.mkdir()
    with new_database(request, archive.engine.dialect.name, folder) as address:
        lost = replace(archive.settings, data=folder / "data", database_url=address)
        made = build(lost, clock=clock)
        yield made
        made.engine.dispose()
