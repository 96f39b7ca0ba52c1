"""Puts the archive together, once, for web, jobs and command line alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from archive.core.actor import Actor
from archive.core.clock import Clock, system_clock
from archive.db.engine import open_engine
from archive.db.migrate import migrate
from archive.group_commit import GroupCommit
from archive.keys.keyring import Keyring
from archive.keys.local_kms import LocalWrapper, parse_master_key, read_master_key
from archive.keys.wrapping import KeyWrapper
from archive.schema import whole_schema
from archive.search.index import SearchIndex
from archive.search.whoosh.engine import WhooshIndex
from archive.segments.backup import BackupPlace
from archive.segments.folder_keys import FolderKeys
from archive.segments.folder_vault import FolderVault
from archive.segments.key_copy import KeyPlace
from archive.segments.vault import Vault
from archive.settings import Bucket, Profiles, Settings
from archive.tx import Transactions

GROUP = Actor("job", "group-commit")


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything that surfaces and jobs need. Made by `build`, handed down, never global."""

    settings: Settings
    clock: Clock
    engine: Engine
    keyring: Keyring
    transactions: Transactions
    group: GroupCommit
    vault: Vault
    keys_backup: KeyPlace
    index: SearchIndex

    def guarded(self, guard: Callable[[Session], None]) -> "Archive":
        """The same archive for somebody of whom `guard` is asked before each commit; it raises to refuse one."""
        transactions = self.transactions.guarded(guard)
        return replace(self, transactions=transactions, group=GroupCommit(transactions, GROUP))


def build(settings: Settings, *, clock: Clock | None = None) -> Archive:
    """The archive of `settings`. Opens keys and database; raises `NotReady` when they are not there."""
    clock = clock or system_clock
    keyring = Keyring(_wrapper(settings))
    engine = open_engine(settings.database_url)
    migrate(engine, whole_schema())
    transactions = Transactions(engine, keyring, clock)
    group = GroupCommit(transactions, GROUP)
    vault, keys_backup, index = _vault(settings, clock), _keys_backup(settings), WhooshIndex(settings.index)
    return Archive(settings, clock, engine, keyring, transactions, group, vault, keys_backup, index)


def _vault(settings: Settings, clock: Clock) -> Vault:
    longest = timedelta(days=settings.vault_max_lock_days)
    if not isinstance(settings.vault, Bucket):
        return FolderVault(settings.vault, longest, clock)
    from archive.segments.s3_vault.clients import Clients  # noqa: PLC0415 - boto3 is slow to import.
    from archive.segments.s3_vault.vault import S3Vault  # noqa: PLC0415

    clients = Clients(settings.profiles, settings.s3_endpoint)
    return S3Vault(settings.vault, clients, settings.vault_mode, longest, clock)


def _keys_backup(settings: Settings) -> KeyPlace:
    if not isinstance(settings.keys_backup, Bucket):
        return FolderKeys(settings.keys_backup)
    from archive.segments.s3_vault.clients import Clients  # noqa: PLC0415
    from archive.segments.s3_vault.keys import S3Keys  # noqa: PLC0415

    return S3Keys(settings.keys_backup, Clients(settings.profiles, settings.s3_endpoint))


def open_backup(settings: Settings, place: Path | Bucket, clock: Clock) -> BackupPlace:
    """Nothing in a backup is locked: it replaces what was there, and forgets what is purged."""
    if not isinstance(place, Bucket):
        return BackupPlace(FolderVault(place / "vault", clock=clock), FolderKeys(place / "keys"))
    from archive.segments.s3_vault.clients import Clients  # noqa: PLC0415
    from archive.segments.s3_vault.keys import S3Keys  # noqa: PLC0415
    from archive.segments.s3_vault.vault import S3Vault  # noqa: PLC0415

    one = settings.backup_profile
    clients = Clients(Profiles(ingest=one, hold=one, purge=one, audit=one, keys=one), settings.s3_endpoint)
    vault = S3Vault(place.below("vault"), clients, settings.vault_mode, timedelta(0), clock)
    return BackupPlace(vault, S3Keys(place.below("keys"), clients))


def create_buckets(settings: Settings, profile: str | None) -> dict[str, bool]:
    """Make the buckets that the settings name, with an AWS profile that may; address → whether it was missing."""
    from archive.segments.s3_vault.clients import Clients  # noqa: PLC0415
    from archive.segments.s3_vault.creating import create_bucket  # noqa: PLC0415

    clients = Clients(settings.profiles, settings.s3_endpoint)
    wanted = {settings.vault: True, settings.keys_backup: False}
    return {
        str(place): create_bucket(clients, profile, place, locking=locking)
        for place, locking in wanted.items()
        if isinstance(place, Bucket)
    }


def _wrapper(settings: Settings) -> KeyWrapper:
    if settings.kms_key_id:
        import boto3  # noqa: PLC0415 - slow to import, and only needed here.

        from archive.keys.aws_kms import KmsWrapper  # noqa: PLC0415

        return KmsWrapper(boto3.client("kms"), settings.kms_key_id)
    master = read_master(settings)
    assert master is not None
    return LocalWrapper(master)


def read_master(settings: Settings) -> bytes | None:
    """The master key in the open; None when KMS keeps it."""
    if settings.kms_key_id:
        return None
    return parse_master_key(settings.master_key) if settings.master_key else read_master_key(settings.master_key_file)
