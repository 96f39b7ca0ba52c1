"""Who is who in an object store of one's own (SeaweedFS), with no more rights than each role needs.

On AWS the same rights are four IAM policies; docs/operating.md lists them.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any

_READS = ("Read", "List", "GetObjectRetention", "GetObjectLegalHold", "GetBucketObjectLockConfiguration")
RIGHTS: Mapping[str, tuple[str, ...]] = {
    "admin": ("Admin",),
    "ingest": ("Write", "PutObjectRetention", "PutObjectLegalHold", *_READS),
    "hold": ("PutObjectLegalHold", *_READS),
    # The store knows no right to delete that is apart from writing.
    "purge": ("Write", *_READS),
    "audit": _READS,
}
"""AWS profile → what it may do in the vault's bucket. Nobody may bypass a lock, except the one who makes the bucket."""

ADMIN = "admin"


def new_identities(bucket: str) -> dict[str, str]:
    """The contents of three files: the store's own, the archive's profiles, and the one who makes buckets."""
    keys = {profile: secrets.token_hex(24) for profile in RIGHTS}
    return {
        "object-store-identities.json": identities(bucket, keys),
        "object-store-credentials": credentials({name: key for name, key in keys.items() if name != ADMIN}),
        "object-store-admin": credentials({ADMIN: keys[ADMIN]}),
    }


def identities(bucket: str, keys: Mapping[str, str]) -> str:
    """For `-s3.config`. An administrator's right is for all buckets, everybody else's for this one."""
    return json.dumps({"identities": [_identity(name, key, bucket) for name, key in keys.items()]}, indent=1) + "\n"


def _identity(name: str, key: str, bucket: str) -> dict[str, Any]:
    actions = [right if name == ADMIN else f"{right}:{bucket}" for right in RIGHTS[name]]
    return {"name": name, "credentials": [{"accessKey": name, "secretKey": key}], "actions": actions}


def credentials(keys: Mapping[str, str]) -> str:
    """For `AWS_SHARED_CREDENTIALS_FILE`."""
    return "".join(
        f"[{name}]\naws_access_key_id = {name}\naws_secret_access_key = {key}\n" for name, key in keys.items()
    )
