"""The vault in a bucket with Object Lock.

Three traps are kept out of here on purpose: the store is never asked to copy an object (some drop the lock of the
copy), a delete always names a version (one without merely hides it), and the moment of a lock is aware UTC and rounded
up (boto3 takes naive moments for UTC and cuts fractions of a second off).
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import ClientError

from archive.core.clock import Clock
from archive.core.errors import NotFound, NotReady
from archive.segments.s3_vault.clients import NO_LOCK, Clients, answered, code_of
from archive.segments.s3_vault.probe import try_to_break
from archive.segments.vault import Enforcement, Lock, StillLocked, Version, stored_versions
from archive.settings import Bucket, LockMode

AT_ONCE = 1_000
"""As many versions as one request may delete."""
TRIES = 5
REMEMBERED = timedelta(hours=1)
_TAKEN, _RACE = "PreconditionFailed", "ConditionalRequestConflict"


class S3Vault:
    kind = "s3"

    def __init__(self, bucket: Bucket, clients: Clients, mode: LockMode, longest: timedelta, clock: Clock) -> None:
        self._bucket = bucket
        self._clients = clients
        self._mode = mode.upper()
        self.longest = longest
        self._clock = clock
        self._tested: tuple[datetime, Enforcement] | None = None

    @property
    def place(self) -> str:
        return str(self._bucket)

    def now(self) -> datetime:
        with answered("its clock"):
            answer = self._clients.of("audit").head_bucket(Bucket=self._bucket.name)
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).astimezone(UTC)

    def put_new(self, name: str, content: bytes, until: datetime | None = None, *, held: bool = False) -> bool:
        lock = self._lock(until)
        if held:
            lock["ObjectLockLegalHoldStatus"] = "ON"
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        request = {**self._at(name), **lock, "Body": content, "ChecksumSHA256": digest, "IfNoneMatch": "*"}
        for _ in range(TRIES):
            with answered(f"a new {name}"):
                try:
                    self._clients.of("ingest").put_object(**request)
                except ClientError as problem:
                    if code_of(problem) == _TAKEN:
                        return False
                    if code_of(problem) != _RACE:
                        raise
                else:
                    return True
        raise NotReady(f"The object store can't decide who writes {name}.", "It is tried again at the next run.")

    def get(self, name: str) -> bytes:
        whole = stored_versions(self, name)
        if not whole:
            raise NotFound(f"The vault has no {name}.", "Look whether TEXTARCHIVE_VAULT names the right bucket.")
        with answered(name):
            # The store lists the newest first, and the first one written is what counts.
            answer = self._clients.of("audit").get_object(**self._at(name), VersionId=whole[-1].id)
            return bytes(answer["Body"].read())

    def has(self, name: str) -> bool:
        return bool(stored_versions(self, name))

    def names(self, folder: str, after: str = "") -> list[str]:
        found = {version.name for version in self._list(folder, after) if not version.is_marker}
        return sorted(name for name in found if name > after)

    def versions(self, folder: str) -> list[Version]:
        return sorted(self._list(folder), key=lambda version: version.name)

    def lock_of(self, version: Version) -> Lock:
        _, until = self._retention(version)
        with answered(f"the legal hold of {version.name}"):
            try:
                answer = self._clients.of("audit").get_object_legal_hold(**self._of(version))
            except ClientError as problem:
                if code_of(problem) not in NO_LOCK:
                    raise
                return Lock(until, held=False)
        return Lock(until, answer["LegalHold"].get("Status") == "ON")

    def extend(self, version: Version, until: datetime) -> None:
        mode, locked_until = self._retention(version)
        wanted = self._lock(until)
        if not wanted or (locked_until and locked_until >= wanted["ObjectLockRetainUntilDate"]):
            return
        # One that nobody may lift stays one that nobody may lift, whatever the setting says today.
        retention = {"Mode": mode or self._mode, "RetainUntilDate": wanted["ObjectLockRetainUntilDate"]}
        with answered(f"a longer lock of {version.name}"):
            self._clients.of("ingest").put_object_retention(**self._of(version), Retention=retention)

    def set_hold(self, version: Version, held: bool) -> None:
        with answered(f"a legal hold of {version.name}"):
            self._clients.of("hold").put_object_legal_hold(
                **self._of(version), LegalHold={"Status": "ON" if held else "OFF"}
            )

    def delete(self, versions: Sequence[Version]) -> None:
        refused: list[str] = []
        for start in range(0, len(versions), AT_ONCE):
            refused += self._delete(versions[start : start + AT_ONCE])
        if refused:
            raise StillLocked(refused)

    def enforcement(self) -> Enforcement:
        now = self._clock()
        if self._tested is None or not self._tested[0] <= now < self._tested[0] + REMEMBERED:
            self._tested = now, try_to_break(self._clients, self._bucket, self._mode, self.now())
        return self._tested[1]

    def _delete(self, versions: Sequence[Version]) -> list[str]:
        """The answer is 200 even when every single one was refused: what counts is what stands in it."""
        objects = [{"Key": self._bucket.prefix + version.name, "VersionId": version.id} for version in versions]
        with answered("a deletion"):
            answer = self._clients.of("purge").delete_objects(
                Bucket=self._bucket.name, Delete={"Objects": objects, "Quiet": True}
            )
        errors = {error["Key"].removeprefix(self._bucket.prefix): error["Code"] for error in answer.get("Errors", [])}
        unexpected = {name: code for name, code in errors.items() if code not in {"AccessDenied", "NoSuchVersion"}}
        for name, code in unexpected.items():
            raise NotReady(f"The object store did not delete {name}: {code}.", "Try again; see what it logs.")
        return [name for name, code in errors.items() if code == "AccessDenied"]

    def _retention(self, version: Version) -> tuple[str | None, datetime | None]:
        with answered(f"the lock of {version.name}"):
            try:
                answer = self._clients.of("audit").get_object_retention(**self._of(version))
            except ClientError as problem:
                if code_of(problem) not in NO_LOCK:
                    raise
                return None, None
        retention = answer["Retention"]
        return retention["Mode"], retention["RetainUntilDate"].astimezone(UTC)

    def _lock(self, until: datetime | None) -> dict[str, Any]:
        now = self._clock()
        if until is None or until <= now:
            return {}
        capped = whole_second(min(until, now + self.longest))
        return {"ObjectLockMode": self._mode, "ObjectLockRetainUntilDate": capped}

    def _list(self, folder: str, after: str = "") -> Iterator[Version]:
        where: dict[str, Any] = {"Bucket": self._bucket.name, "Prefix": self._bucket.prefix + folder}
        if after:
            where["KeyMarker"] = self._bucket.prefix + after
        with answered(f"a list of {folder}"):
            for page in self._clients.of("audit").get_paginator("list_object_versions").paginate(**where):
                for found in page.get("Versions", []):
                    yield self._version(found, found["Size"])
                for found in page.get("DeleteMarkers", []):
                    yield self._version(found, 0, is_marker=True)

    def _version(self, found: Any, size: int, *, is_marker: bool = False) -> Version:
        name = found["Key"].removeprefix(self._bucket.prefix)
        return Version(name, found["VersionId"], size, found["LastModified"].astimezone(UTC), is_marker)

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket.name, "Key": self._bucket.prefix + name}

    def _of(self, version: Version) -> dict[str, str]:
        return {**self._at(version.name), "VersionId": version.id}


def whole_second(moment: datetime) -> datetime:
    """Rounded up, since the store keeps no fractions: a lock never ends before what it locks."""
    return moment + timedelta(microseconds=-moment.microsecond % 1_000_000)
