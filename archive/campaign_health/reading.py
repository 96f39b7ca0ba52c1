"""Puts a campaign's last thirty days together. Each text counts for the campaign that its number was on at its time."""

from collections import Counter
from datetime import UTC, date, datetime, time

from archive.campaign_health import store
from archive.campaign_health.model import (
    LOOKED_AT,
    LOST,
    Day,
    Health,
    Outcome,
    Times,
    at_fault_in,
    empty_days,
    marks_of,
    outcome_of,
    outcome_of_reports,
)
from archive.campaigns.drafting import found_campaign
from archive.campaigns.reading import steps_of
from archive.core.clock import day_number, day_of
from archive.deliveries.reading import reports_among
from archive.ledger.store import first_since
from archive.messages.actions import read_sound
from archive.tx import Tx


def health_of(tx: Tx, campaign_id: str) -> Health:
    row = found_campaign(tx, campaign_id)
    days = empty_days(tx.now)
    start = datetime.combine(next(iter(days)), time(), UTC)
    times, first = _times(tx, row.id), first_since(tx, start)
    flags = _count_texts(tx, first, days, times)
    for own_number, at in store.opt_outs_since(tx, start, times.keys()):
        if (day := days.get(day_of(at))) and times[own_number].hold(at):
            day.opt_outs += 1
    for at in [*_reports(tx, start, times), *store.complaints_since(tx, start, row)]:
        if day := days.get(day_of(at)):
            day.complaints += 1
    changes = [(step.at, step.event or f"{step.level}: {step.state}") for step in steps_of(tx, row.id)]
    newest = store.newest_sent(tx, first, times.keys(), LOOKED_AT)
    serials = [text.seq for text in newest if day_of(text.at) in days and times[text.own_number].hold(text.at)]
    return Health(tuple(days.values()), marks_of(changes, days), flags, *_outcomes(tx, serials))


def _count_texts(tx: Tx, first: int, days: dict[date, Day], times: dict[str, Times]) -> Counter[str]:
    """Whole days at once; one by one only where a number came onto the campaign or went off it that day."""
    flags: Counter[str] = Counter()
    changing = {(number, on) for number, those in times.items() for on in those.changing() if on in days}
    by_number = {day_number(on): on for on in days}
    for some in store.texts_by_day(tx, first, times.keys()):
        on = by_number.get(some.day)
        whole = on is not None and (some.own_number, on) not in changing
        if on and whole and times[some.own_number].hold(datetime.combine(on, time(), UTC)):
            _add(days[on], some.direction, some.flags, some.texts, flags)
    numbers, on_days = {number for number, _ in changing}, {on for _, on in changing}
    for text in store.texts_on(tx, first, numbers, on_days) if changing else ():
        on = day_of(text.at)
        if (text.own_number, on) in changing and times[text.own_number].hold(text.at):
            _add(days[on], text.direction, text.flags, 1, flags)
    return flags


def _add(day: Day, direction: str, written: str, count: int, flags: Counter[str]) -> None:
    if direction == "inbound":
        day.received += count
        return
    at_fault = at_fault_in(written)
    day.sent += count
    day.at_fault += count if at_fault else 0
    flags.update(dict.fromkeys(at_fault, count))


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
