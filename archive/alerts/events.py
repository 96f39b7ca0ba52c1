"""What the ledger says of alerts."""

from datetime import date

from archive.ledger.entry import Event


class AlertOpened(Event, frozen=True, kw_only=True):
    """`cause` and `about`: see `model.Cause`. `serials`: texts that it happened to first."""

    kind = "alert.opened"
    cause: str
    about: str
    day: date
    count: int
    serials: tuple[int, ...]


class AlertRepeated(Event, frozen=True, kw_only=True):
    """It happened again. `count`: how often in all."""

    kind = "alert.repeated"
    count: int


class AlertClosed(Event, frozen=True, kw_only=True):
    kind = "alert.closed"
    private = frozenset({"reason"})
    count: int
    reason: str
