"""What a provider sends to its webhook: known to be theirs by its signature, then taken in by whom it concerns."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from archive.campaigns.hearing import hear
from archive.core.actor import Actor
from archive.core.errors import NotFound, NotPermitted
from archive.group_commit import GroupCommit
from archive.intake.from_providers import Brought
from archive.intake.hooked import take_in
from archive.providers import store, tcr
from archive.providers.accounts import whose
from archive.providers.frame import Door, HookRequest
from archive.providers.model import DOORS
from archive.providers.tcr import RegistryEvent
from archive.tx import Transactions, Tx

REGISTRY: Final = tcr.DOOR.provider


class Receiving(Protocol):
    """What of an archive a webhook needs."""

    @property
    def transactions(self) -> Transactions: ...
    @property
    def group(self) -> GroupCommit: ...


class BadSignature(NotPermitted):
    """Missing, wrong, too old, or of an account that is not connected: which of these is not said."""

    slug = "bad-signature"


def deliver(archive: Receiving, provider: str, account: str, sent: HookRequest) -> int:
    """How many of what was sent are new. Raises `BadSignature`, which is counted; nothing of the request is kept then.

    Whoever has connected an account of that name with the secret it is signed by gets it.
    """
    door, transactions = _door(provider), archive.transactions
    with transactions.glance() as session:
        theirs = whose(session, transactions.keyring, provider, account, sent, sent.at)
    if not theirs:
        _count_rejected(transactions, provider, account, sent)
        raise BadSignature(
            "The signature is missing, wrong or too old.", "Check the secret, and the address it is sent to."
        )
    said = door.parse(sent.said)
    if provider == REGISTRY:
        return sum(_hear(transactions, org_id, account, said) for org_id in theirs)
    brought = Brought(provider, account, said, sent.at)
    return sum(archive.group.submit(org_id, _take_in_all, brought) for org_id in theirs)


def greet(archive: Receiving, provider: str, account: str, sent: HookRequest) -> Mapping[str, str]:
    """The headers by which a provider's first request is answered; none for any other request, or for a stranger's."""
    door = _door(provider)
    answer = door.handshake(sent) if door.handshake else {}
    if not answer:
        return {}
    with archive.transactions.glance() as session:
        return answer if store.accounts_named(session, provider, account) else {}


def _door(provider: str) -> Door:
    if provider not in DOORS:
        raise NotFound("There is no such provider.", "See `/providers` for the address of each webhook.")
    return DOORS[provider]


def _hear(transactions: Transactions, org_id: int, account: str, events: Sequence[RegistryEvent]) -> int:
    """The registry's events are few: each request has a transaction of its own."""
    with transactions.write(org_id, Actor("provider", f"{REGISTRY}/{account}")) as tx:
        new = len(hear(tx, account, events))
        store.count(tx.session, org_id, REGISTRY, account, "accepted", tx.now)
    return new


def _take_in_all(tx: Tx, requests: Sequence[Brought]) -> Sequence[int]:
    """Together with whatever other requests bring at this moment."""
    new = take_in(tx, requests)
    for (provider, account), times in Counter((one.provider, one.account) for one in requests).items():
        store.count(tx.session, tx.org_id, provider, account, "accepted", tx.now, times)
    return new


def _count_rejected(transactions: Transactions, provider: str, account: str, sent: HookRequest) -> None:
    """For each account of that name, so that its organisation sees it; a name that nobody has costs no write."""
    with transactions.glance() as session:
        named = [row.org_id for row in store.accounts_named(session, provider, account)]
    if named:
        with transactions.across() as session:
            for org_id in named:
                store.count(session, org_id, provider, account, "rejected", sent.at)
