"""What a provider sends to its webhook: known to be theirs by its signature, then taken in by whom it concerns."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from archive.campaigns.hearing import COMPLAINT, hear
from archive.core.actor import Actor
from archive.core.errors import BadInput, NotFound, NotPermitted
from archive.providers import store
from archive.providers.accounts import whose
from archive.providers.frame import HookRequest
from archive.providers.model import DOORS
from archive.providers.tcr import RegistryEvent
from archive.spam.complaints import OperatorComplaint, take_complaint
from archive.tx import Transactions, Tx


def take_registry(tx: Tx, account: str, events: Sequence[RegistryEvent]) -> int:
    """What the registry says; a complaint that a carrier passes on is a spam report as well."""
    heard = hear(tx, account, events)
    for entry, event in heard:
        if event.event == COMPLAINT and event.campaign and not event.mock:
            operator = event.carrier_name or event.carrier
            # Words that no report can hold keep nobody from having the event, which is kept whole.
            with suppress(BadInput):
                take_complaint(
                    tx, OperatorComplaint(event.campaign, f"entry {entry}", operator, words=event.description)
                )
    return len(heard)


TAKE_IN: Final[Mapping[str, Callable[[Tx, str, Sequence[Any]], int]]] = {"tcr": take_registry}
"""Provider → who takes in what its door has parsed. Says how many were new."""


class BadSignature(NotPermitted):
    """Missing, wrong, or of an account that is not connected: which of these is not said."""

    slug = "bad-signature"


def deliver(transactions: Transactions, provider: str, account: str, sent: HookRequest) -> int:
    """How many of what was sent are new. Raises `BadSignature`, which is counted; nothing of the request is kept then.

    Whoever has connected an account of that name with the secret it is signed by gets it.
    """
    if provider not in DOORS:
        raise NotFound("There is no such provider.", "See `/providers` for the address of each webhook.")
    with transactions.glance() as session:
        theirs = whose(session, transactions.keyring, provider, account, sent, transactions.clock())
    if not theirs:
        _count_rejected(transactions, provider, account)
        raise BadSignature("The signature is missing or wrong.", "Check the secret, and the address it is sent to.")
    parsed = DOORS[provider].parse(sent.body)
    return sum(_take_in(transactions, org_id, provider, account, parsed) for org_id in theirs)


def _take_in(transactions: Transactions, org_id: int, provider: str, account: str, parsed: Sequence[Any]) -> int:
    with transactions.write(org_id, Actor("provider", f"{provider}/{account}")) as tx:
        new = TAKE_IN[provider](tx, account, parsed)
        store.count(tx.session, org_id, provider, account, "accepted", tx.now)
    return new


def _count_rejected(transactions: Transactions, provider: str, account: str) -> None:
    """For each account of that name, so that its organisation sees it; a name that nobody has costs no write."""
    with transactions.glance() as session:
        named = [row.org_id for row in store.accounts_named(session, provider, account)]
    if named:
        with transactions.across() as session:
            for org_id in named:
                store.count(session, org_id, provider, account, "rejected", transactions.clock())
