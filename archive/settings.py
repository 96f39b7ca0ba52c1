"""One frozen `Settings`, read once from `TEXTARCHIVE_*`. A name that nobody knows is an error, never ignored."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from archive.core.errors import BadInput

PREFIX = "TEXTARCHIVE_"

LockMode = Literal["governance", "compliance"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """A place in an object store, `s3://name/prefix`. The prefix is empty or ends with `/`."""

    name: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}".rstrip("/")

    def below(self, folder: str) -> "Bucket":
        return Bucket(self.name, f"{self.prefix}{folder}/")


@dataclass(frozen=True, slots=True)
class Profiles:
    """Whose credentials each kind of access to the object store uses: AWS profiles, or None for boto3's own choice."""

    ingest: str | None = None
    hold: str | None = None
    purge: str | None = None
    audit: str | None = None
    keys: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the archive keeps its things and how it is reached."""

    data: Path
    database_url: str
    vault: Path | Bucket
    vault_mode: LockMode
    vault_max_lock_days: int
    vault_delay_seconds: int
    vault_ingest_profile: str | None
    vault_hold_profile: str | None
    vault_purge_profile: str | None
    vault_audit_profile: str | None
    keys_backup: Path | Bucket
    keys_backup_profile: str | None
    backup_profile: str | None
    s3_endpoint: str | None
    public_url: str
    master_key: str | None
    master_key_file: Path
    kms_key_id: str | None
    trusted_proxies: int
    webex_url: str
    provider_urls: Mapping[str, str]
    webex_token: str | None = field(repr=False)

    @property
    def index(self) -> Path:
        """The search index: a cache, always rebuildable, never backed up."""
        return self.data / "index"

    @property
    def profiles(self) -> Profiles:
        return Profiles(
            ingest=self.vault_ingest_profile,
            hold=self.vault_hold_profile,
            purge=self.vault_purge_profile,
            audit=self.vault_audit_profile,
            keys=self.keys_backup_profile,
        )

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


@dataclass(frozen=True, slots=True)
class Setting:
    """One documented name: what it is for, and what it is when nobody sets it."""

    name: str
    default: str
    about: str
    parse: Callable[[str], Any] = str


SETTINGS = (
    Setting("DATA", "./textarchive-data", "Folder of all state that is not configured to live elsewhere.", Path),
    Setting(
        "DATABASE_URL",
        "sqlite:///DATA/archive.db",
        "SQLAlchemy address of the database: SQLite, or PostgreSQL as postgresql://user:password@host/name.",
    ),
    Setting("VAULT", "DATA/vault", "The vault: a folder, or a bucket with Object Lock as s3://bucket/prefix."),
    Setting("VAULT_MODE", "governance", "How objects in a bucket are locked: governance or compliance."),
    Setting("VAULT_MAX_LOCK_DAYS", "3000", "No object is ever locked for longer than this many days from now."),
    Setting("VAULT_DELAY_SECONDS", "300", "How long after its commit at most a text is in the vault."),
    Setting("VAULT_INGEST_PROFILE", "", "AWS profile whose credentials write into the vault and lengthen locks."),
    Setting("VAULT_HOLD_PROFILE", "", "AWS profile whose credentials place and release legal holds."),
    Setting("VAULT_PURGE_PROFILE", "", "AWS profile whose credentials delete versions of objects."),
    Setting("VAULT_AUDIT_PROFILE", "", "AWS profile whose credentials list and read the vault."),
    Setting("KEYS_BACKUP", "DATA/keys-backup", "Copy of the wrapped keys, replaced each time: a folder or a bucket."),
    Setting("KEYS_BACKUP_PROFILE", "", "AWS profile whose credentials read and replace the copy of the keys."),
    Setting("BACKUP_PROFILE", "", "AWS profile whose credentials write, read and delete in the bucket of backups."),
    Setting("S3_ENDPOINT", "", "Address of the object store, where it isn't AWS."),
    Setting(
        "PUBLIC_URL",
        "http://127.0.0.1:8080",
        "Address by which people and providers reach the archive; https makes cookies secure.",
    ),
    Setting("MASTER_KEY", "", "Master key as 64 hexadecimal digits, in place of the file."),
    Setting(
        "MASTER_KEY_FILE",
        "DATA/master.key",
        "File of the master key, mode 0600, made by `textarchive init`.",
        Path,
    ),
    Setting("KMS_KEY_ID", "", "AWS KMS key (id, ARN or alias) that wraps the day keys, in place of a master key."),
    Setting(
        "TRUSTED_PROXIES",
        "0",
        "How many reverse proxies in front set X-Forwarded-For and -Proto truthfully.",
        int,
    ),
    Setting("WEBEX_URL", "https://webexapis.com/v1", "Address of Webex's REST API, with its version."),
    Setting(
        "PROVIDER_URLS",
        "",
        "Other addresses of providers' APIs, as twilio=https://…,telnyx=https://…: for tests and proxies only.",
    ),
    Setting("WEBEX_TOKEN", "", "Access token of Webex, with which `textarchive pull webex` reads."),
)
_KNOWN = {PREFIX + setting.name: setting for setting in SETTINGS}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment; raises `BadInput` for an unknown name or a value that can't be read."""
    _refuse_unknown(environment)
    values = {setting.name: environment.get(PREFIX + setting.name, "") for setting in SETTINGS}
    data = Path(values["DATA"] or "./textarchive-data").absolute()
    return Settings(
        data=data,
        database_url=values["DATABASE_URL"] or f"sqlite:///{data / 'archive.db'}",
        vault=_place(PREFIX + "VAULT", values["VAULT"], data / "vault"),
        vault_mode=_lock_mode(values["VAULT_MODE"] or "governance"),
        vault_max_lock_days=_count("VAULT_MAX_LOCK_DAYS", values["VAULT_MAX_LOCK_DAYS"] or "3000", least=1),
        vault_delay_seconds=_count("VAULT_DELAY_SECONDS", values["VAULT_DELAY_SECONDS"] or "300"),
        vault_ingest_profile=values["VAULT_INGEST_PROFILE"] or None,
        vault_hold_profile=values["VAULT_HOLD_PROFILE"] or None,
        vault_purge_profile=values["VAULT_PURGE_PROFILE"] or None,
        vault_audit_profile=values["VAULT_AUDIT_PROFILE"] or None,
        keys_backup=_place(PREFIX + "KEYS_BACKUP", values["KEYS_BACKUP"], data / "keys-backup"),
        keys_backup_profile=values["KEYS_BACKUP_PROFILE"] or None,
        backup_profile=values["BACKUP_PROFILE"] or None,
        s3_endpoint=values["S3_ENDPOINT"] or None,
        public_url=(values["PUBLIC_URL"] or "http://127.0.0.1:8080").rstrip("/"),
        master_key=values["MASTER_KEY"] or None,
        master_key_file=Path(values["MASTER_KEY_FILE"] or data / "master.key").absolute(),
        kms_key_id=values["KMS_KEY_ID"] or None,
        trusted_proxies=_count("TRUSTED_PROXIES", values["TRUSTED_PROXIES"] or "0"),
        webex_url=values["WEBEX_URL"] or "https://webexapis.com/v1",
        provider_urls=_addresses(values["PROVIDER_URLS"]),
        webex_token=values["WEBEX_TOKEN"] or None,
    )


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in _KNOWN:
            # Without the prefix, which would make every name look like every other.
            known = [setting.name for setting in SETTINGS]
            near = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1, cutoff=0.5)
            hint = f"Did you mean {PREFIX}{near[0]}?" if near else f"Known are {', '.join(_KNOWN)}."
            raise BadInput(f"{name} is not a setting of this program.", hint)


