"""Whether the numbers of a campaign may text. One pure function of where its levels are."""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.campaigns.campaign_fields import CARRIERS
from archive.campaigns.levels import Level, Levels, State
from archive.campaigns.usecases import use_case

STOPPED = frozenset({State.REJECTED, State.SUSPENDED, State.EXPIRED})
WAITING = frozenset({State.OPEN, State.PENDING})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`because` says why it is so, and `level` which one it hangs on. `carriers`: ids of those whose subscribers can be
    texted; empty while it is not active."""

    active: bool
    because: str
    level: Level
    carriers: tuple[str, ...] = ()


def judge(levels: Levels, usecase: str, carriers: Iterable[str] = ()) -> Verdict:
    """`carriers`: ids of those that the campaign is for; none means all. What a later level has said includes that the
    earlier ones let it pass, unless they say otherwise: not every step is told to everybody."""
    if levels.own is State.PAUSED:
        return Verdict(False, "It is paused by hand.", Level.OWN)
    return _stopped(levels) or _by_carriers(levels, usecase, tuple(carriers) or tuple(CARRIERS))


def _stopped(levels: Levels) -> Verdict | None:
    complete = levels.dca is State.COMPLETE
    reasons = (
        (Level.REGISTRY, levels.registry is State.DRAFT and not complete, "It is a draft."),
        (Level.REGISTRY, levels.registry is State.SUBMITTED and not complete, "The registry has not confirmed it yet."),
        (Level.REGISTRY, levels.registry in STOPPED, f"At the registry it is {levels.registry}."),
        (Level.PROVIDER, levels.provider is State.DECLINED, "The provider has declined it."),
        (Level.PROVIDER, levels.provider in WAITING and not complete, "The provider has not accepted it yet."),
        (Level.DCA, levels.dca is State.REJECTED, "The aggregator has rejected it."),
        (Level.DCA, not complete, "The aggregator's election is not complete yet."),
    )
    return next((Verdict(False, because, level) for level, holds, because in reasons if holds), None)


def _by_carriers(levels: Levels, usecase: str, wanted: tuple[str, ...]) -> Verdict:
    """Carriers review special use cases; to a standard one they say something only if they object."""
    case = use_case(usecase)
    enough = {State.APPROVED} if case is None or case.special else {State.APPROVED, State.OPEN}
    every = dict.fromkeys([*wanted, *levels.carriers])
    passing = tuple(carrier for carrier in every if levels.at(Level.CARRIER, carrier) in enough)
    if not passing:
        return Verdict(False, "No carrier has approved it, or lets it pass.", Level.CARRIER)
    closed = [carrier_name(carrier) for carrier in every if carrier not in passing]
    because = f"Everybody lets it pass but {', '.join(closed)}." if closed else "Everybody lets it pass."
    return Verdict(True, because, Level.CARRIER, passing)


def carrier_name(carrier: str) -> str:
    return CARRIERS.get(carrier, carrier)
