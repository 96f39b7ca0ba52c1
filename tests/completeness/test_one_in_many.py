"""One text that a provider dropped, among as many as come in a day."""

import os
from collections.abc import Iterator

from archive.access.organisations import OrganisationRow
from archive.completeness.gap import Cause
from archive.completeness.model import Count
from archive.core.actor import OPERATOR
from archive.core.clock import day_of
from archive.messages.actions import store_texts
from archive.messages.model import InboundText
from archive.wiring import Archive
from tests.completeness.test_expecting import say
from tests.completeness.test_looking import gaps, looked
from tests.conftest import StandingClock

MANY = int(os.environ.get("TEST_COMPLETENESS_TEXTS", "100_000"))
"""On SQLite; PostgreSQL is given a fiftieth of it, since the rules are the same."""
AT_ONCE, NUMBERS = 10_000, 50


def number(at: int) -> str:
    return f"+1212555{at % NUMBERS:04}"


def texts(clock: StandingClock, first: int, last: int, dropped: int) -> Iterator[InboundText]:
    for at in range(first, last):
        if at != dropped:
            parties = f"+1415555{at % 9_000:04}", (number(at),)
            yield InboundText("twilio", "AC1", f"SM{at}", "inbound", *parties, "Same time?", number(at), clock())


def test_one_dropped_text_is_reported_with_the_next_look(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    org_id, on = organisation.id, day_of(clock())
    many = MANY if archive.engine.dialect.name == "sqlite" else MANY // 50
    dropped = many * 2 // 3
    for first in range(0, many, AT_ONCE):
        with archive.transactions.write(org_id, OPERATOR) as tx:
            store_texts(tx, list(texts(clock, first, min(first + AT_ONCE, many), dropped)))
    say(archive, org_id, *(Count(number(at), on, "inbound", many // NUMBERS) for at in range(NUMBERS)))
    clock.advance(days=1)
    assert looked(archive, org_id).alarms == 1
    (gap,) = gaps(archive, org_id)
    assert (gap.short.cause, gap.short.cell.number, gap.short.cell.day) == (Cause.NOT_STORED, number(dropped), on)
    assert (gap.short.expected, gap.short.stored, gap.short.missing) == (many // NUMBERS, many // NUMBERS - 1, 1)
