"""What somebody said to one of our numbers, and what is in force because of it. Pure."""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from archive.optouts.deadline import business_days_between, day_of_saying, deadline
from archive.optouts.wording import Said

EVERY_NUMBER: Final = ""
"""In place of an own number: all that the organisation has or will have."""

CONFIRMATION: Final = timedelta(minutes=5)
"""One text that confirms an opt-out is allowed, and within this it is presumed to be that (47 CFR 64.1200(a)(12))."""

How = Literal["text", "person", "import", "provider"]
"""By whom we know: a text that is here, a person, a list, or a provider that has put it on its own list."""
Order = tuple[datetime, int]
"""When, and which came first of what bears the same time: the serial of a text, or the entry of what has none."""


def moment_of(sent_at: datetime | None, received_at: datetime) -> datetime:
    """When a text was sent, as far as that can be: a time after we had it is none."""
    return sent_at if sent_at and sent_at <= received_at else received_at


@dataclass(frozen=True, slots=True)
class Change:
    """`party` is the keyed hash, `entry` the ledger's number, `serial` the text that said it (None: told a person)."""

    entry: int
    own_number: str
    party: int
    said: Said
    said_at: datetime
    how: How
    serial: int | None

    @property
    def order(self) -> Order:
        return self.said_at, self.serial or self.entry


class History:
    """All that was said, in whatever order it came in. `everywhere`: what is said to one number is said to all."""

    def __init__(self, changes: Iterable[Change], *, everywhere: bool) -> None:
        self._everywhere = everywhere
        self._of: dict[int, list[Change]] = {}
        for change in changes:
            self.add(change)

    def add(self, change: Change) -> None:
        if change.said in (Said.OPT_OUT, Said.OPT_IN):
            insort(self._of.setdefault(change.party, []), change, key=lambda one: one.order)

    def standing(self, own_number: str, party: int, before: Order | None = None) -> Change | None:
        """The opt-out in force, now or just before something. Of several in a row it is the first: its clock runs."""
        found = None
        for change in self._of.get(party, ()):
            if before and change.order >= before:
                break
            if self._everywhere or change.own_number in (own_number, EVERY_NUMBER):
                found = (found or change) if change.said is Said.OPT_OUT else None
        return found

    def in_force(self) -> list[Change]:
        """Every opt-out in force now, newest first."""
        pairs = {(change.own_number, party) for party, changes in self._of.items() for change in changes}
        found = {change.entry: change for pair in pairs if (change := self.standing(*pair))}
        return sorted(found.values(), key=lambda change: change.order, reverse=True)


@dataclass(frozen=True, slots=True)
class Sent:
    """A text that went out to somebody who said something at some time. One to several parties is one for each."""

    serial: int
    own_number: str
    party: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Violation:
    """A text after an opt-out. `days`: business days between. `late`: after the ten that the FCC allows."""

    sent: Sent
    opt_out: Change
    days: int
    late: bool


def violations(history: History, sent: Iterable[Sent]) -> list[Violation]:
    """Newest first. The first text within five minutes confirms the opt-out, and is none."""
    found: list[Violation] = []
    confirmed: set[tuple[int, str]] = set()
    for text in sorted(sent, key=lambda text: (text.at, text.serial)):
        opt_out = history.standing(text.own_number, text.party, (text.at, text.serial))
        if opt_out is None:
            continue
        pair = opt_out.entry, text.own_number
        if pair not in confirmed and text.at - opt_out.said_at <= CONFIRMATION:
            confirmed.add(pair)
            continue
        said, day = day_of_saying(opt_out.said_at), day_of_saying(text.at)
        late = day > deadline(opt_out.said_at)
        found.append(Violation(text, opt_out, business_days_between(said, day), late))
    return found[::-1]
