"""What the ledger says of runs."""

from datetime import datetime

from archive.ledger.entry import Event


class ListPulled(Event, frozen=True, kw_only=True):
    """A run has ended. From `since` it was to list until `until`, and has got as far as `reached`.

    `failures`: items that could not be read, and wait in quarantine. `why` it ended, if not since all of it was
    listed. `through`: everything before that is listed, by this run and those before it; by that it goes on when the
    database was lost.
    """

    kind = "provider.list-pulled"
    provider: str
    account: str
    since: datetime
    until: datetime
    reached: datetime
    ended: str
    pages: int
    new: int
    duplicates: int
    failures: int
    reports: int
    through: datetime | None = None
    why: str | None = None
