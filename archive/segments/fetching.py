"""Many objects, in order, some of them on their way while one is dealt with."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from archive.core.errors import Damaged, NotFound
from archive.segments.layout import Segment, read_segment
from archive.segments.vault import Vault

ON_THEIR_WAY = 8
"""Of 8 MB each at most."""


def fetch_segments(vault: Vault, names: Iterable[str]) -> Iterator[tuple[str, Segment | None]]:
    """Each name with its segment, or with None if that is damaged or gone."""
    with ThreadPoolExecutor(ON_THEIR_WAY) as pool:
        waiting: deque[tuple[str, Future[Segment | None]]] = deque()
        for name in names:
            waiting.append((name, pool.submit(_fetch, vault, name)))
            if len(waiting) == ON_THEIR_WAY:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)


def _first(waiting: "deque[tuple[str, Future[Segment | None]]]") -> tuple[str, Segment | None]:
    name, future = waiting.popleft()
    return name, future.result()


def _fetch(vault: Vault, name: str) -> Segment | None:
    try:
        return read_segment(name, vault.get(name))
    except (Damaged, NotFound):
        return None
