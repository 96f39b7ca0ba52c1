"""What only the object store does: its locks, its versions, its roles, and what goes over the wire."""

import re
import uuid
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
from botocore.exceptions import ClientError

from archive.core.clock import system_clock
from archive.core.errors import NotReady
from archive.segments.s3_vault.clients import Clients
from archive.segments.s3_vault.probe import try_to_break
from archive.segments.s3_vault.vault import S3Vault, whole_second
from archive.segments.vault import StillLocked
from archive.settings import Bucket, LockMode, Profiles
from tests.conftest import StandingClock
from tests.object_store import ObjectStore
from tests.segments.conftest import LONGEST, ROLES

HOUR = timedelta(hours=1)
PROJECT = Path(__file__).parents[2]


def everything(profile: str) -> Profiles:
    return Profiles(profile, profile, profile, profile, profile)


@pytest.fixture
def vault(s3_vault: S3Vault) -> S3Vault:
    return s3_vault


def new_vault(store: ObjectStore, bucket: str, mode: LockMode = "governance", roles: Profiles = ROLES) -> S3Vault:
    return S3Vault(Bucket(bucket, "vault/"), Clients(roles, store.endpoint), mode, LONGEST, system_clock)


def place(vault: S3Vault, name: str) -> dict[str, str]:
    bucket, _, prefix = vault.place.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": f"{prefix}/{name}"}


@pytest.mark.parametrize("mode", ["governance", "compliance"])
def test_a_store_that_enforces_locks_is_called_immutable(
    object_store: ObjectStore, shared_bucket: str, mode: LockMode
) -> None:
    enforcement = new_vault(object_store, shared_bucket, mode).enforcement()
    assert enforcement.immutable, enforcement.because
    assert mode in enforcement.because


def test_credentials_that_may_bypass_the_lock_are_found_out(object_store: ObjectStore, shared_bucket: str) -> None:
    vault = new_vault(object_store, shared_bucket, roles=replace(ROLES, purge="bypass"))
    assert not vault.enforcement().immutable
    assert "BypassGovernanceRetention" in vault.enforcement().because
    assert new_vault(object_store, shared_bucket, "compliance", everything("bypass")).enforcement().immutable


def test_a_bucket_without_versions_is_not_called_immutable(object_store: ObjectStore) -> None:
    vault = new_vault(object_store, object_store.new_bucket(locking=False))
    assert not vault.enforcement().immutable
    with pytest.raises(NotReady):
        vault.put_new("a", b"x", system_clock() + HOUR)


def _without_lock(params: dict[str, Any], **_: Any) -> None:
    for name in [name for name in params["headers"] if "object-lock" in name.lower()]:
        del params["headers"][name]


def _accepted(**_: Any) -> tuple[Any, dict[str, Any]]:
    return SimpleNamespace(status_code=200), {}


@pytest.mark.parametrize(
    ("operation", "falsified", "says"),
    [
        ("PutObject", _without_lock, "keeps another lock than it was asked for: none"),
        ("PutObjectRetention", _accepted, "let a lock be shortened"),
        ("DeleteObject", _accepted, "let a locked object be deleted"),
    ],
)
def test_a_store_that_only_seems_to_lock_is_not_called_immutable(
    object_store: ObjectStore, shared_bucket: str, operation: str, falsified: Any, says: str
) -> None:
    """The real store, with one of its answers falsified on the way to what careless stores answer."""
    clients = Clients(ROLES, object_store.endpoint)
    for client in clients.each():
        client.meta.events.register(f"before-call.s3.{operation}", falsified)
    vault = S3Vault(Bucket(shared_bucket), clients, "governance", timedelta(days=1), system_clock)
    assert not vault.enforcement().immutable
    assert says in vault.enforcement().because


def test_credentials_that_may_not_delete_at_all_prove_nothing(object_store: ObjectStore, shared_bucket: str) -> None:
    enforcement = new_vault(object_store, shared_bucket, roles=replace(ROLES, purge="audit")).enforcement()
    assert not enforcement.immutable
    assert "says nothing" in enforcement.because


