"""Remembers whom the archive has told to wait, so that telling them again costs nothing.

Per process; what counts is in the database. Whoever is not remembered here is asked about there.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from archive.access.throttle import RetryLater, network

_MOST_REMEMBERED = 10_000


class Refusals:
    def __init__(self) -> None:
        self._until: dict[str, tuple[datetime, RetryLater]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def around(self, address: str, now: datetime) -> Iterator[None]:
        """Raises `RetryLater` at once if the block did so before for this network, and its time is not over."""
        name = network(address)
        self._check(name, now)
        try:
            yield
        except RetryLater as refused:
            self._remember(name, now, refused)
            raise

    def _check(self, name: str, now: datetime) -> None:
        with self._lock:
            until, refused = self._until.get(name, (now, None))
        if refused and now < until:
            seconds = int((until - now).total_seconds()) + 1
            raise RetryLater(refused.message, refused.next_step, seconds)

    def _remember(self, name: str, now: datetime, refused: RetryLater) -> None:
        with self._lock:
            if len(self._until) >= _MOST_REMEMBERED:
                self._until.clear()
            self._until[name] = (now + timedelta(seconds=refused.seconds), refused)
