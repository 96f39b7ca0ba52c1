"""What of a plan the clear columns can answer: yes, no, or "open it and see". Never a wrong "no"."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement

from archive.messages.record import Hashes
from archive.messages.store import serials_with_party, took_part
from archive.search import plan
from archive.search.plan import Plan, exact_value
from archive.tx import Tx

# Values in which case plays no part, so that a keyed hash of the value finds every way of writing it.
_is_number = re.compile(r"\+?[0-9]+").fullmatch

_DIRECTIONS = {"inbound": "in", "outbound": "out"}


class Clear(NamedTuple):
    """What the database holds readable about a text. `at`: microseconds, by which texts are ordered."""

    seq: int
    direction: str
    own_number: str
    provider: str
    account: str | None
    campaign: str | None
    flags: str
    conversation: int
    at: int


class Parties:
    """Which texts a party took part in, each asked of the database once."""

    def __init__(self, tx: Tx, hashes: Hashes) -> None:
        self._tx = tx
        self._hashes = hashes
        self._known: dict[str, frozenset[int]] = {}

    def rows(self, values: Iterable[str]) -> ColumnElement[bool]:
        """Those of `MessagePartyRow` that say so of any of them."""
        return took_part(self._tx, [self._hashes.party(value) for value in values])

    def has(self, value: str, serial: int) -> bool:
        found = self._known.get(value)
        if found is None:
            found = self._known[value] = frozenset(serials_with_party(self._tx, self._hashes.party(value)))
        return serial in found


def known(wanted: Plan, row: Clear, parties: Parties | None) -> bool | None:  # noqa: PLR0911 - one for each kind.
    """None where only the sealed half can tell. Without `parties` it alone says who took part."""
    match wanted:
        case plan.Everything():
            return True
        case plan.Nothing():
            return False
        case plan.Exact(field, values):
            return _any(_exact(field, value, row, parties) for value in values)
        case plan.Moments(start, until):
            return (start is None or start <= row.at) and (until is None or row.at < until)
        case plan.Serials(first, last):
            return first <= row.seq <= last
        case plan.Not(part):
            inner = known(part, row, parties)
            return None if inner is None else not inner
        case plan.And(parts):
            return _all(known(part, row, parties) for part in parts)
        case plan.Or(parts):
            return _any(known(part, row, parties) for part in parts)
    return None


def is_number(value: str) -> bool:
    return _is_number(value) is not None


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return False if False in found else None if None in found else True


def _any(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return True if True in found else None if None in found else False


def _exact(field: plan.Field, value: str, row: Clear, parties: Parties | None) -> bool | None:
    if field in ("from", "to", "with"):
        return _party(field, value, row, parties)
    clear = {
        "own": (row.own_number,),
        "direction": (_DIRECTIONS[row.direction],),
        "provider": (row.provider,),
        "account": (row.account,),
        "campaign": (row.campaign,),
        "flag": tuple(row.flags.split()),
    }.get(field)
    if clear is None:
        return None
    return any(exact_value(one) == value for one in clear if one is not None)


def _party(field: plan.Field, value: str, row: Clear, parties: Parties | None) -> bool | None:
    if parties is None or not is_number(value):
        return None
    if field == "with":
        return parties.has(value, row.seq)
    # Whoever sent it or got it is our own number or one of the other parties; which of the two, the sealed half knows.
    return None if value == row.own_number or parties.has(value, row.seq) else False
