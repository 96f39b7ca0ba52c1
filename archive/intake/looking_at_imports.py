"""Taking the fates of an import's items along, which is itself an entry of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from archive.core.actor import Actor
from archive.group_commit import GroupCommit
from archive.intake.fates import Fate
from archive.intake.import_runs import FatesViewed, ImportRun, fates_of, read_import
from archive.tx import Transactions


class Opening(Protocol):
    """What of an archive this needs."""

    @property
    def transactions(self) -> Transactions: ...
    @property
    def group(self) -> GroupCommit: ...


@dataclass(frozen=True, slots=True)
class Fates:
    run: ImportRun
    fates: Sequence[Fate]


def open_fates(archive: Opening, org_id: int, actor: Actor, run_id: str) -> Fates:
    """Raises `NotFound`."""
    with archive.transactions.read(org_id, actor) as tx:
        opened = Fates(read_import(tx, run_id), list(fates_of(tx, run_id)))
    archive.group.record(org_id, actor, FatesViewed(subject=run_id))
    return opened
