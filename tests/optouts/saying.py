"""Texts to and from somebody, at times that a test chooses, and what is in force after them."""

from datetime import datetime, timedelta
from typing import Any

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.messages.model import Outcome
from archive.optouts import store
from archive.optouts.model import Change, History, Violation, violations
from archive.optouts.recording import addresses
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, STRANGER, line, take_in

START = StandingClock().now
BEFORE = START - timedelta(days=30)


def said(number: int, words: str, minute: float | None = None, **more: Any) -> bytes:
    """From the stranger to our number; `minute` of a day a month ago."""
    return line(f"IN{number}", text=words, **when(minute), **more)


def sent(number: int, minute: float | None = None, **more: Any) -> bytes:
    whole = {"direction": "outbound", "from": OWN_NUMBER, "to": [STRANGER], **when(minute), **more}
    return line(f"OUT{number}", **whole)


def when(minute: float | None) -> dict[str, Any]:
    return {} if minute is None else {"sent_at": (BEFORE + timedelta(minutes=minute)).isoformat()}


def flagged(archive: Archive, organisation: OrganisationRow, *lines: bytes) -> list[bool]:
    """Whether each was stored with the flag."""
    return ["after-opt-out" in outcome.flags for outcome in take(archive, organisation, *lines)]


def take(archive: Archive, organisation: OrganisationRow, *lines: bytes) -> list[Outcome]:
    return take_in(archive, organisation.id, *lines)


def history(archive: Archive, organisation: OrganisationRow) -> History:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return History(store.all_changes(tx), everywhere=store.everywhere(tx))


def in_force(archive: Archive, organisation: OrganisationRow) -> list[tuple[str, str, datetime]]:
    """(own number, who, since), newest first."""
    found = history(archive, organisation).in_force()
    return [(one.own_number, address_of(archive, organisation, one), one.said_at) for one in found]


def address_of(archive: Archive, organisation: OrganisationRow, change: Change) -> str:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return addresses(tx, {change.party})[change.party]


def broken(archive: Archive, organisation: OrganisationRow) -> list[Violation]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        past = History(store.all_changes(tx), everywhere=store.everywhere(tx))
        return violations(past, store.sent_to_those_who_opted_out(tx))
