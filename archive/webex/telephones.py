"""The numbers that Webex has, and what they belong to where that is no person."""

from functools import partial

from archive.numbers import store
from archive.numbers.actions import add_number, assign
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow
from archive.tx import Tx
from archive.users.store import user_by_id
from archive.webex.model import Said, SaidNumber
from archive.webex.places import names_of
from archive.webex.steps import Outcome, Steps, compared

NUMBER = "number"
REASON = "Webex says so"


def take_numbers(tx: Tx, said: Said, steps: Steps) -> None:
    places = names_of(tx)
    for one in said.numbers:
        steps.take(NUMBER, one.e164, partial(_take, tx, one, places.get(one.location or "")))
    there = {one.e164 for one in said.numbers}
    for row in store.all_numbers(tx):
        if row.state != NumberState.RELEASED and row.e164 not in there:
            steps.note(NUMBER, row.e164, Outcome.VANISHED, "Webex has no such number.")


def _facts(row: NumberRow) -> dict[str, str]:
    return {"location": row.location, "assigned to": row.label, "state": row.state}


def _take(tx: Tx, one: SaidNumber, place: str | None) -> tuple[Outcome, str]:
    row = store.number_by_e164(tx, one.e164)
    if row is None or row.state == NumberState.RELEASED:
        add_number(tx, one.e164, location=place or "", label=one.holder, reason=REASON)
        return Outcome.ADDED, ""
    before = _facts(row)
    assign(tx, row.id, location=place, label=_label(tx, row, one), reason=REASON)
    return compared(before, _facts(row))


def _label(tx: Tx, row: NumberRow, one: SaidNumber) -> str | None:
    """None: it stays. A number that Webex gives to nobody was given up by a user of Webex's, and by nobody else."""
    if one.user or one.holder:
        return one.holder or None
    holder = user_by_id(tx, row.user_id) if row.user_id else None
    return "" if holder and holder.source_id else None
