"""What the search index can answer in place of opening every text: only if it knows all of them, and is whole."""

from collections.abc import Container
from dataclasses import dataclass, field

from archive.core.errors import ArchiveError
from archive.messages.store import count_messages
from archive.search.index import SearchIndex
from archive.search.plan import Plan
from archive.tx import Tx

AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Answers:
    """For texts up to `position`, `unreadable` ones apart: whether the plan finds them."""

    position: int = 0
    found: Container[int] = field(default_factory=frozenset)
    unreadable: Container[int] = field(default_factory=frozenset)

    def of(self, serial: int) -> bool | None:
        """None for a text that has to be opened."""
        if serial > self.position or serial in self.unreadable:
            return None
        return serial in self.found


NO_ANSWERS = Answers()


def ask_index(tx: Tx, index: SearchIndex | None, wanted: Plan) -> Answers:
    """Everything that the index finds; nothing at all if any text is missing from it, or anything is damaged."""
    if index is None:
        return NO_ANSWERS
    try:
        state = index.state(tx.org_id)
        whole = state.texts + len(state.unreadable) == count_messages(tx, state.position)
        if not whole or index.check(tx.org_id):
            return NO_ANSWERS
        found = frozenset(_all(index, tx.org_id, wanted))
        # Built anew or purged meanwhile: then the pages were of two different indexes.
        same = index.state(tx.org_id) == state
    except ArchiveError:  # Too costly to ask, or damaged: opening is slower, and always right.
        return NO_ANSWERS
    return Answers(state.position, found, frozenset(state.unreadable)) if same else NO_ANSWERS


def _all(index: SearchIndex, org_id: int, wanted: Plan) -> list[int]:
    serials: list[int] = []
    page = index.page(org_id, wanted, AT_ONCE)
    serials += [serial for serial, _ in page.hits]
    while page.next:
        page = index.page(org_id, wanted, AT_ONCE, page.next)
        serials += [serial for serial, _ in page.hits]
    return serials
