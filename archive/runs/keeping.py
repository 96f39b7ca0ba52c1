"""Keeps a lease while the work goes on, however long that is. It dies with its process, and then the lease ends."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from archive.core.faults import path_of
from archive.runs import store
from archive.runs.due import RENEWED_EVERY
from archive.runs.model import Lease
from archive.tx import Transactions

_log = logging.getLogger(__name__)


@contextmanager
def kept(transactions: Transactions, lease: Lease, every: timedelta = RENEWED_EVERY) -> Iterator[None]:
    """Renews the lease again and again, in a thread of its own, until the block ends."""
    over = threading.Event()
    arguments = (over, transactions, lease, every)
    thread = threading.Thread(target=_renew_until, name=f"keeps {lease.job}", args=arguments, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _renew_until(over: threading.Event, transactions: Transactions, lease: Lease, every: timedelta) -> None:
    while not over.wait(every.total_seconds()):
        try:
            if not _renew(transactions, lease):
                return  # Somebody has taken over; the fence refuses what is still to be committed.
        except Exception as problem:  # noqa: BLE001 - the database may be back before the lease ends.
            _log.warning(
                "The lease of %s was not renewed: %s at %s", lease.job, type(problem).__name__, path_of(problem)
            )


def _renew(transactions: Transactions, lease: Lease) -> bool:
    with transactions.across() as session:
        return store.renew(session, lease, transactions.clock())
