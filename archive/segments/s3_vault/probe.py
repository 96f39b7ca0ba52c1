"""The lock's self-test: lock an object for a minute, then try everything that a lock must refuse.

An accepted lock proves nothing: there are stores that take its headers and let go of the object all the same. And a
refusal proves nothing either if the credentials may not delete or lock at all, so both are shown to be possible first.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from archive.core.ids import new_id
from archive.segments.s3_vault.clients import NO_LOCK, Clients, answered, code_of
from archive.segments.vault import Enforcement
from archive.settings import Bucket

FOLDER = "probe/"
LOCKED_FOR = timedelta(minutes=1)
# What stores say to somebody who wants what a lock forbids.
_REFUSALS = {"AccessDenied", "InvalidRequest", "InvalidArgument", "MethodNotAllowed", "ObjectLocked"}


def try_to_break(clients: Clients, bucket: Bucket, mode: str, now: datetime) -> Enforcement:
    """`now` by the store's clock. Leaves one locked probe behind, and takes away those of earlier tests."""
    probe = _Probe(clients, bucket, mode, now)
    probe.sweep()
    return next((Enforcement(False, what) for what in probe.weaknesses()), None) or Enforcement(
        True, f"the store refused to delete and to shorten a {mode.lower()} lock"
    )


class _Probe:
    def __init__(self, clients: Clients, bucket: Bucket, mode: str, now: datetime) -> None:
        self._clients = clients
        self._bucket = bucket
        self._folder = bucket.prefix + FOLDER
        self._mode = mode
        self._now = now
        self._until = now.replace(microsecond=0) + LOCKED_FOR

    def weaknesses(self) -> Iterator[str]:
        """What is wrong with the lock, one after the other; nothing when it holds."""
        free = self._put()
        if "VersionId" not in free:
            yield "the bucket keeps no versions, so whoever may write may also overwrite"
            return
        if self._refuses(self._clients.of("purge").delete_object, **free):
            yield "not even an unlocked object can be deleted, so a refusal says nothing (a default retention?)"
        locked = self._put(ObjectLockMode=self._mode, ObjectLockRetainUntilDate=self._until)
        yield from self._forgotten(locked, self._until)
        longer = self._until + LOCKED_FOR
        if self._refuses(self._clients.of("ingest").put_object_retention, **locked, Retention=self._retention(longer)):
            yield "the lock can't be lengthened, so a refusal to shorten it says nothing"
        for client in self._clients.each():
            yield from self._broken_by(client, locked)
        yield from self._forgotten(locked, longer)

    def _broken_by(self, client: Any, locked: dict[str, str]) -> Iterator[str]:
        if not self._refuses(client.put_object_retention, **locked, Retention=self._retention(self._until)):
            yield "the store let a lock be shortened"
        if not self._refuses(client.delete_object, **locked):
            yield "the store let a locked object be deleted"
        if not self._refuses(client.delete_object, **locked, BypassGovernanceRetention=True):
            yield "the archive's own credentials may bypass the lock: take s3:BypassGovernanceRetention from them"

    def _forgotten(self, locked: dict[str, str], until: datetime) -> Iterator[str]:
        with answered("the probe's lock"):
            try:
                found = self._clients.of("audit").get_object_retention(**locked)["Retention"]
            except ClientError as problem:
                if code_of(problem) not in NO_LOCK:
                    raise
                found = {}
        if (found.get("Mode"), found.get("RetainUntilDate")) != (self._mode, until):
            yield f"the store keeps another lock than it was asked for: {found.get('Mode', 'none')}"

    def _put(self, **lock: Any) -> dict[str, str]:
        place = {"Bucket": self._bucket.name, "Key": self._folder + new_id("prb", self._now)}
        with answered("a probe of its lock"):
            made = self._clients.of("ingest").put_object(**place, Body=b"probe", ChecksumAlgorithm="SHA256", **lock)
        return place | ({"VersionId": made["VersionId"]} if "VersionId" in made else {})

    def _retention(self, until: datetime) -> dict[str, Any]:
        return {"Mode": self._mode, "RetainUntilDate": until}

    @staticmethod
    def _refuses(call: Callable[..., Any], **request: Any) -> bool:
        with answered("an attempt on a lock"):
            try:
                call(**request)
            except ClientError as problem:
                if code_of(problem) in _REFUSALS:
                    return True
                raise
        return False

    def sweep(self) -> None:
        """Take away probes whose minutes are over. Whoever may not delete leaves them to somebody who may."""
        with answered("a list of probes"):
            listed = self._clients.of("audit").list_object_versions(Bucket=self._bucket.name, Prefix=self._folder)
        old = [
            {"Key": found["Key"], "VersionId": found["VersionId"]}
            for found in (*listed.get("Versions", []), *listed.get("DeleteMarkers", []))
            if found["LastModified"] < self._now - 3 * LOCKED_FOR
        ]
        if old:
            deletion = {"Objects": old, "Quiet": True}
            self._refuses(self._clients.of("purge").delete_objects, Bucket=self._bucket.name, Delete=deletion)
