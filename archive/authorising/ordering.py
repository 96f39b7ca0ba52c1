"""Placing an order: its letter is signed, all its numbers are authorised, it gets its number, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.authorising import store
from archive.authorising.choosing import candidate
from archive.authorising.model import MOST_NUMBERS, Draft, Order, order_name
from archive.authorising.store import AuthorisationOrderNumberRow, AuthorisationOrderRow
from archive.core import phone
from archive.core.errors import BadInput, Conflict, NotFound
from archive.ledger.entry import Event
from archive.letters.model import Draft as LetterDraft
from archive.letters.model import Origin, Signature
from archive.letters.signing import sign_letter
from archive.numbers.actions import set_state
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, all_numbers, numbers_among
from archive.tx import Tx

SHOWN = 20


class AuthorisationOrdered(Event, frozen=True, kw_only=True):
    """`letter`: the one that was signed with the order, None if no number needed one."""

    kind = "authorisation.ordered"
    location: str
    numbers: tuple[str, ...]
    letter: str | None


@dataclass(frozen=True, slots=True)
class ToSign:
    """What is signed with an order, as in `letters.signing`."""

    draft: LetterDraft
    seen: str
    signature: Signature
    origin: Origin


def place_order(tx: Tx, draft: Draft, to_sign: ToSign | None = None) -> Order:
    """The same draft again gives the order that it became.

    Raises `Conflict` if a number can't be authorised (any more), with the reason; nothing of the order happens then.
    """
    placed = store.order_of_draft(tx, draft.id)
    if placed:
        return _order(tx, placed)
    rows = chosen(tx, draft.numbers)
    needing = numbers_that_need_a_letter(rows)
    number = store.next_number(tx)
    letter = _sign(tx, needing, to_sign) if needing else None
    for row in rows:
        if row.e164 not in needing:
            set_state(tx, row.id, NumberState.AUTHORISED, f"Order {order_name(number)}")
    location = draft.location or ""
    entry = tx.record(
        AuthorisationOrdered(subject=f"order:{number}", location=location, numbers=draft.numbers, letter=letter)
    )
    order = AuthorisationOrderRow(
        org_id=tx.org_id,
        number=number,
        draft=draft.id,
        entry=entry,
        placed_at=tx.now,
        placed_by=str(tx.actor),
        location=location,
        letter=letter,
    )
    tx.session.add(order)
    tx.session.flush()  # The order before its numbers, which refer to it.
    for row in rows:
        by_letter = row.e164 in needing
        tx.session.add(
            AuthorisationOrderNumberRow(org_id=tx.org_id, order_number=number, number_id=row.id, by_letter=by_letter)
        )
    tx.session.flush()
    return _order(tx, order)


def chosen(tx: Tx, numbers: Sequence[str]) -> list[NumberRow]:
    """Their rows, if all of them can be authorised now; raises `Conflict` with the reason of the first that can't."""
    if not 1 <= len(numbers) <= MOST_NUMBERS:
        raise BadInput(f"An order has 1 to {MOST_NUMBERS} numbers, not {len(numbers):,}.", "Choose some of them.")
    rows = list(numbers_among(tx, numbers))
    for missing in sorted(set(numbers) - {row.e164 for row in rows}):
        raise NotFound(f"{missing} is not one of the numbers.", "Choose from the list.")
    for row in rows:
        verdict = candidate(tx, row).verdict
        if not verdict.offered:
            raise Conflict(f"{phone.display(row.e164)} can't be authorised now. {verdict.because}", verdict.next_step)
    return rows


def numbers_that_need_a_letter(rows: Sequence[NumberRow]) -> set[str]:
    return {row.e164 for row in rows if row.state == NumberState.LOA_REQUIRED}


def needing_among(tx: Tx, numbers: Sequence[str]) -> set[str]:
    return numbers_that_need_a_letter(numbers_among(tx, numbers))


def order_of(tx: Tx, draft_id: str) -> int | None:
    """The number of the order that a draft became."""
    row = store.order_of_draft(tx, draft_id)
    return row.number if row else None


def read_order(tx: Tx, number: int) -> Order:
    row = store.order_row(tx, number)
    if row is None:
        raise NotFound(f"There is no order {order_name(number)}.", "`/authorise` shows the newest.")
    return _order(tx, row)


def newest_orders(tx: Tx) -> list[Order]:
    return [_order(tx, row) for row in store.newest_orders(tx, SHOWN)]


def _sign(tx: Tx, needing: set[str], to_sign: ToSign | None) -> str:
    if to_sign is None:
        raise Conflict("Some of the numbers need a Letter of Authorization.", "Sign it first: it is the next step.")
    if set(to_sign.draft.numbers) != needing:
        raise Conflict("The letter covers other numbers than those that need one.", "Read it again, and sign it then.")
    letter = sign_letter(tx, to_sign.draft, seen=to_sign.seen, signature=to_sign.signature, origin=to_sign.origin)
    return letter.id


def _order(tx: Tx, row: AuthorisationOrderRow) -> Order:
    addresses = {number.id: number.e164 for number in all_numbers(tx)}
    ordered = store.numbers_ordered(tx, row.number)
    return Order(
        number=row.number,
        entry=row.entry,
        placed_at=row.placed_at,
        placed_by=row.placed_by,
        location=row.location,
        letter=row.letter,
        numbers=tuple(sorted(addresses[one.number_id] for one in ordered)),
        by_letter=frozenset(addresses[one.number_id] for one in ordered if one.by_letter),
    )
