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
from archive.messages.actions import hashes_of
from archive.messages.known import known_identities
from archive.messages.model import Outcome
from archive.providers.listed.frame import Page, Slice, Wanted
from archive.providers.said import Item
from archive.pulling.model import Brought, day_start, tallied
from archive.pulling.store import PullRow
from archive.pulling.turns import Turn, begin_slice, held
from archive.tx import Tx


def lacking(tx: Tx, turn: Turn, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Those texts that are not here: nobody asks for the words of one that is."""
    hashes = hashes_of(tx)
    named = {hashes.identity_of(turn.provider, turn.account, one.provider_id, one.recipients): one for one in wanted}
    here = known_identities(tx, list(named)) if named else {}
    return [one for identity, one in named.items() if identity not in here]


def take_page(tx: Tx, turn: Turn, part: Slice, page: Page, completed: Sequence[Item]) -> Brought:
    """What the page has brought. Raises `TurnLost`; then nothing of it is kept."""
    row = held(tx, turn)
    said = FromProvider(turn.provider, turn.account, [*page.items, *completed], tx.now, LIST)
    brought = _take_in(tx, said)
    row.tally = msgspec.json.encode(tallied(_tally(row), page.counted)).decode()
    if page.next is None:
        _end_slice(tx, row, turn, part)
    else:
        row.cursor, row.pages = page.next, row.pages + 1
    return brought


def _take_in(tx: Tx, said: FromProvider) -> Brought:
    """Texts first, since reports may be on them."""
    arrivals, before = said.arrivals(), tx.ledger_size
    outcomes = receive(tx, arrivals, [str(said.actor)] * len(arrivals)) if arrivals else []
    broken = [one for one in outcomes if one.status == "quarantined"]
    return Brought(
        pages=1,
        new=sum(one.status in NEW for one in outcomes),
        duplicates=sum(one.status == "duplicate" for one in outcomes),
        failures=sum(_is_new(one, before) for one in broken),
        reports=take_beside(tx, said),
    )


def _is_new(outcome: Outcome, before: int) -> bool:
    """What was in quarantine already keeps the number that it has."""
    return (outcome.serial or 0) > before


def _end_slice(tx: Tx, row: PullRow, turn: Turn, part: Slice) -> None:
    """At the end of a day that was over when its list was asked for, it is known how many texts it had."""
    begin_slice(row, part.until)
    if day_start(part.until) != part.until:
        return
    if part.until <= turn.plan.until:
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
