"""A day of nine providers, shuffled, repeated and in part broken, leaves the archive that the clean day does.

It takes the environment's `TRAFFIC_EVENTS` for its size: 100,000 are the day that the archive is made for.
"""

import json
import os
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.deliveries.outcome_store import statuses_among
from archive.deliveries.reading import reports_on
from archive.deliveries.store import count_orphans, orphans
from archive.hooks import BadSignature, deliver
from archive.intake.quarantine import count_open
from archive.messages.actions import opened
from archive.messages.store import records_after
from archive.providers.accounts import connect, list_accounts
from archive.wiring import Archive
from tests.items import take_in
from tests.journeys.providers_day import ACCOUNT, TELL, Signer, Told, a_day
from tests.one_archive import archive, clock, organisation
from tests.retention.purging import verified

__all__ = ["archive", "clock", "organisation"]

EVENTS = int(os.environ.get("TRAFFIC_EVENTS", "200"))
REPEATED, BROKEN = 0.10, 0.01
STEP = timedelta(hours=12) / EVENTS
"""However many there are, they come within a day."""


def test_a_shuffled_day_with_repeats_and_forgeries_ends_as_the_clean_day_does(archive, organisation, clock) -> None:
    day = a_day(EVENTS)
    other = create_organisation(archive.transactions, f"{organisation.name} again", OPERATOR, "https://a.example")
    clean, rough = _connected(archive, organisation, "clean"), _connected(archive, other, "rough")
    for told in day:
        clock.now += STEP
        _tell(archive, organisation, clean, told, clock.now)
    refused = _tell_roughly(archive, other, rough, day, clock)
    assert _state(archive, other) == _state(archive, organisation)
    assert _state(archive, organisation)["texts"]
    with archive.transactions.read(other.id, OPERATOR) as tx:
        assert sum(one.rejected for one in list_accounts(tx)) == refused > 0
    for whose in (organisation, other):
        assert verified(archive, whose).good


def _connected(archive: Archive, whose: OrganisationRow, word: str) -> Signer:
    signer = Signer(archive.settings.public_url, f"{word} {whose.id}")
    with archive.transactions.write(whose.id, OPERATOR) as tx:
        for provider in TELL:
            connect(tx, provider, ACCOUNT, signer.secret(provider))
    return signer


def _tell(archive: Archive, whose: OrganisationRow, signer: Signer, told: Told, at: datetime) -> None:
    if told.item:
        take_in(archive, whose.id, json.dumps(told.item).encode())
    else:
        deliver(archive, told.provider, ACCOUNT, signer.request(told, at))


def _tell_roughly(archive: Archive, whose: OrganisationRow, signer: Signer, day: list[Told], clock: Any) -> int:
    """How many of it were forgeries, all of which were refused."""
    chance = random.Random(11)
    forged = chance.sample([told for told in day if told.body], max(len(TELL), int(len(day) * BROKEN)))
    told_twice = chance.sample(day, int(len(day) * REPEATED))
    rough = [*((told, False) for told in [*day, *told_twice]), *((told, True) for told in forged)]
    chance.shuffle(rough)
    for told, broken in rough:
        clock.now += STEP
        if broken:
            _demand_refused(archive, signer, told, clock.now)
        else:
            _tell(archive, whose, signer, told, clock.now)
    return len(forged)


def _demand_refused(archive: Archive, signer: Signer, told: Told, at: datetime) -> None:
    with pytest.raises(BadSignature):
        deliver(archive, told.provider, ACCOUNT, signer.request(told, at, broken=True))


def _state(archive: Archive, whose: OrganisationRow) -> dict[str, Any]:
    """All that anybody can see of it, without the order in which it came."""
    with archive.transactions.read(whose.id, OPERATOR) as tx:
        texts = [opened(tx, row) for row in records_after(tx, 0, tx.ledger_size)]
        became = statuses_among(tx, [text.serial for text in texts])
        return {
            "texts": sorted((*_text(text, reports_on(tx, text.serial)), became.get(text.serial, ())) for text in texts),
            "missing": count_orphans(tx),
            "gaps": sorted((gap.provider, gap.provider_id, gap.status) for gap in orphans(tx, EVENTS)),
            "quarantine": count_open(tx),
        }


def _text(text: Any, reports: Iterable[Any]) -> tuple[Any, ...]:
    clear, content = text.clear, text.content
    said = sorted((one.to, one.status, one.said, one.code or "", str(one.at)) for one in reports)
    names = (clear.provider, clear.account, clear.provider_id, clear.direction, clear.own_number)
    return (*names, content.sender, content.to, content.text, str(clear.sent_at), clear.flags, tuple(said))
