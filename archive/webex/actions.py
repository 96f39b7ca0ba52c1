"""Bringing locations, numbers and users into step with what Webex says.

What Webex doesn't say stays as it is, and what it doesn't have any more is told and not deleted. Everything goes by the
actions that a person's changes go by, so each change is an entry of the ledger and no rule is passed over.
"""

from typing import Any

from archive.ledger.entry import Event
from archive.tx import Tx
from archive.webex.model import Said
from archive.webex.people import take_users
from archive.webex.places import take_locations
from archive.webex.steps import Outcome, Step, Steps, counts_of
from archive.webex.telephones import take_numbers


class TablesPulled(Event, frozen=True, kw_only=True):
    """How many locations, numbers and users had which outcome."""

    kind = "tables.pulled"
    source: str
    added: int
    changed: int
    unchanged: int
    refused: int
    vanished: int


def bring_into_step(tx: Tx, said: Said) -> list[Step]:
    """To look first, give a transaction that reads."""
    steps = Steps()
    for kind, why in said.unreadable:
        steps.note(kind, "–", Outcome.REFUSED, f"What Webex says can't be read: {why}")
    take_locations(tx, said, steps)
    take_numbers(tx, said, steps)
    take_users(tx, said, steps)
    counts: dict[str, Any] = counts_of(steps.taken)
    tx.record(TablesPulled(source="webex", **counts))
    return steps.taken
