"""Who is asked for an account's list: the provider's server, with the credentials that are kept sealed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from archive.asking import Asker, Server, Sleep
from archive.core.actor import Actor
from archive.providers.credentials import credentials, renew
from archive.providers.listed.frame import Credentials, Reader, Tokens, Unlisted
from archive.providers.model import DOORS
from archive.settings import Settings
from archive.tx import Transactions

EARLY: Final = timedelta(days=1)
"""A token is renewed so long before it ends."""


class Reading(Protocol):
    """What of an archive reading a list needs."""

    @property
    def settings(self) -> Settings: ...
    @property
    def transactions(self) -> Transactions: ...


def name_of(reader: Reader) -> str:
    return DOORS[reader.provider].name


def open_asker(
    archive: Reading, org_id: int, actor: Actor, reader: Reader, account: str, sleep: Sleep
) -> tuple[Asker, Credentials]:
    """Raises `NotFound` where there are no credentials, `NotReady` where a token is to be had and the provider gives
    none."""
    transactions = archive.transactions
    with transactions.read(org_id, actor) as tx:
        kept, good_until = credentials(tx, reader.provider, account)
        now = tx.now
    base = _base(archive.settings, reader)
    if reader.tokens and not _is_good(good_until, now):
        handed_out, seconds = _handed_out(Asker(_server(reader, base, {}), sleep), reader, reader.tokens, kept)
        with transactions.write(org_id, actor) as tx:
            renew(tx, reader.provider, account, handed_out, seconds)
        kept = {**kept, **handed_out}
    return Asker(_server(reader, base, reader.headers(account, kept)), sleep), kept


def _is_good(until: datetime | None, now: datetime) -> bool:
    return until is not None and until - EARLY > now


def _handed_out(asker: Asker, reader: Reader, tokens: Tokens, kept: Credentials) -> tuple[Credentials, int]:
    answer = asker.post(tokens.where, tokens.form(kept))
    try:
        return tokens.read(asker.decoded(answer, tokens.where))
    except ValueError:
        raise Unlisted(f"{name_of(reader)} hands out no token.", "Enter the credentials anew.") from None


def _server(reader: Reader, base: str, headers: Mapping[str, str]) -> Server:
    name = name_of(reader)
    return Server(
        name,
        base,
        headers,
        called="credentials",
        mend_login=f"Enter those that {name} shows, on the page Providers.",
        mend_access=f"Check at {name} what these credentials may read, and that the account is the right one.",
        mend_address="If that goes on, somebody else is answering in its place: check proxies and names of servers.",
        pace=reader.pace,
    )


def _base(settings: Settings, reader: Reader) -> str:
    """Where it always is, or where tests and proxies say that it is."""
    elsewhere = settings.provider_urls.get(reader.provider)
    return elsewhere or (settings.webex_url if reader.provider == "webex" else reader.base)
