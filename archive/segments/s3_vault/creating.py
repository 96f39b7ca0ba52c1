"""A new bucket: with Object Lock for the vault, and without versions for the copy of the keys."""

from typing import Any

from botocore.exceptions import ClientError

from archive.segments.s3_vault.clients import Clients, answered, code_of
from archive.settings import Bucket

_THERE = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}
_NOWHERE_IN_PARTICULAR = {None, "us-east-1", "aws-global"}


def create_bucket(clients: Clients, profile: str | None, bucket: Bucket, *, locking: bool) -> bool:
    """Whether there was none. Object Lock is switched on at birth: it can't be switched off again."""
    client = clients.named(profile)
    request: dict[str, Any] = {"Bucket": bucket.name}
    if locking:
        request["ObjectLockEnabledForBucket"] = True
    if (region := client.meta.region_name) not in _NOWHERE_IN_PARTICULAR:
        request["CreateBucketConfiguration"] = {"LocationConstraint": region}
    with answered(f"a bucket {bucket.name}"):
        try:
            client.create_bucket(**request)
        except ClientError as problem:
            if code_of(problem) in _THERE:
                return False
            raise
    return True
