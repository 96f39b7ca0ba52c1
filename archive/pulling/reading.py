"""How the lists of accounts stand, for people."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from archive.providers.credentials import demand_readable, granted
from archive.providers.listed.model import READERS
from archive.pulling.model import Run, Standing
from archive.pulling.store import PullRow, all_pulls
from archive.tx import Tx


def standings(tx: Tx, accounts: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Standing]:
    """Of those accounts whose lists can be read."""
    since = granted(tx)
    rows = {(row.provider, row.account): row for row in all_pulls(tx)}
    readable = [name for name in accounts if name[0] in READERS]
    return {name: _standing(tx, name, since.get(name), rows.get(name)) for name in readable}


def all_standings(tx: Tx) -> list[Standing]:
    """Of those that there are credentials for."""
    return list(standings(tx, sorted(granted(tx))).values())


def standing_of(tx: Tx, provider: str, account: str) -> Standing:
    """Raises `NotFound` for an account that is not connected, `BadInput` for one without a list."""
    demand_readable(tx, provider, account)
    return standings(tx, [(provider, account)])[provider, account]


def _standing(tx: Tx, name: tuple[str, str], granted_at: datetime | None, row: PullRow | None) -> Standing:
    if row is None:
        return Standing(*name, granted_at)
    return Standing(
        *name,
        granted_at,
        through_at=row.through_at,
        due_at=row.due_at,
        running=row.leased_until_at is not None and row.leased_until_at > tx.now,
        last=msgspec.json.decode(row.last, type=Run) if row.last else None,
    )
