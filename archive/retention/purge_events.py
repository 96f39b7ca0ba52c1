"""What the ledger says of a purge batch, from its plan to its certificate. `subject` is always `batch:` and its id."""

from archive.ledger.entry import Event


class PurgePlanned(Event, frozen=True, kw_only=True):
    """`texts` and `items` (of the quarantine) are to be destroyed at the end of `day`; `held` and `longer` of that day
    are not. `digest`: of the serials, as `digest_of` makes it. `trips`: the breakers that a person has to allow.
    """

    kind = "purge.planned"
    day: str
    texts: int
    items: int
    held: int
    longer: int
    numbers: int
    digest: str
    policy: int
    trips: tuple[str, ...]


class PurgeWithdrawn(Event, frozen=True, kw_only=True):
    """A plan was made too early, by a clock that was put right since. Another is made in its time."""

    kind = "purge.withdrawn"
    day: str


class PurgeHeldUp(Event, frozen=True, kw_only=True):
    """On its day the batch was stopped by breakers that had not been there before."""

    kind = "purge.held-up"
    trips: tuple[str, ...]


class PurgeApproved(Event, frozen=True, kw_only=True):
    """A person let the batch go in spite of these breakers, having been told how many texts it takes."""

    kind = "purge.approved"
    texts: int
    items: int
    trips: tuple[str, ...]


class PurgeBegun(Event, frozen=True, kw_only=True):
    """From here on nobody reads what the batch takes. The other counts are of what stays.

    `approved_by`: the person, or `nobody` where no breaker had stopped it.
    """

    kind = "purge.begun"
    texts: int
    items: int
    digest: str
    approved_by: str
    held: int
    longer: int
    later: int
    unplanned: int
    items_kept: int


class PurgeStepDone(Event, frozen=True, kw_only=True):
    kind = "purge.step-done"
    step: str


class ItemsKept(Event, frozen=True, kw_only=True):
    """So many quarantined items that stay were sealed anew, since the key that they lay under goes."""

    kind = "retention.items-kept"
    count: int


class PurgeCertified(Event, frozen=True, kw_only=True):
    """All of it is gone. `certificate`: SHA-256 of the certificate as canonical JSON."""

    kind = "purge.certified"
    day: str
    texts: int
    items: int
    digest: str
    certificate: str


def subject_of(batch_id: str) -> str:
    return f"batch:{batch_id}"
