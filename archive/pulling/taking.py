"""One page of a list, taken in: its texts, its reports, its counts and how far the list is read are one transaction."""

from collections.abc import Sequence
from datetime import date

import msgspec

from archive.completeness.expecting import expect
from archive.completeness.model import Count
from archive.core import phone
from archive.core.clock import day_of
from archive.intake.actions import NEW, receive
from archive.intake.beside import take_beside
from archive.intake.from_providers import LIST
from archive.intake.from_providers import Brought as FromProvider
from archive.messages.model import Outcome
from archive.providers.listed.frame import Page, Slice
from archive.providers.said import Item
from archive.pulling.model import Brought, day_start, tallied
from archive.pulling.sharing import accounts_beside, by_account, without_destroyed
from archive.pulling.store import PullRow
from archive.pulling.turns import Turn, begin_slice, held
from archive.tx import Tx


def take_page(tx: Tx, turn: Turn, part: Slice, page: Page, completed: Sequence[Item], *, alone: bool) -> Brought:
    """What the page has brought. `alone`: the list is about this account only. Raises `TurnLost`; then nothing of it is
    kept."""
    row, brought = held(tx, turn), Brought(pages=1)
    for account, items in by_account(tx, turn, [*page.items, *completed]).items():
        left = without_destroyed(tx, turn, account, items)
        brought += Brought(duplicates=len(items) - len(left))
        brought += _take_in(tx, FromProvider(turn.provider, account, left, tx.now, LIST))
    row.tally = msgspec.json.encode(tallied(_tally(row), page.counted)).decode()
    if page.next is None:
        _end_slice(tx, row, turn, part, alone=alone or not accounts_beside(tx, turn))
    else:
        row.cursor, row.pages = page.next, row.pages + 1
    return brought


def _take_in(tx: Tx, said: FromProvider) -> Brought:
    """Texts first, since reports may be on them."""
    arrivals, before = said.arrivals(), tx.ledger_size
    outcomes = receive(tx, arrivals, [str(said.actor)] * len(arrivals)) if arrivals else []
    broken = [one for one in outcomes if one.status == "quarantined"]
    return Brought(
        new=sum(one.status in NEW for one in outcomes),
        duplicates=sum(one.status == "duplicate" for one in outcomes),
        failures=sum(_is_new(one, before) for one in broken),
        reports=take_beside(tx, said),
    )


def _is_new(outcome: Outcome, before: int) -> bool:
    """What was in quarantine already keeps the number that it has."""
    return (outcome.serial or 0) > before


def _end_slice(tx: Tx, row: PullRow, turn: Turn, part: Slice, *, alone: bool) -> None:
    """At the end of a day that was over when its list was asked for, it is known how many texts it had: if all that was
    listed is this account's."""
    begin_slice(row, part.until)
    if day_start(part.until) != part.until:
        return
    if part.until <= turn.plan.until and alone:
        expect(tx, turn.provider, turn.account, _counts(row, day_of(part.since)))
    row.tally = "{}"


def _counts(row: PullRow, day: date) -> list[Count]:
    """Of our numbers; what is no number can't be one of ours."""
    found = []
    for name, count in _tally(row).items():
        direction, _, number = name.partition(" ")
        if phone.parse(number).kind in ("number", "short-code"):
            found.append(Count(number, day, "inbound" if direction == "inbound" else "outbound", count))
    return found


def _tally(row: PullRow) -> dict[str, int]:
    return msgspec.json.decode(row.tally, type=dict[str, int])
