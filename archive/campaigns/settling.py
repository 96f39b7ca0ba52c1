"""Bringing a campaign and its numbers to where everything that was said puts them. Doing it again changes nothing."""

import json
from collections.abc import Iterator

from archive.campaigns import store
from archive.campaigns.active import Verdict, judge
from archive.campaigns.campaign_fields import CARRIERS
from archive.campaigns.events import CampaignActivityChanged, CampaignMoved
from archive.campaigns.levels import FIRST, Level, Levels, State
from archive.campaigns.provider_words import STATED
from archive.campaigns.replay import Entered, Happening, Said, Stated, replay
from archive.campaigns.store import CampaignLevelRow, CampaignRow, RegistryEventRow
from archive.numbers.actions import place
from archive.numbers.store import numbers_on
from archive.tx import Tx

Place = tuple[Level, str]
"""A level, and of carriers which one."""


def settle(tx: Tx, row: CampaignRow) -> Verdict:
    """Write where its levels are now, whether it is active, and what its numbers are by that."""
    tx.session.flush()
    levels = replay(_happenings(tx, row))
    _write_levels(tx, row, levels)
    verdict = judge_row(row, levels)
    if verdict.active != row.active:
        row.active = verdict.active
        tx.record(CampaignActivityChanged(subject=row.id, active=verdict.active, because=verdict.because))
    for number in numbers_on(tx, row.id):
        place(tx, number, row.id, active=verdict.active, reason=verdict.because)
    return verdict


def judge_row(row: CampaignRow, levels: Levels) -> Verdict:
    fields = json.loads(row.fields)
    return judge(levels, str(fields.get("usecase", "")), fields.get("mnoIds", ()))


def levels_now(tx: Tx, campaign_id: str) -> Levels:
    return levels_from(list(store.levels_of(tx, campaign_id)))


def levels_from(rows: list[CampaignLevelRow]) -> Levels:
    levels = Levels()
    for row in rows:
        levels = levels.moved(Level(row.level), row.carrier, State(row.state))
    return levels


def _happenings(tx: Tx, row: CampaignRow) -> list[Happening]:
    events = [event for event in store.events_of(tx, row) if not event.mock]
    said = [Said(event.entry, event.received_at, event.event, event.carrier) for event in events]
    stated = [one for event in events for one in _stated(row, event)]
    entered = [
        Entered(change.entry, Level(change.level), change.carrier, State(change.state))
        for change in store.changes_of(tx, row.id)
    ]
    return [*said, *stated, *entered]


def _stated(row: CampaignRow, event: RegistryEventRow) -> Iterator[Stated]:
    carriers = json.loads(row.fields).get("mnoIds") or CARRIERS
    for level, state in STATED.get(event.event, ()):
        for carrier in map(str, carriers) if level is Level.CARRIER else ("",):
            yield Stated(event.entry, event.provider, level, carrier, state, event.said_at)


def _write_levels(tx: Tx, row: CampaignRow, levels: Levels) -> None:
    before = {(Level(one.level), one.carrier): one for one in store.levels_of(tx, row.id)}
    places: list[Place] = [(level, "") for level in Level if level is not Level.CARRIER]
    places += [(Level.CARRIER, carrier) for carrier in sorted(levels.carriers)]
    places += [place for place in before if place not in places]
    for level, carrier in places:
        known, state = before.get((level, carrier)), levels.at(level, carrier)
        was = State(known.state) if known else FIRST[level]
        if state is not was:
            _move(tx, row, known, (level, carrier), was, state)


def _move(tx: Tx, row: CampaignRow, known: CampaignLevelRow | None, at: Place, was: State, state: State) -> None:
    level, carrier = at
    moved = CampaignMoved(subject=row.id, level=level, carrier=carrier or None, before=was, after=state)
    entry = tx.record(moved)
    known = known or CampaignLevelRow(org_id=tx.org_id, campaign_id=row.id, level=level.value, carrier=carrier)
    known.state, known.since_at, known.entry = state.value, tx.now, entry
    tx.session.add(known)
