"""One frozen `Settings`, read once from `TEXTARCHIVE_*`. A name that nobody knows is an error, never ignored."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.core.errors import BadInput

PREFIX = "TEXTARCHIVE_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the archive keeps its things and how it is reached."""

    data: Path
    database_url: str
    vault: Path
    public_url: str
    master_key: str | None
    master_key_file: Path
    kms_key_id: str | None
    trusted_proxies: int

    @property
    def index(self) -> Path:
        """The search index: a cache, always rebuildable, never backed up."""
        return self.data / "index"

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
    Setting("VAULT", "DATA/vault", "Folder for write-once copies (checkpoints).", Path),
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
        vault=Path(values["VAULT"]).absolute() if values["VAULT"] else data / "vault",
        public_url=(values["PUBLIC_URL"] or "http://127.0.0.1:8080").rstrip("/"),
        master_key=values["MASTER_KEY"] or None,
        master_key_file=Path(values["MASTER_KEY_FILE"] or data / "master.key").absolute(),
        kms_key_id=values["KMS_KEY_ID"] or None,
        trusted_proxies=_count("TRUSTED_PROXIES", values["TRUSTED_PROXIES"] or "0"),
    )


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in _KNOWN:
            # Without the prefix, which would make every name look like every other.
            known = [setting.name for setting in SETTINGS]
            near = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1, cutoff=0.5)
            hint = f"Did you mean {PREFIX}{near[0]}?" if near else f"Known are {', '.join(_KNOWN)}."
            raise BadInput(f"{name} is not a setting of this program.", hint)


def _count(name: str, value: str) -> int:
    if not value.isdigit():
        raise BadInput(f"{PREFIX}{name} is {value!r}, not a whole number.", "Give it a number from 0 upward.")
    return int(value)
