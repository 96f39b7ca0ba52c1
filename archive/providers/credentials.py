"""By what the archive reads what a provider lists: credentials that go in, are sealed, and never come out again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from archive.core.errors import BadInput, NotFound
from archive.keys.keyring import PROVIDERS
from archive.ledger.entry import Event
from archive.providers import store
from archive.providers.listed.frame import Reader
from archive.providers.listed.model import READERS
from archive.providers.store import ProviderReadingRow
from archive.tx import Tx

LONGEST: Final = 2_000


class ReadingGranted(Event, frozen=True, kw_only=True):
    """The archive was given credentials, or others than before. Which they are is written nowhere."""

    kind = "provider.reading-granted"
    provider: str
    account: str


class ReadingRenewed(Event, frozen=True, kw_only=True):
    """The provider has handed out an access token, good until then."""

    kind = "provider.reading-renewed"
    provider: str
    account: str
    until: datetime


class ReadingEnded(Event, frozen=True, kw_only=True):
    kind = "provider.reading-ended"
    provider: str
    account: str


def reader_of(provider: str) -> Reader:
    if provider not in READERS:
        raise BadInput(f"The list of {provider[:40]!r} can't be read.", f"Those that can: {', '.join(READERS)}.")
    return READERS[provider]


def grant(tx: Tx, provider: str, account: str, given: Mapping[str, str]) -> None:
    """From now on these are used, and no others."""
    kept = _checked(demand_readable(tx, provider, account), given)
    row = store.reading_of(tx, provider, account)
    row = row or ProviderReadingRow(org_id=tx.org_id, provider=provider, account=account)
    row.token_until_at, row.changed_at = None, tx.now
    _seal(tx, row, kept)
    row.entry = tx.record(ReadingGranted(subject=f"{provider}:{account}", provider=provider, account=account))
    tx.session.add(row)
    tx.session.flush()


def renew(tx: Tx, provider: str, account: str, handed_out: Mapping[str, str], seconds: int) -> None:
    """Keep an access token, and a refresh token where there is another one."""
    row = found_reading(tx, provider, account)
    until = tx.now + timedelta(seconds=seconds)
    row.token_until_at = until
    _seal(tx, row, {**_open(tx, row), **handed_out})
    row.entry = tx.record(
        ReadingRenewed(subject=f"{provider}:{account}", provider=provider, account=account, until=until)
    )


def forget_token(tx: Tx, provider: str, account: str) -> None:
    """An access token that the provider doesn't take any more: the next run has another one handed out."""
    found_reading(tx, provider, account).token_until_at = None


def end_reading(tx: Tx, provider: str, account: str) -> None:
    """The credentials are forgotten; what was fetched with them stays."""
    demand_readable(tx, provider, account)
    row = found_reading(tx, provider, account)
    tx.record(ReadingEnded(subject=f"{provider}:{account}", provider=provider, account=account))
    tx.session.delete(row)
    tx.session.flush()


def credentials(tx: Tx, provider: str, account: str) -> tuple[dict[str, str], datetime | None]:
    """(all of them, until when the access token among them is good). Not for eyes."""
    row = found_reading(tx, provider, account)
    return _open(tx, row), row.token_until_at


def found_reading(tx: Tx, provider: str, account: str) -> ProviderReadingRow:
    """Raises `NotFound` where nobody has given any credentials."""
    row = store.reading_of(tx, provider, account)
    if row is None:
        raise NotFound(
            f"The archive may not read the list of {account[:100]}.", "Enter its credentials: `docs/backfill.md`."
        )
    return row


def demand_readable(tx: Tx, provider: str, account: str) -> Reader:
    """How its list is read. Raises `NotFound` for an account that is not connected, `BadInput` where it has no list."""
    row = store.account_of(tx, provider, account)
    if row is None or row.ended_at is not None:
        raise NotFound(f"No account {account[:100]} is connected.", "`/providers` lists those that are.")
    return reader_of(provider)


def granted(tx: Tx) -> dict[tuple[str, str], datetime]:
    """(provider, account) → since when its present credentials are known."""
    return {(row.provider, row.account): row.changed_at for row in store.all_readings(tx)}


def _checked(reader: Reader, given: Mapping[str, str]) -> dict[str, str]:
    known = {secret.name for secret in reader.secrets}
    if strange := sorted(set(given) - known):
        raise BadInput(f"{strange[0][:40]!r} is none of the credentials.", f"Known are: {', '.join(sorted(known))}.")
    kept = {name: value.strip() for name, value in given.items() if value.strip()}
    if missing := [secret.name for secret in reader.secrets if not secret.may_lack and secret.name not in kept]:
        raise BadInput(f"{missing[0]!r} is missing.", "`docs/backfill.md` says where the provider shows it.")
    for name, value in kept.items():
        if len(value) > LONGEST or not value.isascii() or not value.isprintable():
            raise BadInput(f"{name!r} is not up to {LONGEST:,} printable characters of ASCII.", "Copy it anew.")
    return kept


def _seal(tx: Tx, row: ProviderReadingRow, kept: Mapping[str, Any]) -> None:
    key = tx.key(PROVIDERS)
    row.key_id, row.sealed = key.id, key.seal(msgspec.json.encode(kept), _place(row))


def _open(tx: Tx, row: ProviderReadingRow) -> dict[str, str]:
    return msgspec.json.decode(tx.key(PROVIDERS).open(row.sealed, _place(row)), type=dict[str, str])


def _place(row: ProviderReadingRow) -> bytes:
    return f"reading:{row.org_id}:{row.provider}:{row.account}".encode()