def _place(name: str, value: str, default: Path) -> Path | Bucket:
    return parse_place(name, value) if value else default


def parse_place(name: str, value: str) -> Path | Bucket:
    """A folder, or `s3://bucket/prefix`. `name`: what it is called in an error. Raises `BadInput`."""
    scheme, separator, rest = value.partition("://")
    if not separator:
        return Path(value).absolute()
    bucket, _, prefix = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise BadInput(f"{name} is {value!r}.", "Give it a folder, or s3://bucket/prefix.")
    return Bucket(bucket, prefix.strip("/") + "/" if prefix.strip("/") else "")


def _addresses(value: str) -> dict[str, str]:
    pairs = [one.strip().partition("=") for one in value.split(",") if one.strip()]
    for name, _, address in pairs:
        if not name or not address.startswith(("https://", "http://")):
            raise BadInput(f"{PREFIX}PROVIDER_URLS is {value!r}.", "Give it names and addresses: twilio=https://….")
    return {name: address.rstrip("/") for name, _, address in pairs}


def _lock_mode(value: str) -> LockMode:
    for mode in get_args(LockMode):
        if value.lower() == mode:
            found: LockMode = mode
            return found
    raise BadInput(f"{PREFIX}VAULT_MODE is {value!r}.", "Give it governance or compliance.")


def _count(name: str, value: str, least: int = 0) -> int:
    if not value.isdigit() or int(value) < least:
        raise BadInput(
            f"{PREFIX}{name} is {value!r}, not a whole number that it can be.", f"Give it a number from {least} upward."
        )
    return int(value)
