"""Copies of the wrapped keys in a bucket, which must not keep versions of what was replaced."""

import base64
import hashlib

from botocore.exceptions import ClientError

from archive.segments.s3_vault.clients import GONE, Clients, answered, code_of
from archive.settings import Bucket


class S3Keys:
    def __init__(self, bucket: Bucket, clients: Clients) -> None:
        self._bucket = bucket
        self._clients = clients

    @property
    def place(self) -> str:
        return str(self._bucket)

    def replace(self, name: str, content: bytes) -> None:
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        with answered("a copy of the keys"):
            self._clients.of("keys").put_object(**self._at(name), Body=content, ChecksumSHA256=digest)

    def read(self, name: str) -> bytes | None:
        with answered("the copy of the keys"):
            try:
                return bytes(self._clients.of("keys").get_object(**self._at(name))["Body"].read())
            except ClientError as problem:
                if code_of(problem) not in GONE:
                    raise
                return None

    def names(self) -> list[str]:
        pages = self._clients.of("keys").get_paginator("list_objects_v2")
        where = {"Bucket": self._bucket.name, "Prefix": self._bucket.prefix}
        with answered("a list of copies of the keys"):
            keys = [found["Key"] for page in pages.paginate(**where) for found in page.get("Contents", [])]
        names = (key.removeprefix(self._bucket.prefix) for key in keys)
        return sorted(name for name in names if name.endswith(".keys") and "/" not in name)

    def keeps_history(self) -> bool:
        with answered("whether the bucket of the keys keeps versions"):
            answer = self._clients.of("keys").get_bucket_versioning(Bucket=self._bucket.name)
        return "Status" in answer

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket.name, "Key": self._bucket.prefix + name}
