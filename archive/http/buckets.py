"""One key can't starve the others: a bucket of requests for each, refilled steadily.

Per process, and far above honest use.
"""

import threading
import time
from collections.abc import Callable

from archive.access.throttle import RetryLater

A_SECOND = 5_000.0
AT_ONCE = 10_000.0
_MOST_REMEMBERED = 10_000


class Buckets:
    def __init__(
        self, a_second: float = A_SECOND, at_once: float = AT_ONCE, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._timer = timer
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, name: str) -> None:
        """One request; raises `RetryLater` when the bucket is empty."""
        now = self._timer()
        with self._lock:
            left, at = self._left.get(name) or self._full(now)
            left = min(self._at_once, left + (now - at) * self._a_second)
            empty = left < 1
            self._left[name] = (left if empty else left - 1, now)
        if empty:
            raise RetryLater("This key sends too many requests.", "Slow down, and send texts in batches.", 1)

    def _full(self, now: float) -> tuple[float, float]:
        if len(self._left) >= _MOST_REMEMBERED:
            self._left.clear()
        return self._at_once, now
