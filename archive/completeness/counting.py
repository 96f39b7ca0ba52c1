"""Counts what has arrived, and counts again what should still be here.

A follower of the ledger: it reads on from where it is, a stretch at a time, and holds up nobody that writes.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from archive.completeness import count_store, text_store
from archive.completeness.count_store import Tally
from archive.completeness.gap import Cause, Shortfall, shortened, vanished
from archive.completeness.model import Cell, first_watched
from archive.core.actor import Actor
from archive.core.clock import day_of
from archive.messages.blocks import IN_A_BLOCK, block_of
from archive.retention.batches import taken_among
from archive.retention.serials import ranges_of
from archive.tx import Transactions, Tx

ACTOR: Final = Actor("job", "completeness")
STRETCH: Final = 50_000
"""Entries of the ledger in one transaction."""
NEWEST: Final = 2
AT_A_TIME: Final = 4
"""Blocks whose rows are counted again with each look: the newest ones, and so many others in turn."""
MOST_RANGES: Final = 50


def count_new(transactions: Transactions, org_id: int, stretch: int = STRETCH) -> int:
    """Count the texts that came since the last time; how many."""
    texts = 0
    while True:
        with transactions.read(org_id, ACTOR) as tx:
            after = count_store.progress(tx).counted
            through = min(after + stretch, tx.ledger_size, IN_A_BLOCK * (block_of(after + 1) + 1) - 1)
            tallies = _arrived(tx, after, through)
            watched = {cell: tally for cell, tally in tallies.items() if cell.day >= first_watched(tx.now)}
        if through <= after:
            return texts
        with transactions.write(org_id, ACTOR) as tx:
            now = count_store.progress(tx)
            if now.counted == after:
                count_store.add(tx, block_of(through), watched, through)
                count_store.note_progress(tx, replace(now, counted=through))
        texts += sum(tally.arrived for tally in tallies.values())


def _arrived(tx: Tx, after: int, through: int) -> dict[Cell, Tally]:
    """By their rows; of those that have none any more, without a lawful purge, only the day is known."""
    found = text_store.tallies(tx, after, through)
    here = sum(tally.arrived for tally in found.values())
    if text_store.count_entries(tx, after, through) == here:
        return found
    lacking = text_store.without_row(tx, after, through)
    purged = taken_among(tx, lacking)
    days = Counter(day_of(at) for serial, at in lacking.items() if serial not in purged)
    return {**found, **{Cell(day, "", "", "", ""): Tally(texts) for day, texts in days.items()}}


def blocks_to_look_at(tx: Tx, gaps: Iterable[int | None]) -> set[int]:
    """The newest, those that gaps are in, and some others, so that in time each is looked at."""
    now = count_store.progress(tx)
    newest = block_of(now.counted)
    some = {*range(max(0, newest - NEWEST + 1), newest + 1)}
    some.update(block for block in gaps if block is not None)
    some.update((now.block + step) % (newest + 1) for step in range(AT_A_TIME))
    return {block for block in some if block <= newest}


def look_at_block(tx: Tx, block: int) -> list[Shortfall]:
    """What has vanished from among its serials, by what was counted when it arrived."""
    counted = count_store.progress(tx).counted
    after, through = IN_A_BLOCK * block - 1, min(IN_A_BLOCK * (block + 1) - 1, counted)
    arrived = count_store.arrived_in(tx, block)
    here = {cell: tally.arrived for cell, tally in text_store.tallies(tx, after, through).items()}
    lacking = vanished(arrived, here, first_watched(tx.now))
    serials = _vanished_serials(tx, after, through) if lacking else ()
    return [
        Shortfall(
            cause=Cause.VANISHED,
            cell=cell,
            expected=arrived[cell],
            stored=arrived[cell] - texts,
            indexed=arrived[cell] - texts,
            missing=texts,
            block=block,
            serials=serials,
        )
        for cell, texts in lacking.items()
    ]


def _vanished_serials(tx: Tx, after: int, through: int) -> tuple[tuple[int, int], ...]:
    lacking = text_store.without_row(tx, after, through)
    return shortened(ranges_of(set(lacking) - taken_among(tx, lacking)), MOST_RANGES)
