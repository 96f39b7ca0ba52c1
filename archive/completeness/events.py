"""What the ledger says of completeness. Nothing in it names a person but the reason that somebody typed."""

from datetime import date
from typing import Any

from archive.completeness.gap import Because, Shortfall
from archive.ledger.entry import Event

Ranges = tuple[tuple[int, int], ...]


class CountsExpected(Event, frozen=True, kw_only=True):
    """A provider's own counts. `counts`: (own number or none for the whole account, UTC day, direction, texts)."""

    kind = "completeness.expected"
    provider: str
    account: str
    counts: tuple[tuple[str | None, date, str, int], ...]


class CompletenessCleared(Event, frozen=True, kw_only=True):
    """Counts of days before `before`, and closed gaps of theirs, are forgotten: such texts may be destroyed by now."""

    kind = "completeness.cleared"
    before: date
    counts: int
    gaps: int


class GapOpened(Event, frozen=True, kw_only=True):
    """`missing` texts of what is named; `cause`: one of `gap.Cause`. `serials`: of those texts that are known."""

    kind = "gap.opened"
    cause: str
    day: date
    provider: str | None = None
    account: str | None = None
    number: str | None = None
    direction: str | None = None
    block: int | None = None
    expected: int
    stored: int
    indexed: int
    missing: int
    serials: Ranges = ()


class GapChanged(Event, frozen=True, kw_only=True):
    """Another look has found other figures. `alarm`: more is missing than somebody had acknowledged."""

    kind = "gap.changed"
    expected: int
    stored: int
    indexed: int
    missing: int
    serials: Ranges = ()
    alarm: bool = False


class GapClosed(Event, frozen=True, kw_only=True):
    """Nothing is missing any more, or the time of its texts is over."""

    kind = "gap.closed"
    because: Because


class GapAcknowledged(Event, frozen=True, kw_only=True):
    """Somebody knows of it, and why. It stays on record."""

    kind = "gap.acknowledged"
    private = frozenset({"reason"})
    missing: int
    reason: str


def opened(gap_id: str, short: Shortfall) -> GapOpened:
    cell = short.cell
    return GapOpened(
        subject=gap_id,
        cause=short.cause.value,
        day=cell.day,
        provider=cell.provider or None,
        account=cell.account or None,
        number=cell.number or None,
        direction=cell.direction or None,
        block=short.block,
        **figures(short),
    )


def changed(gap_id: str, short: Shortfall, *, alarm: bool) -> GapChanged:
    return GapChanged(subject=gap_id, alarm=alarm, **figures(short))


def figures(short: Shortfall) -> dict[str, Any]:
    return {
        "expected": short.expected,
        "stored": short.stored,
        "indexed": short.indexed,
        "missing": short.missing,
        "serials": short.serials,
    }
