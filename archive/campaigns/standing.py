"""What a text that goes out is by the campaign of its number, at the moment at which it comes in.

The campaign is for some carriers, and its brand may send so many texts a day to T-Mobile. Which carrier a text goes to
is known where its sender says so; a text of which nobody does may go to T-Mobile, and counts.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from archive.campaigns import store
from archive.campaigns.assigning import caps_of_row
from archive.campaigns.brand_days import BrandDay, add_sent, sent_on
from archive.campaigns.campaign_fields import CARRIERS
from archive.campaigns.settling import judge_row, levels_now
from archive.messages.flags import NOT_FOR_CARRIER, OVER_THE_CAP
from archive.messages.model import InboundText
from archive.numbers.store import campaigns_among
from archive.tx import Tx

T_MOBILE: Final = "10035"
MIDNIGHT: Final = ZoneInfo("America/Los_Angeles")
"""T-Mobile's limits begin anew at midnight US Pacific."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a number on an active campaign. `a_day`: what its brand may send. `carriers`: ids of those it is for."""

    brand_id: str
    a_day: int
    carriers: tuple[str, ...]


def weigh(tx: Tx, texts: Sequence[InboundText]) -> Sequence[InboundText]:
    """The texts; flagged are those for a carrier that their campaign is not for, and those beyond what their brand may
    send that day. They are counted by that, so each is to be shown once, when it is stored."""
    standings = _standings(tx, {text.own_number for text in texts if text.direction == "outbound"})
    if not standings:
        return texts
    weighed = list(texts)
    counts = _Counts(tx, set(_days(texts, standings)))
    for at, text in enumerate(texts):
        standing = standings.get(text.own_number) if text.direction == "outbound" else None
        if standing and (flags := _flags(text, standing, counts)):
            weighed[at] = replace(text, flags=tuple(sorted((*text.flags, *flags))))
    counts.write()
    return weighed


def carrier_of(text: InboundText) -> str | None:
    """The registry's id of the carrier that the sender names: `carrier`, as Telnyx and Bandwidth write it."""
    said = (text.extra or {}).get("carrier")
    return _carrier_named(said) if isinstance(said, str) else None


class _Counts:
    """How many texts went out for brands on days, those of this batch so far included."""

    def __init__(self, tx: Tx, days: Collection[BrandDay]) -> None:
        self._tx = tx
        self._before = sent_on(tx, days)
        self._more: dict[BrandDay, int] = {}

    def another(self, day: BrandDay, texts: int) -> int:
        self._more[day] = self._more.get(day, 0) + texts
        return self._before.get(day, 0) + self._more[day]

    def write(self) -> None:
        if self._more:
            add_sent(self._tx, self._more)


def _flags(text: InboundText, standing: Standing, counts: _Counts) -> list[str]:
    carrier = carrier_of(text)
    flags = [NOT_FOR_CARRIER] if carrier and carrier not in standing.carriers else []
    if carrier in (None, T_MOBILE):
        sent = counts.another((standing.brand_id, _day(text)), len(text.others))
        flags += [OVER_THE_CAP] if sent > standing.a_day else []
    return flags


def _standings(tx: Tx, numbers: Collection[str]) -> dict[str, Standing]:
    """Number → standing, of those that are registered."""
    on = campaigns_among(tx, numbers) if numbers else {}
    of_campaigns = {campaign: _standing(tx, campaign) for campaign in set(on.values())}
    return {number: of_campaigns[campaign] for number, campaign in on.items()}


def _standing(tx: Tx, campaign_id: str) -> Standing:
    row = store.campaign_by_id(tx, campaign_id)
    assert row is not None
    return Standing(row.brand_id, caps_of_row(tx, row).a_day, judge_row(row, levels_now(tx, row.id)).carriers)


def _days(texts: Sequence[InboundText], standings: dict[str, Standing]) -> Iterator[BrandDay]:
    for text in texts:
        if text.direction == "outbound" and (standing := standings.get(text.own_number)):
            yield standing.brand_id, _day(text)


def _day(text: InboundText) -> date:
    return _day_of_hour((text.sent_at or text.received_at).replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1_024)
def _day_of_hour(hour: datetime) -> date:
    """Pacific time is whole hours from UTC, so an hour lies in one day."""
    return hour.astimezone(MIDNIGHT).date()


@lru_cache(maxsize=1_024)
def _carrier_named(said: str) -> str | None:
    letters = _letters(said)
    return next((number for number, name in CARRIERS.items() if letters.startswith(_letters(name))), None)


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name)).casefold()
