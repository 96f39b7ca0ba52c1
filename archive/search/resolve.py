"""From a query to a plan: names of places become numbers, fields of people become fields of the index."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np

from archive.core.clock import to_micros
from archive.deliveries.outcome_store import Became, serials_that
from archive.holds.store import held_serials
from archive.numbers.store import numbers_at
from archive.providers.codes import MISSED
from archive.search import plan
from archive.search.index import NotSearchable
from archive.search.plan import Moments, Plan, dates_apart, exact_value
from archive.search.query import model
from archive.search.query.model import Query
from archive.search.query.terms import sought
from archive.tx import Tx

MOST_OUTCOMES: Final = 1_000_000
"""Texts of one outcome that a search takes along as a list."""

_ALWAYS: Final = Moments(None, None)


def resolve(tx: Tx, query: Query, within: Moments = _ALWAYS) -> Plan:  # noqa: PLR0911 - one for each kind.
    """What an index is asked for `query`, as things stand in this transaction. Raises `NotSearchable`.

    `within`: when the texts must have been sent in any case, so that nobody has to look for others.
    """
    match query:
        case model.Everything():
            return plan.Everything()
        case model.Word() | model.Phrase() | model.Prefix() | model.Fuzzy():
            return plan.Words(sought(query))
        case model.Near(left, right, distance):
            return plan.Near(sought(left), sought(right), distance)
        case model.Party(role, _, value):
            return _party(role, value)
        case model.Sent(_, _, start, until):
            return plan.Moments(_micros(start), _micros(until))
        case model.Serial(first, last):
            return plan.Serials(first, last)
        case model.Fact(name, value):
            return _fact(tx, name, value, within)
        case model.Not(part):
            return plan.Not(resolve(tx, part, within))
        case model.And(parts):
            inside = _inside(within, parts)
            return plan.And(tuple(resolve(tx, part, inside) for part in parts))
        case model.Or(parts):
            return plan.Or(tuple(resolve(tx, part, within) for part in parts))


def _inside(within: Moments, parts: Sequence[Query]) -> Moments:
    dates = [Moments(_micros(part.start), _micros(part.until)) for part in parts if isinstance(part, model.Sent)]
    return dates_apart(plan.And((within, *dates)))[0]


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)


def _party(role: model.PartyRole, value: str) -> Plan:
    """`number:` is anybody's: the own number, or any party."""
    wanted = (exact_value(value),)
    if role == "number":
        return plan.Or((plan.Exact("own", wanted), plan.Exact("with", wanted)))
    return plan.Exact(role, wanted)


def _fact(tx: Tx, name: model.FactName, value: str, within: Moments) -> Plan:
    if name == "delivery":
        return became(tx, Became((value,), None, within.start, within.until), value)
    if name == "reason":
        because = Became(MISSED, value.replace("-", "_"), within.start, within.until)
        return became(tx, because, f"of the reason {value}")
    if name == "location":
        numbers = tuple(map(exact_value, numbers_at(tx, value)))
        return plan.Exact("own", numbers) if numbers else plan.Nothing()
    if name == "held":
        held = plan.Among(np.fromiter(held_serials(tx), np.int64))
        return held if value == "yes" else plan.Not(held)
    return plan.Exact(name, (exact_value(value),))


def became(tx: Tx, wanted: Became, words: str, most: int = MOST_OUTCOMES) -> Plan:
    """What is said of a text comes after it was indexed, and changes: so it is asked of the database each time.

    `words`: what was asked, for who asks too much.
    """
    serials = serials_that(tx, wanted, most + 1)
    if len(serials) > most:
        raise NotSearchable(f"More than {most:,} texts are {words}.", "Add dates: after:… before:….")
    return plan.Among(np.array(serials, np.int64))
