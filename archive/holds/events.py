"""What happens to matters and holds, as the ledger tells it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import ClassVar

from archive.holds.model import Predicate
from archive.ledger.entry import Event


class MatterOpened(Event, frozen=True, kw_only=True):
    """`commit`: the commitment to the words in the matter's row."""

    kind = "matter.opened"
    private: ClassVar[frozenset[str]] = frozenset({"name", "reference"})
    commit: str
    name: str
    reference: str


class HoldPreviewed(Event, frozen=True, kw_only=True):
    """Somebody asked what a hold would cover: in effect a search."""

    kind = "hold.previewed"
    private: ClassVar[frozenset[str]] = frozenset({"predicate"})
    predicate: Predicate
    count: int


class HoldPlaced(Event, frozen=True, kw_only=True):
    """`count` texts are under it from now on; `shredding` that it covers were being destroyed already.

    `digest`: of the serials, as `digest_of` makes it. `commit`: the commitment to the words in the hold's row.
    """

    kind = "hold.placed"
    private: ClassVar[frozenset[str]] = frozenset({"predicate", "reason"})
    matter: str
    commit: str
    standing: bool
    count: int
    shredding: int
    digest: str
    predicate: Predicate
    reason: str


class HoldCaught(Event, frozen=True, kw_only=True):
    """Texts that came under a hold as they were stored."""

    kind = "hold.caught"
    count: int
    digest: str


class HoldCovered(Event, frozen=True, kw_only=True):
    """A hold was compared with every text: `held` of `matching` were under it, `added` are now.

    `unindexed`: how many of them no search finds yet.
    """

    kind = "hold.covered"
    matching: int
    held: int
    added: int
    unindexed: int
    digest: str | None = None


class HoldRestored(Event, frozen=True, kw_only=True):
    """After a restore: of the texts that an entry had put under the hold only `count` are here. The others are lost,
    as the restore's own entry says. `digest`: of those that are here.
    """

    kind = "hold.restored"
    entry: int
    count: int
    digest: str


class ReleaseAsked(Event, frozen=True, kw_only=True):
    kind = "hold.release-asked"
    private: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason: str


class ReleaseRefused(Event, frozen=True, kw_only=True):
    kind = "hold.release-refused"


class HoldReleased(Event, frozen=True, kw_only=True):
    """`freed` of the `count` texts are under no other hold. `planned` of these have had their time: `due_on` is the day
    whose purge batch takes them, if nothing keeps them by then.
    """

    kind = "hold.released"
    asked_by: str
    count: int
    freed: int
    planned: int
    due_on: str
    digest: str


def digest_of(serials: Sequence[int]) -> str:
    """SHA-256 over the serials in order, eight bytes each."""
    return sha256(b"".join(serial.to_bytes(8, "big") for serial in serials)).hexdigest()
