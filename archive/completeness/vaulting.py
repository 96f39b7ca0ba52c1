"""What providers said and what was found missing, on its way back out of the vault: the ledger says all of it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from archive.completeness import expected_store, gap_store
from archive.completeness.events import CountsExpected, GapAcknowledged, GapChanged, GapClosed, GapOpened
from archive.completeness.gap import Because, Cause, Gap, Shortfall
from archive.completeness.model import Cell, first_watched
from archive.completeness.recording import without_acknowledgement
from archive.ledger.trail import TrailEntry, entries_of_kind
from archive.segments.source import Annexed
from archive.tx import Tx

AT_ONCE = 1_000


class CompletenessVaulting:
    """The rows need no copy. What has arrived is counted anew by the follower."""

    tables: ClassVar[tuple[str, ...]] = ("provider_count", "completeness_gap")
    kinds: ClassVar[frozenset[str]] = frozenset()

    def of(self, tx: Tx, after: int, through: int) -> Annexed:
        return {}

    def gone(self, tx: Tx, annexed: Annexed) -> Collection[int]:
        return ()

    def restore(self, tx: Tx, annexed: Annexed) -> None:
        first = first_watched(tx.now)
        for entry in _all(tx, CountsExpected.kind):
            _restore_counts(tx, entry, first)
        gaps = {gap.id: gap for gap in map(_opened, _all(tx, GapOpened.kind))}
        steps = [step for kind in _STEPS for step in _all(tx, kind)]
        for step in sorted(steps, key=lambda one: one.seq):
            if gap := gaps.get(step.subject or ""):
                gaps[gap.id] = _STEPS[step.kind](gap, step)
        for gap in gaps.values():
            if gap.is_open or gap.short.cell.day >= first:
                gap_store.add_gap(tx, gap)


def _all(tx: Tx, kind: str) -> Iterator[TrailEntry]:
    after = 0
    while some := entries_of_kind(tx, kind, after, AT_ONCE):
        yield from some
        after = some[-1].seq


def _restore_counts(tx: Tx, entry: TrailEntry, first: date) -> None:
    said = entry.detail
    cells = [
        (Cell(date.fromisoformat(day), said["provider"], said["account"], number or "", direction), texts)
        for number, day, direction, texts in said["counts"]
    ]
    expected_store.put(tx, [(cell, texts) for cell, texts in cells if cell.day >= first], entry.seq, entry.at)


def _opened(entry: TrailEntry) -> Gap:
    said = entry.detail
    day = date.fromisoformat(said["day"])
    names = (said.get(name) or "" for name in ("provider", "account", "number", "direction"))
    short = Shortfall(cause=Cause(said["cause"]), cell=Cell(day, *names), block=said.get("block"), **_figures(said))
    return Gap(entry.subject or "", short, opened_at=entry.at, entry=entry.seq)


def _changed(gap: Gap, entry: TrailEntry) -> Gap:
    gap = replace(gap, short=replace(gap.short, **_figures(entry.detail)))
    return without_acknowledgement(gap) if entry.detail["alarm"] else gap


def _acknowledged(gap: Gap, entry: TrailEntry) -> Gap:
    return replace(
        gap, acknowledged_at=entry.at, acknowledged_by=entry.actor, acknowledged_missing=entry.detail["missing"]
    )


def _closed(gap: Gap, entry: TrailEntry) -> Gap:
    return replace(gap, closed_at=entry.at, because=Because(entry.detail["because"]))


_STEPS: Mapping[str, Callable[[Gap, TrailEntry], Gap]] = {
    GapChanged.kind: _changed,
    GapAcknowledged.kind: _acknowledged,
    GapClosed.kind: _closed,
}


def _figures(said: Mapping[str, Any]) -> dict[str, Any]:
    figures = {name: said[name] for name in ("expected", "stored", "indexed", "missing")}
    return {**figures, "serials": tuple((first, last) for first, last in said["serials"])}
