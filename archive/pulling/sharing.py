"""A list that several accounts share: Telnyx and Bandwidth list all of a customer's texts, whatever webhook they go to.

A text that is here under another account of the same provider is that account's; what is here under none is taken for
the one whose list is read.
"""

from collections.abc import Sequence

from archive.deliveries import store as deliveries
from archive.messages.actions import hashes_of
from archive.messages.known import known_identities
from archive.providers.addresses import canonical
from archive.providers.listed.frame import Wanted
from archive.providers.said import Delivery, Item, Text
from archive.providers.store import all_accounts
from archive.pulling.turns import Turn
from archive.tx import Tx

Named = tuple[str, tuple[str, ...]]
"""By what a text is known within an account: the provider's id, and to whom it went."""


def accounts_beside(tx: Tx, turn: Turn) -> list[str]:
    """The other connected accounts of the same provider."""
    rows = all_accounts(tx)
    return [row.account for row in rows if row.provider == turn.provider and row.account != turn.account]


def by_account(tx: Tx, turn: Turn, items: Sequence[Item]) -> dict[str, list[Item]]:
    names = [_named(item) for item in items]
    owners = _owners(tx, turn, [name for name in names if name])
    found: dict[str, list[Item]] = {turn.account: []}
    for item, name in zip(items, names, strict=True):
        found.setdefault(owners.get(name, turn.account) if name else turn.account, []).append(item)
    return found


def lacking(tx: Tx, turn: Turn, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Those texts that are not here: nobody asks for the words of one that is."""
    hashes, accounts = hashes_of(tx), [turn.account, *accounts_beside(tx, turn)]
    named = [
        (one, {hashes.identity_of(turn.provider, account, one.provider_id, one.recipients) for account in accounts})
        for one in wanted
    ]
    here = known_identities(tx, [identity for _, identities in named for identity in identities]) if named else {}
    return [one for one, identities in named if not identities & here.keys()]


def without_destroyed(tx: Tx, turn: Turn, account: str, items: Sequence[Item]) -> list[Item]:
    """Providers keep texts for longer than some of ours are kept. What was destroyed must not come back from there, in
    whatever words of its time."""
    hashes = hashes_of(tx)
    names = [_named(item) if isinstance(item, Text) else None for item in items]
    identities = [hashes.identity_of(turn.provider, account, *name) if name else None for name in names]
    known = known_identities(tx, [identity for identity in identities if identity is not None])
    alive = deliveries.living(tx, {serial for seen in known.values() for serial in seen.values()})
    gone = {identity for identity, seen in known.items() if not alive.intersection(seen.values())}
    return [item for item, identity in zip(items, identities, strict=True) if identity not in gone]


def _owners(tx: Tx, turn: Turn, names: Sequence[Named]) -> dict[Named, str]:
    """The other account of each that one knows, as a text or by what was reported on it."""
    hashes, beside = hashes_of(tx), accounts_beside(tx, turn)
    identities = {
        hashes.identity_of(turn.provider, account, *name): (name, account) for name in names for account in beside
    }
    if not identities:
        return {}
    known = {*known_identities(tx, list(identities)), *deliveries.orphans_of(tx, identities)}
    return dict(identities[identity] for identity in known)


def _named(item: Item) -> Named | None:
    if isinstance(item, Delivery):
        return item.provider_id, item.recipients
    if not isinstance(item, Text):
        return None
    to = item.item.get("to", [])
    return str(item.item.get("provider_id")), tuple(canonical(one) for one in to)
