"""Looking at some of the vault: is every object there that should be, and are some of them what the database says?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from archive.access.organisations import OrganisationRow
from archive.core.errors import Damaged, NotFound
from archive.ledger.store import commitments
from archive.segments import names, store
from archive.segments.actions import ACTOR
from archive.segments.layout import Entry, Record, Segment, read_segment
from archive.segments.vault import Vault
from archive.tx import Transactions

Choose = Callable[[Sequence[str]], Sequence[str]]
"""Some of these names."""


@dataclass(slots=True)
class Looked:
    """`objects` were read, of all whose names and sizes were compared. `faults`: a sentence each."""

    objects: int = 0
    faults: list[str] = field(default_factory=list)


def look_at_some(transactions: Transactions, vault: Vault, organisation: OrganisationRow, choose: Choose) -> Looked:
    """What was being put or deleted meanwhile is not missed: what is amiss is looked at once more."""
    amiss = _amiss(transactions, vault, organisation)
    if amiss:
        amiss &= _amiss(transactions, vault, organisation)
    with transactions.glance() as session:
        known = sorted(store.sizes(session, organisation.id))
    looked = Looked(faults=[f"{name} is gone from the vault, or has another size" for name in sorted(amiss)])
    for name in choose([name for name in known if name not in amiss]):
        looked.objects += 1
        looked.faults += _faults(transactions, vault, organisation, name)
    return looked


def _amiss(transactions: Transactions, vault: Vault, organisation: OrganisationRow) -> set[str]:
    with transactions.glance() as session:
        known = store.sizes(session, organisation.id)
    there: dict[str, int] = {}
    for version in vault.versions(f"{organisation.public_id}/"):
        if not version.is_marker:
            there.setdefault(version.name, version.size)
    now = transactions.clock()
    return {name for name, size in known.items() if there.get(name) != size and not _may_be_going(name, now)}


def _may_be_going(name: str, now: datetime) -> bool:
    """Whether its day is over: then a purge may be deleting it at this moment."""
    _, kind, day, *_ = name.split("/")
    return kind == "days" and names.end_of_day(day) <= now


def _faults(transactions: Transactions, vault: Vault, organisation: OrganisationRow, name: str) -> Iterator[str]:
    try:
        segment = read_segment(name, vault.get(name))
    except NotFound:
        return  # It was purged a moment ago: whatever is gone for no reason was named above.
    except Damaged as problem:
        yield problem.message
        return
    with transactions.read(organisation.id, ACTOR) as tx:
        stored = commitments(tx, segment.header.first - 1, segment.header.last)
    other = _others(segment, stored)
    if other:
        ranges = ", ".join(f"#{first} to #{last}" for first, last in names.ranges(sorted(other))[:3])
        yield f"{name} has other entries or records than the database: {ranges}"


def _others(segment: Segment, stored: dict[int, bytes]) -> set[int]:
    return {
        line.seq
        for line in segment
        if isinstance(line, Entry | Record) and stored.get(line.seq, line.commit) != line.commit
    }
