"""A look at a sample, each night: what takes too long to be verified every day is verified over the weeks.

Records are opened and hashed anew; segments of the vault are read and compared with the database. The search index has
a job of its own that reads all of it.
"""

import random
from collections.abc import Iterator, Sequence

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.ledger.checkpoints import signer
from archive.ledger.entry import Event
from archive.ledger.report import Purged
from archive.ledger.trail import TrailEntry, Wanted, read_trail
from archive.ledger.verify import verify_some
from archive.proving import KEEPERS
from archive.retention.gone import gone
from archive.segments.sampling import look_at_some
from archive.segments.vault import Vault
from archive.tx import Transactions, Tx

ACTOR = Actor("job", "scrub")
STRETCHES, ENTRIES = 16, 256
"""So many stretches of the ledger, of so many entries each, with the records of theirs."""
OBJECTS = 32
MOST_NAMED = 20


class Scrubbed(Event, frozen=True, kw_only=True):
    """`entries` and `objects` were looked at. `what`: the first `MOST_NAMED` of the faults; no personal data."""

    kind = "archive.scrubbed"
    entries: int
    objects: int
    faults: int
    what: tuple[str, ...]


def scrub(transactions: Transactions, vault: Vault, organisation: OrganisationRow, chance: random.Random) -> Scrubbed:
    """What was found is in the ledger from here on, and on the page on health."""
    with transactions.read(organisation.id, ACTOR) as tx:
        missing = gone(tx, signer(tx, organisation.origin).public)
        stretches = list(_stretches(tx.ledger_size, chance))
        report = verify_some(tx, KEEPERS, stretches, Purged(missing.certified, missing.going))
    looked = look_at_some(transactions, vault, organisation, lambda known: _some(known, chance))
    faults = [*map(str, report.faults), *looked.faults]
    done = Scrubbed(
        entries=sum(through - after for after, through in stretches),
        objects=looked.objects,
        faults=len(faults),
        what=tuple(faults[:MOST_NAMED]),
    )
    with transactions.write(organisation.id, ACTOR) as tx:
        tx.record(done)
    return done


def newest_scrub(tx: Tx) -> TrailEntry | None:
    found = read_trail(tx, Wanted(kind=Scrubbed.kind), 1, details=False)
    return found[0] if found else None


def _stretches(size: int, chance: random.Random) -> Iterator[tuple[int, int]]:
    """All of a small ledger; of a large one some parts that don't overlap."""
    parts = range(0, size, ENTRIES)
    for after in sorted(chance.sample(parts, min(STRETCHES, len(parts)))):
        yield after, min(after + ENTRIES, size)


def _some(known: Sequence[str], chance: random.Random) -> Sequence[str]:
    return chance.sample(known, min(OBJECTS, len(known)))
