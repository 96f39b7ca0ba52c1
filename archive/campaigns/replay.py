"""Where a campaign is, from all that was ever said of it. Pure.

The registry's messages bear no time and no number, come at least once, and in any order. So a campaign's levels are
never nudged along by one message: each time they are worked out anew from all of them, in their order of arrival, where
those that came within ten minutes are first put into the order in which such things happen. What a
person entered stands where it was entered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from archive.campaigns.levels import MOVES, Level, Levels, Move, State

TOGETHER: Final = timedelta(minutes=10)
"""What comes within this may be out of order; the same within this again is a repeat."""

IN_ORDER: Final = (
    "CAMPAIGN_SHARE_ADD",
    "CAMPAIGN_SHARE_ACCEPT",
    "CAMPAIGN_SHARE_DELETE",
    "MNO_CAMPAIGN_OPERATION_REVIEW",
    "MNO_CAMPAIGN_OPERATION_REJECTED",
    "CAMPAIGN_RESUBMISSION",
    "CAMPAIGN_ADD",
    "CAMPAIGN_DCA_COMPLETE",
    "MNO_CAMPAIGN_OPERATION_APPROVED",
    "MNO_CAMPAIGN_OPERATION_SUSPENDED",
    "MNO_CAMPAIGN_OPERATION_UNSUSPENDED",
    "CAMPAIGN_EXPIRED",
)
"""Those that move something. Where two contradict each other, the order is the careful one: an approval without a
submission after a rejection does not lift it."""

_RANK: Final = {name: rank for rank, name in enumerate(IN_ORDER)}
_BY_EVENT: Final = {name: tuple(move for move in MOVES if move.event == name) for name in IN_ORDER}


@dataclass(frozen=True, slots=True)
class Said:
    """The registry's message `event`, about one carrier or about none ("")."""

    entry: int
    at: datetime
    event: str
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """What a person, or a program of theirs, entered by hand."""

    entry: int
    level: Level
    carrier: str
    state: State


@dataclass(frozen=True, slots=True)
class Stated:
    """What a provider says that a level is. `said_at`: when it said so, by its own clock; None where it doesn't say."""

    entry: int
    provider: str
    level: Level
    carrier: str
    state: State
    said_at: datetime | None


Happening = Said | Entered | Stated


def replay(happenings: Iterable[Happening]) -> Levels:
    """`happenings` of one campaign, whatever their order; `entry` is that of their arrival."""
    levels = Levels()
    for one in _in_order(_without_outdated(sorted(happenings, key=lambda happening: happening.entry))):
        match one:
            case Entered():
                levels = _entered(levels, one)
            case Stated():
                levels = _stated(levels, one)
            case Said():
                levels = _said(levels, one)
    return levels


def _without_outdated(arrived: Iterable[Happening]) -> list[Happening]:
    """Of a provider's statements about one level not those that it made before one that has arrived already."""
    newest: dict[tuple[str, Level, str], datetime] = {}
    kept: list[Happening] = []
    for one in arrived:
        if isinstance(one, Stated) and one.said_at:
            place = one.provider, one.level, one.carrier
            if one.said_at < newest.get(place, one.said_at):
                continue
            newest[place] = one.said_at
        kept.append(one)
    return kept


def _in_order(arrived: list[Happening]) -> Iterator[Happening]:
    burst: list[Said] = []
    for one in arrived:
        if burst and (not isinstance(one, Said) or one.at - burst[0].at >= TOGETHER):
            yield from _sorted(burst)
            burst = []
        if not isinstance(one, Said):
            yield one
        elif one.event in _RANK:
            burst.append(one)
    yield from _sorted(burst)


def _sorted(burst: list[Said]) -> list[Said]:
    return sorted(burst, key=lambda said: (_RANK[said.event], said.entry))


def _entered(levels: Levels, what: Entered) -> Levels:
    return levels.moved(what.level, what.carrier, what.state)


def _stated(levels: Levels, what: Stated) -> Levels:
    """What is suspended or has ended no approval of a provider lifts: whoever stopped it has to."""
    stopped = levels.at(what.level, what.carrier) in (State.SUSPENDED, State.EXPIRED)
    return levels if stopped else levels.moved(what.level, what.carrier, what.state)


def _said(levels: Levels, what: Said) -> Levels:
    for move in _BY_EVENT[what.event]:
        for carrier in _meant(levels, move, what):
            if levels.at(move.level, carrier) is move.before:
                levels = levels.moved(move.level, carrier, move.after)
    return levels


def _meant(levels: Levels, move: Move, what: Said) -> tuple[str, ...]:
    """A message about no carrier in particular is about all that have said something."""
    if move.level is not Level.CARRIER:
        return ("",)
    return (what.carrier,) if what.carrier else tuple(levels.carriers)
