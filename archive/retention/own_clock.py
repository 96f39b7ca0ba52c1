"""When texts came in, by our own clock's record and not by what was written into them.

A text's dates come from the clock of the moment at which it was stored. If that clock stood a year behind, its time
would be over a year too soon. The ledger knows better: entries before it were made before it, so whatever time they
bear had passed. Not all of them are looked at, but those 1, 2, 4, 8 … entries before: wherever a stretch of wrong time
began, one of these lies as far before the beginning as the text lies behind it, or nearer.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from archive.core.clock import from_micros
from archive.ledger.rows import LedgerEntryRow
from archive.retention.decide import Verdict
from archive.retention.period import FLOOR_DAYS, MINIMUM_RESIDENCY
from archive.tx import Tx

MOST_APART = timedelta(seconds=120)
"""Clocks of two machines may differ by so much, and their entries stand in one ledger."""

AT_ONCE = 10_000


def behind(tx: Tx, serials: Sequence[int]) -> dict[int, timedelta]:
    """serial → by how much our clock stood behind when it was stored; those only where it did."""
    moments = _moments(tx, {probe for serial in serials for probe in (serial, *probes(serial))})
    found = {}
    for serial in serials:
        before = max((moments[probe] for probe in probes(serial) if probe in moments), default=0)
        late = from_micros(before) - from_micros(moments[serial])
        if late > MOST_APART:
            found[serial] = late
    return found


def probes(serial: int) -> Iterator[int]:
    """The entries 1, 2, 4, 8 … before it."""
    step = 1
    while step < serial:
        yield serial - step
        step *= 2


def earliest_end(received_at: datetime, verdict: Verdict, late: timedelta) -> datetime:
    """Before this moment no policy whatever lets a text go, counted from when it really came in."""
    least = timedelta(days=FLOOR_DAYS) if verdict.anchor == "received" else MINIMUM_RESIDENCY
    return received_at + late + least


def _moments(tx: Tx, seqs: set[int]) -> dict[int, int]:
    """Sequence number → the moment of its entry, in microseconds."""
    tx.write_entries()
    wanted, table = sorted(seqs), LedgerEntryRow.__table__
    columns: Any = select(table.c.seq, table.c.at).where(table.c.org_id == tx.org_id)
    found: dict[int, int] = {}
    for start in range(0, len(wanted), AT_ONCE):
        statement = columns.where(table.c.seq.in_(wanted[start : start + AT_ONCE]))
        result: Any = tx.session.connection().execute(statement)
        found.update(result.cursor.fetchall())
    return found
