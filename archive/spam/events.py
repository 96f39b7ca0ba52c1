"""What the ledger says of spam reports. Words and people are in none of them: `digest` commits to what is sealed."""

from archive.ledger.entry import Event


class SpamReported(Event, frozen=True, kw_only=True):
    """`digest`: SHA-256 over a salt and what was said, both sealed in the report."""

    kind = "spam.reported"
    source: str
    own_number: str
    digest: str
    campaign: str | None = None
    fee_tier: str | None = None


class SpamMatched(Event, frozen=True, kw_only=True):
    """The texts that it may be about, likeliest first: [serial, score]. Empty if none is like it."""

    kind = "spam.matched"
    texts: tuple[tuple[int, int], ...] = ()


class SpamViewed(Event, frozen=True, kw_only=True):
    kind = "spam.viewed"


class SpamImported(Event, frozen=True, kw_only=True):
    """A list of complaints was taken in; each that was new has an entry of its own."""

    kind = "spam.imported"
    sha256: str
    counts: dict[str, int]


class SpamMoved(Event, frozen=True, kw_only=True):
    """`digest` commits to the note that was written to it."""

    kind = "spam.moved"
    before: str
    after: str
    digest: str | None = None


class SpamNoted(Event, frozen=True, kw_only=True):
    kind = "spam.noted"
    digest: str


class SpamChanged(Event, frozen=True, kw_only=True):
    """What was set anew: who sees to it (a person's id, or empty for nobody), by when, in which tier of fees."""

    kind = "spam.changed"
    assignee: str | None = None
    due_on: str | None = None
    fee_tier: str | None = None


class SpamActed(Event, frozen=True, kw_only=True):
    """What was done because of it: see `acting.ACTIONS`. The change itself has an entry of its own."""

    kind = "spam.acted"
    action: str
