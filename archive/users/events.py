"""What the ledger says about users. Who they are is sealed."""

from archive.ledger.entry import Event


class UserAdded(Event, frozen=True, kw_only=True):
    """What is left out is not known."""

    kind = "user.added"
    private = frozenset({"name", "email", "extension"})
    name: str
    email: str | None = None
    extension: str | None = None
    location: str | None = None
    primary_number: str | None = None
    source_id: str | None = None


class UserChanged(UserAdded, frozen=True, kw_only=True):
    """All that is known from then on."""

    kind = "user.changed"
