"""A boto3 client for each kind of access, and what the store says in the archive's words."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from archive.core.errors import NotFound, NotReady
from archive.settings import Profiles

Role = Literal["ingest", "hold", "purge", "audit", "keys"]

_CONFIG = Config(
    signature_version="s3v4",
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "standard", "max_attempts": 5},
)
NO_LOCK = {"NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "NoSuchObjectLegalHold"}
"""What stores say of a version without lock, or without legal hold."""
GONE = {"NoSuchKey", "NoSuchVersion", "404"}


class Clients:
    """Each is made when it is first needed: a process that never purges needs no right to."""

    def __init__(self, profiles: Profiles, endpoint: str | None) -> None:
        self._profiles = profiles
        self._endpoint = endpoint
        self._made: dict[str | None, Any] = {}
        self._loader: Any = None
        self._lock = threading.Lock()

    def of(self, role: Role) -> Any:
        return self.named(getattr(self._profiles, role))

    def named(self, profile: str | None) -> Any:
        """The client of an AWS profile; None leaves it to boto3 where credentials come from."""
        with self._lock:
            if profile not in self._made:
                with answered("credentials"):
                    self._made[profile] = self._make(profile)
            return self._made[profile]

    def _make(self, profile: str | None) -> Any:
        core = Session(profile=profile)
        if self._loader:  # Reading the description of S3 is most of the work, and it is the same for each.
            core.register_component("data_loader", self._loader)
        client = boto3.Session(botocore_session=core).client("s3", endpoint_url=self._endpoint, config=_CONFIG)
        self._loader = core.get_component("data_loader")
        return client

    def each(self) -> list[Any]:
        """One for each profile that the vault is reached with."""
        profiles = (self._profiles.ingest, self._profiles.hold, self._profiles.purge, self._profiles.audit)
        return [self.named(profile) for profile in dict.fromkeys(profiles)]


@contextmanager
def answered(what: str) -> Iterator[None]:
    """Raises `NotFound` and `NotReady` where boto3 raises its own."""
    try:
        yield
    except ClientError as problem:
        code = code_of(problem)
        if code in GONE:
            raise NotFound(
                f"The object store has no {what}.", "Look whether the settings name the right bucket."
            ) from None
        if code == "NoSuchBucket":
            raise NotReady("The object store has no such bucket.", "Make it: textarchive vault create") from None
        raise NotReady(
            f"The object store refuses {what}: {code}.", "Compare its rights with docs/operating.md."
        ) from None
    except BotoCoreError as problem:
        raise NotReady(
            f"No answer from the object store about {what}: {problem}", "Check address and profile."
        ) from None


def code_of(problem: ClientError) -> str:
    return str(problem.response.get("Error", {}).get("Code", ""))
