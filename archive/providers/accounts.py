"""Connecting accounts, changing their secrets without losing anything in between, and ending them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from archive.core.errors import BadInput, Conflict, NotFound
from archive.keys.keyring import PROVIDERS, Keyring
from archive.ledger.entry import Event
from archive.providers import store
from archive.providers.credentials import end_reading
from archive.providers.frame import HookRequest
from archive.providers.model import DOORS, SECRET_LENGTHS, hook_path, is_account
from archive.providers.store import ProviderAccountRow
from archive.tx import Tx

BOTH_VALID: Final = timedelta(days=7)
"""So long the secret before is valid beside its successor, unless it is ended earlier."""


class AccountConnected(Event, frozen=True, kw_only=True):
    kind = "provider.connected"
    provider: str
    account: str


class SecretChanged(Event, frozen=True, kw_only=True):
    """`until`: how long the one before is valid as well; left out when it no longer is."""

    kind = "provider.secret-changed"
    provider: str
    account: str
    until: datetime | None = None


class AccountEnded(Event, frozen=True, kw_only=True):
    kind = "provider.ended"
    provider: str
    account: str


@dataclass(frozen=True, slots=True)
class Account:
    """`hook`: the path of its webhook. `both_until`: two secrets are valid until then.

    `this_hour`, `hour_before`: how much was accepted since the hour (UTC) began, and in the one before.
    """

    provider: str
    account: str
    hook: str
    connected_at: datetime
    changed_at: datetime
    both_until: datetime | None
    accepted: int
    accepted_at: datetime | None
    rejected: int
    rejected_at: datetime | None
    this_hour: int = 0
    hour_before: int = 0


def connect(tx: Tx, provider: str, account: str, secret: str) -> Account:
    """Raises `Conflict` for one that is connected already: its secret is changed by `change_secret`."""
    account = _checked(provider, account.strip(), secret)
    row = store.account_of(tx, provider, account)
    if row and row.ended_at is None:
        raise Conflict(f"The account {account} is connected already.", "Change its secret instead.")
    entry = tx.record(AccountConnected(subject=f"{provider}:{account}", provider=provider, account=account))
    row = row or ProviderAccountRow(org_id=tx.org_id, provider=provider, account=account)
    _seal(tx, row, secret)
    row.before, row.before_until_at, row.ended_at = None, None, None
    row.connected_at, row.entry = tx.now, entry
    tx.session.add(row)
    tx.session.flush()
    return read_account(tx, provider, account)


def change_secret(tx: Tx, provider: str, account: str, secret: str) -> Account:
    """Both are valid for a week, so that the provider can be told at leisure."""
    row = _found(tx, provider, account)
    _checked(provider, account, secret)
    if _open(tx, row, row.sealed) == secret:
        return read_account(tx, provider, account)
    until = tx.now + BOTH_VALID
    row.before, row.before_until_at = row.sealed, until
    _seal(tx, row, secret)
    row.entry = tx.record(
        SecretChanged(subject=f"{provider}:{account}", provider=provider, account=account, until=until)
    )
    return read_account(tx, provider, account)


def end_secret_before(tx: Tx, provider: str, account: str) -> Account:
    """From now on only the newest secret counts."""
    row = _found(tx, provider, account)
    if row.before is not None:
        row.before, row.before_until_at = None, None
        row.entry = tx.record(SecretChanged(subject=f"{provider}:{account}", provider=provider, account=account))
    return read_account(tx, provider, account)


def end_account(tx: Tx, provider: str, account: str) -> None:
    """Its secrets are forgotten and its webhook is closed; what came in by it stays."""
    row = _found(tx, provider, account)
    row.entry = tx.record(AccountEnded(subject=f"{provider}:{account}", provider=provider, account=account))
    if store.reading_of(tx, provider, account):
        end_reading(tx, provider, account)
    row.sealed, row.before, row.before_until_at, row.ended_at = b"", None, None, tx.now


def list_accounts(tx: Tx) -> list[Account]:
    counted = store.traffic(tx)
    return [_account(row, counted.get((row.provider, row.account)), tx.now) for row in store.all_accounts(tx)]


def read_account(tx: Tx, provider: str, account: str) -> Account:
    return _account(_found(tx, provider, account), store.traffic(tx).get((provider, account)), tx.now)


def whose(
    session: Session, keyring: Keyring, provider: str, account: str, sent: HookRequest, now: datetime
) -> list[int]:
    """The organisations with an account of that name whose secret the request is signed with."""
    door = DOORS[provider]
    return [
        row.org_id
        for row in store.accounts_named(session, provider, account)
        if any(door.verify(sent, secret) for secret in _secrets(session, keyring, row, now))
    ]


def _secrets(session: Session, keyring: Keyring, row: ProviderAccountRow, now: datetime) -> list[str]:
    key = keyring.by_id(session, row.org_id, row.key_id)
    both = row.before_until_at is not None and now < row.before_until_at
    sealed = [row.sealed, *([row.before] if both and row.before else [])]
    return [key.open(one, _place(row)).decode() for one in sealed] if key else []


def _seal(tx: Tx, row: ProviderAccountRow, secret: str) -> None:
    key = tx.key(PROVIDERS)
    row.key_id, row.sealed, row.changed_at = key.id, key.seal(secret.encode(), _place(row)), tx.now


def _open(tx: Tx, row: ProviderAccountRow, sealed: bytes) -> str:
    return tx.key(PROVIDERS).open(sealed, _place(row)).decode()


def _place(row: ProviderAccountRow) -> bytes:
    return f"{row.org_id}:{row.provider}:{row.account}".encode()


def _account(row: ProviderAccountRow, counted: store.ProviderTrafficRow | None, now: datetime) -> Account:
    this_hour, hour_before = _rate(counted, store.hour_of(now)) if counted else (0, 0)
    return Account(
        provider=row.provider,
        account=row.account,
        hook=hook_path(row.provider, row.account),
        connected_at=row.connected_at,
        changed_at=row.changed_at,
        both_until=row.before_until_at,
        accepted=counted.accepted if counted else 0,
        accepted_at=counted.accepted_at if counted else None,
        rejected=counted.rejected if counted else 0,
        rejected_at=counted.rejected_at if counted else None,
        this_hour=this_hour,
        hour_before=hour_before,
    )


def _rate(counted: store.ProviderTrafficRow, hour: int) -> tuple[int, int]:
    """Of this hour and the one before, though nothing may have come for longer."""
    if counted.hour == hour:
        return counted.this_hour, counted.hour_before
    return 0, counted.this_hour if counted.hour == hour - 1 else 0


def _found(tx: Tx, provider: str, account: str) -> ProviderAccountRow:
    row = store.account_of(tx, provider, account)
    if row is None or row.ended_at is not None:
        raise NotFound(f"No account {account[:100]} is connected.", "`/providers` lists those that are.")
    return row


def _checked(provider: str, account: str, secret: str) -> str:
    if provider not in DOORS:
        raise BadInput(f"There is no provider {provider[:40]!r}.", f"Known are: {', '.join(DOORS)}.")
    if not is_account(account):
        raise BadInput(
            "An account has up to 100 letters, digits, dots, dashes and underscores.",
            "Take the id by which the provider knows it; for the registry that is S and six characters.",
        )
    least, most = SECRET_LENGTHS
    if not least <= len(secret) <= most or not secret.isprintable():
        raise BadInput(f"A secret has {least} to {most} printable characters.", "Take the one that the provider shows.")
    if fault := DOORS[provider].fault(secret):
        raise BadInput(fault, "`docs/webhooks.md` says where the provider shows it.")
    return account
