"""Accounts whose lists a server of our own answers, and texts of them as webhooks and as lists have them."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.deliveries.reading import missing_texts
from archive.intake.from_providers import Brought as FromProvider
from archive.intake.hooked import take_in
from archive.ledger.trail import TrailEntry, Wanted, read_trail
from archive.providers.accounts import connect
from archive.providers.credentials import grant
from archive.providers.model import DOORS
from archive.pulling.events import ListPulled
from archive.pulling.model import Plan, Run
from archive.pulling.running import Puller
from archive.wiring import Archive
from tests.pulling.fake_lists import Answer, FakeLists, Query

OUR, THEIR = "+12125550123", "+14155550188"
ACCOUNT = "AC33333333333333333333333333333333"
SECRETS = {
    "twilio": {"secret": "auth-token-of-twilio"},
    "telnyx": {"key": "KEY-of-telnyx"},
    "bandwidth": {"account_id": "900000", "user": "reader", "password": "word-of-bandwidth"},
    "webex": {"client_id": "C1", "client_secret": "client-of-webex", "refresh_token": "refresh-of-webex"},
}
SIGNING = {"bandwidth": "user:password", "telnyx": "A" * 43 + "="}
LIST_OF_TWILIO = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


def readable(archive: Archive, organisation: OrganisationRow, lists: FakeLists, provider: str = "twilio") -> Archive:
    """The archive, with an account whose list is at `lists`."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        connect(tx, provider, ACCOUNT, SIGNING.get(provider, "a-signing-secret"))
        grant(tx, provider, ACCOUNT, SECRETS[provider])
    return at(archive, lists)


def at(archive: Archive, lists: FakeLists) -> Archive:
    urls = dict.fromkeys(SECRETS, lists.url)
    return dataclasses.replace(archive, settings=dataclasses.replace(archive.settings, provider_urls=urls))


def pull(
    archive: Archive, organisation: OrganisationRow, provider: str = "twilio", wanted: Plan | None = None, **more: Any
) -> Run:
    puller = Puller(archive, organisation.id, OPERATOR, **{"sleep": lambda _seconds: None, **more})
    return puller.run(provider, ACCOUNT, wanted)


def hook(archive: Archive, organisation: OrganisationRow, provider: str, said: Any) -> int:
    """How much of what a webhook brings is new. A mapping is a form, anything else JSON."""
    raw = urlencode(said).encode() if provider == "twilio" else json.dumps(said).encode()
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return sum(take_in(tx, [FromProvider(provider, ACCOUNT, DOORS[provider].parse(raw), tx.now)]))


def runs(archive: Archive, organisation: OrganisationRow) -> list[TrailEntry]:
    """What the ledger says of them, newest first."""
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return read_trail(tx, Wanted(kind=ListPulled.kind), 100, details=True)


def gaps(archive: Archive, organisation: OrganisationRow) -> int:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return missing_texts(tx).texts


def of_twilio(number: int, *, outbound: bool = False, day: str = "23 Nov 2026", **more: Any) -> dict[str, Any]:
    """As its list has it."""
    sender, to = (OUR, THEIR) if outbound else (THEIR, OUR)
    return {
        "sid": f"SM{number:032}",
        "body": f"text {number}",
        "date_sent": f"Mon, {day} 05:01:{number % 60:02} +0000",
        "direction": "outbound-api" if outbound else "inbound",
        "error_code": None,
        "error_message": None,
        "from": sender,
        "to": to,
        "num_media": "0",
        "status": "delivered" if outbound else "received",
        "subresource_uris": {"media": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/SM{number:032}/Media.json"},
        **more,
    }


def list_twilio(lists: FakeLists, rows: Sequence[dict[str, Any]], page: int = 2, day: str = "2026-11-23") -> None:
    """What its list has of one day; other days are empty."""

    def answer(query: Query) -> Answer:
        if query["DateSent"] != day:
            return 200, {"messages": [], "next_page_uri": None}
        start = int(query.get("Page", 0)) * page
        more = urlencode({**query, "Page": start // page + 1})
        there = len(rows) > start + page
        return 200, {
            "messages": list(rows)[start : start + page],
            "next_page_uri": f"{LIST_OF_TWILIO}?{more}" if there else None,
        }

    lists.answers[LIST_OF_TWILIO] = answer
