"""Puts a campaign's last thirty days together. Each text counts for the campaign that its number was on at its time."""

from collections import Counter, deque
from datetime import UTC, date, datetime, time

from archive.campaign_health import store
from archive.campaign_health.model import (
    LOOKED_AT,
    LOST,
    Day,
    Health,
    Outcome,
    Times,
    count_flags,
    empty_days,
    marks_of,
    outcome_of,
    outcome_of_reports,
)
from archive.campaign_health.store import Text
from archive.campaigns.drafting import found_campaign
from archive.campaigns.reading import steps_of
from archive.core.clock import day_of
from archive.deliveries.reading import reports_among
from archive.messages.actions import read_sound
from archive.tx import Tx


def health_of(tx: Tx, campaign_id: str) -> Health:
    row = found_campaign(tx, campaign_id)
    days = empty_days(tx.now)
    start = datetime.combine(next(iter(days)), time(), UTC)
    times = _times(tx, row.id)
    flags: Counter[str] = Counter()
    newest: deque[int] = deque(maxlen=LOOKED_AT)
    for text in store.texts_since(tx, start, times.keys()):
        _count(text, days, times, flags, newest)
    for own_number, at in store.opt_outs_since(tx, start, times.keys()):
        if (day := days.get(day_of(at))) and times[own_number].hold(at):
            day.opt_outs += 1
    for at in [*_reports(tx, start, times), *store.complaints_since(tx, start, row)]:
        if day := days.get(day_of(at)):
            day.complaints += 1
    changes = [(step.at, step.event or f"{step.level}: {step.state}") for step in steps_of(tx, row.id)]
    return Health(tuple(days.values()), marks_of(changes, days), flags, *_outcomes(tx, list(newest)))


def _count(text: Text, days: dict[date, Day], times: dict[str, Times], flags: Counter[str], newest: deque[int]) -> None:
    at = text.sent_at or text.received_at
    day = days.get(day_of(at))
    if day is None or not times[text.own_number].hold(at):
        return
    if text.direction == "inbound":
        day.received += 1
        return
    at_fault = count_flags(text.flags.split())
    day.sent += 1
    day.at_fault += bool(at_fault)
    flags.update(at_fault)
    newest.append(text.seq)


def _reports(tx: Tx, start: datetime, times: dict[str, Times]) -> list[datetime]:
    found = store.reports_since(tx, start, times.keys())
    return [at for own_number, at in found if times[own_number].hold(at)]


def _times(tx: Tx, campaign_id: str) -> dict[str, Times]:
    """Number → when it was on the campaign."""
    found = {}
    for e164, changes in store.changes_on(tx, campaign_id).items():
        ends = [*(change.changed_at for change in changes[1:]), None]
        on = ((one.changed_at, end) for one, end in zip(changes, ends, strict=True) if one.campaign == campaign_id)
        found[e164] = Times(on)
    return found


def _outcomes(tx: Tx, serials: list[int]) -> tuple[Counter[Outcome], Counter[str]]:
    """By the reports on each; of a text without any by the status that came with it, which is sealed in it. One that
    can't be opened is left to `verify`."""
    reported = {serial: outcome_of_reports(reports) for serial, reports in reports_among(tx, serials).items()}
    silent = [serial for serial in serials if serial not in reported]
    found = Counter(outcome for outcome, _ in reported.values())
    found.update(outcome_of(message.content.status) for message in read_sound(tx, silent).messages)
    return found, Counter(category for outcome, category in reported.values() if category and outcome in LOST)
