"""What the ledger says of completeness. Nothing in it names a person but those who typed a reason."""

from datetime import date

from archive.ledger.entry import Event


class CountsExpected(Event, frozen=True, kw_only=True):
    """A provider's own counts. `counts`: (own number or none for the whole account, UTC day, direction, texts)."""

    kind = "completeness.expected"
    provider: str
    account: str
    counts: tuple[tuple[str | None, date, str, int], ...]