def test_the_lock_is_tried_once_an_hour(shared_clients: Clients, shared_bucket: str, clock: StandingClock) -> None:
    vault = S3Vault(Bucket(shared_bucket, "hourly/"), shared_clients, "governance", HOUR, clock)
    vault.enforcement()
    (probe,) = vault.names("probe/")
    clock.advance(minutes=59)
    vault.enforcement()
    assert vault.names("probe/") == [probe]
    clock.advance(minutes=1)
    vault.enforcement()
    assert len(vault.names("probe/")) == 2


def test_old_probes_are_taken_away(shared_clients: Clients, shared_bucket: str) -> None:
    place = Bucket(shared_bucket, "sweeping/")
    vault = S3Vault(place, shared_clients, "governance", HOUR, system_clock)
    vault.put_new("probe/old", b"probe")
    now = vault.now()
    assert try_to_break(shared_clients, place, "GOVERNANCE", now + timedelta(minutes=2)).immutable
    assert vault.has("probe/old")
    assert try_to_break(shared_clients, place, "GOVERNANCE", now + timedelta(minutes=4)).immutable
    assert not vault.has("probe/old")


def test_an_object_that_was_overwritten_or_hidden_past_the_archive_is_still_read_as_it_was(
    object_store: ObjectStore, vault: S3Vault
) -> None:
    vault.put_new("a/b", b"first", system_clock() + HOUR)
    stranger = object_store.client()
    stranger.put_object(**place(vault, "a/b"), Body=b"second")
    stranger.delete_object(**place(vault, "a/b"))
    assert vault.get("a/b") == b"first"
    assert vault.names("a/") == ["a/b"]
    assert vault.has("a/b")
    assert sorted(version.is_marker for version in vault.versions("a/")) == [False, False, True]


def test_every_version_and_marker_is_deleted_and_each_refusal_is_noticed(
    object_store: ObjectStore, vault: S3Vault
) -> None:
    """The answer to a deletion of many is 200 whatever became of each."""
    vault.put_new("a/locked", b"x", system_clock() + HOUR)
    vault.put_new("a/free", b"x")
    stranger = object_store.client()
    stranger.put_object(**place(vault, "a/free"), Body=b"again")
    stranger.delete_object(**place(vault, "a/free"))
    stranger.delete_object(**place(vault, "a/locked"))
    with pytest.raises(StillLocked) as refused:
        vault.delete(vault.versions("a/"))
    assert refused.value.names == ("a/locked",)
    assert [(version.name, version.is_marker) for version in vault.versions("a/")] == [("a/locked", False)]


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        ("audit", {"put", "hold", "retention", "delete"}),
        ("hold", {"put", "retention", "delete"}),
        ("purge", {"hold", "retention"}),
        ("ingest", set()),
    ],
)
def test_no_role_may_do_what_another_is_for(
    object_store: ObjectStore, vault: S3Vault, role: str, refused: set[str]
) -> None:
    """The store has no right to delete that is apart from writing; on AWS `ingest` has none."""
    vault.put_new("a/b", b"x")
    client, where = object_store.client(role), place(vault, "a/b")
    vault.put_new("a/c", b"x")
    version, other = vault.versions("a/")
    where["VersionId"] = version.id
    attempts: dict[str, Any] = {
        "put": lambda: client.put_object(**place(vault, "a/new"), Body=b"x"),
        "hold": lambda: client.put_object_legal_hold(**where, LegalHold={"Status": "OFF"}),
        "retention": lambda: client.put_object_retention(
            **where, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": system_clock() + timedelta(seconds=1)}
        ),
        "delete": lambda: client.delete_object(**place(vault, "a/c"), VersionId=other.id),
    }
    assert {name for name, attempt in attempts.items() if _refused(attempt)} == refused


def _refused(attempt: Any) -> bool:
    try:
        attempt()
    except ClientError as problem:
        assert problem.response["Error"]["Code"] == "AccessDenied"
        return True
    return False


