"""One page of a list, taken in: its texts, its reports, its counts and how far the list is read are one transaction."""

from collections.abc import Sequence

from archive.intake.actions import NEW, receive
from archive.intake.beside import take_beside
from archive.intake.from_providers import LIST
from archive.intake.from_providers import Brought as FromProvider
from archive.messages.model import Outcome
from archive.providers.listed.frame import Page, Slice
from archive.providers.said import Item
from archive.pulling.counting import Tally, cells_of_listed, hand_over
from archive.pulling.model import Brought
from archive.pulling.sharing import by_account, without_destroyed
from archive.pulling.turns import Turn, begin_slice, held
from archive.tx import Tx


def take_page(tx: Tx, turn: Turn, part: Slice, page: Page, completed: Sequence[Item]) -> Brought:
    """What the page has brought. Raises `TurnLost`; then nothing of it is kept."""
    row, brought = held(tx, turn), Brought(pages=1)
    for account, items in by_account(tx, turn, [*page.items, *completed]).items():
        left = without_destroyed(tx, turn, account, items)
        brought += Brought(duplicates=len(items) - len(left))
        brought += _take_in(tx, FromProvider(turn.provider, account, left, tx.now, LIST))
    tally = Tally.read(row.tally).with_page(cells_of_listed(tx, turn, part, page.counted))
    if page.next is None:
        begin_slice(row, part.until)
        tally = hand_over(tx, turn, part, tally.at_the_end())
    else:
        row.cursor, row.pages = page.next, row.pages + 1
    row.tally = tally.written()
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
        reports=take_beside(tx, [said])[0],
    )


def _is_new(outcome: Outcome, before: int) -> bool:
    """What was in quarantine already keeps the number that it has."""
    return (outcome.serial or 0) > before
