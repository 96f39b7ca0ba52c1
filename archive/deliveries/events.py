"""What the ledger says of reports on texts."""

from datetime import datetime

from archive.ledger.entry import Event


class DeliveryNoted(Event, frozen=True, kw_only=True):
    """One report. `to`: which of the text's recipients, from 0. Without a subject its text is not here yet, and then it
    says by what that is known at the provider.

    Nothing in it names a person: it is kept for as long as the trail, which is longer than the text. `digest` and
    `identity` are those of its row, 16 hexadecimal digits; `until` is how long it waits for a text. All that the row
    holds is here or in the text, so that it can be written anew.
    """

    kind = "delivery.noted"
    private = frozenset({"account", "provider", "provider_id"})
    digest: str
    identity: str
    until: datetime
    to: int
    status: str
    said: str
    code: str | None = None
    category: str | None = None
    title: str | None = None
    at: datetime | None = None
    provider: str | None = None
    account: str | None = None
    provider_id: str | None = None


class DeliveriesJoined(Event, frozen=True, kw_only=True):
    """The text came after what was said of it. `entries`: those of the reports."""

    kind = "delivery.joined"
    entries: tuple[int, ...]
