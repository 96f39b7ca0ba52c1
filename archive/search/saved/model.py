"""A saved search, and the rules about whose it is."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.core.errors import BadInput
from archive.search.index import Sorting

NAME_LENGTH: Final = 100
MOST_OF_ONE: Final = 200

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """`owner` is an actor as the ledger writes it. `may_change`: whoever asked may rename, share and delete it."""

    id: str
    name: str
    query: str
    sorting: Sorting
    shared: bool
    owner: str
    created_at: datetime
    changed_at: datetime
    may_change: bool


def may_see(owner: str, shared: bool, asking: str) -> bool:
    return shared or owner == asking


def may_change(owner: str, shared: bool, asking: str, *, owner_can_act: bool) -> bool:
    """Its owner. A shared one whose owner can't come back any more is everybody's, or nobody could tidy up."""
    return owner == asking or (shared and not owner_can_act)


def checked_name(name: str) -> str:
    """The name without white space around it. Raises `BadInput`."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH:
        raise BadInput(f"A name has 1 to {NAME_LENGTH} characters.", "Say in a few words what the search finds.")
    if _CONTROL.search(name):
        raise BadInput("A name is one line of plain text.", "Leave out control characters.")
    return name
