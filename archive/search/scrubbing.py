"""Looks through a whole index, compares it with the database, and mends what is wrong while searches go on."""

from archive.search.follower import ACTOR, catch_up, give_up_damaged, mend
from archive.search.index import Difference, SearchIndex
from archive.search.store import stored_serials
from archive.tx import Transactions


def problems(transactions: Transactions, index: SearchIndex, org_id: int) -> list[str]:
    """What is wrong with the index, in itself or compared with the database; empty when it is whole.

    Raises nothing for a damaged index: then that is what is wrong.
    """
    found = [fault.what for fault in index.check(org_id)]
    return found or _named(_difference(transactions, index, org_id))


def scrub(transactions: Transactions, index: SearchIndex, org_id: int) -> list[str]:
    """What was wrong, and is mended now: only months that can't be trusted are indexed again. Raises `IndexBusy`."""
    faults = index.check(org_id)
    give_up_damaged(index, org_id, faults)
    catch_up(transactions, index, org_id)
    difference = _difference(transactions, index, org_id)
    if difference.extra:
        index.purge(org_id, difference.extra)
    if difference.lacking:
        mend(transactions, index, org_id)
    return [*(fault.what for fault in faults), *_named(difference)]


def _difference(transactions: Transactions, index: SearchIndex, org_id: int) -> Difference:
    position = index.state(org_id).position
    with transactions.read(org_id, ACTOR) as tx:
        stored = stored_serials(tx, position)
    return index.compare(org_id, stored, position)


def _named(difference: Difference) -> list[str]:
    pairs = ((difference.lacking, "stored and not indexed"), (difference.extra, "indexed and not stored"))
    return [f"{len(serials):,} texts are {what}, the first is {serials[0]}." for serials, what in pairs if serials]