@pytest.fixture
def requests(object_store: ObjectStore, shared_bucket: str) -> tuple[S3Vault, list[Any]]:
    """A vault, and what it has sent."""
    sent: list[Any] = []
    clients = Clients(everything("ingest"), object_store.endpoint)
    clients.of("ingest").meta.events.register("before-send.s3", lambda request, **_: sent.append(request))
    place = Bucket(shared_bucket, f"{uuid.uuid4().hex}/")
    vault = S3Vault(place, clients, "governance", timedelta(days=9), system_clock)
    return vault, sent


def test_what_is_put_carries_its_checksum_its_lock_and_the_demand_to_be_new(
    requests: tuple[S3Vault, list[Any]],
) -> None:
    vault, sent = requests
    vault.put_new("a/b", b"x", system_clock() + HOUR, held=True)
    headers = {name.lower(): _text(value) for name, value in sent[0].headers.items()}
    assert headers["x-amz-checksum-sha256"] == b64encode(sha256(b"x").digest()).decode()
    assert headers["if-none-match"] == "*"
    assert headers["x-amz-object-lock-mode"] == "GOVERNANCE"
    assert headers["x-amz-object-lock-legal-hold"] == "ON"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", headers["x-amz-object-lock-retain-until-date"])


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def test_what_arrives_damaged_is_not_kept(object_store: ObjectStore, requests: tuple[S3Vault, list[Any]]) -> None:
    vault, _ = requests

    def damage(request: Any, **_: Any) -> None:
        if request.method == "PUT":
            request.body = b"y"

    vault._clients.of("ingest").meta.events.register_last("before-send.s3", damage)
    with pytest.raises(NotReady):
        vault.put_new("a/b", b"x")
    assert vault.versions("a/") == []


def test_what_is_deleted_is_gone_from_the_files_of_the_store(object_store: ObjectStore, vault: S3Vault) -> None:
    """Once it has cleaned up behind itself, which on a store that isn't one's own nobody can look at."""
    token = uuid.uuid4().hex.encode()
    vault.put_new("a/b", b"before " + token + b" after")
    object_store.client("ingest").delete_object(**place(vault, "a/b"))
    assert _files_with(object_store, token), "the search finds it, marker or not"
    vault.delete(vault.versions("a/"))
    end = system_clock() + timedelta(seconds=60)
    while _files_with(object_store, token):  # It lets go of deleted chunks in its own time.
        assert system_clock() < end
        urlopen(f"{object_store.master}/vol/vacuum?garbageThreshold=0.0000001").close()


def _files_with(store: ObjectStore, token: bytes) -> list[str]:
    files = (path for path in (store.folder / "data").rglob("*") if path.is_file())
    return [path.name for path in files if token in path.read_bytes()]


@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_a_lock_is_rounded_up_to_the_second(microsecond: int) -> None:
    noon = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
    assert whole_second(noon.replace(microsecond=microsecond)) == (noon if not microsecond else noon.replace(second=1))


def test_a_bucket_that_is_not_there_is_said_with_the_command_that_makes_it(object_store: ObjectStore) -> None:
    with pytest.raises(NotReady, match="textarchive vault create"):
        new_vault(object_store, "nowhere").put_new("a", b"x")


def test_a_store_that_is_out_of_reach_is_said_to_be(object_store: ObjectStore) -> None:
    clients = Clients(ROLES, "http://127.0.0.1:9")
    with pytest.raises(NotReady, match="No answer"):
        S3Vault(Bucket("b"), clients, "governance", HOUR, system_clock).names("")


def test_a_profile_that_is_not_configured_is_named(object_store: ObjectStore) -> None:
    with pytest.raises(NotReady, match="nobody"):
        new_vault(object_store, "nowhere", roles=replace(ROLES, audit="nobody")).names("")


def test_the_store_is_never_asked_to_copy() -> None:
    """Some stores drop the lock of a copy, and say nothing."""
    sources = "".join(path.read_text() for path in (PROJECT / "archive" / "segments").rglob("*.py"))
    assert not re.search(r"copy_object|\.copy\(|upload_part_copy|CopySource", sources)
