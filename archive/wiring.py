"""Puts the archive together, once, for web, jobs and command line alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace

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
from archive.segments.folder_vault import FolderVault
from archive.segments.vault import Vault
from archive.settings import Settings
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
    vault, index = FolderVault(settings.vault), WhooshIndex(settings.index)
    return Archive(settings, clock, engine, keyring, transactions, group, vault, index)


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
