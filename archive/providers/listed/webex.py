"""Webex: the events that a compliance officer may list, `GET /events?resource=businessTexts`. No webhook has them.

What `data` of a business text holds is documented nowhere, so it is read by the same tolerant function as a
webhook's, and what names no direction or no party waits in quarantine. That a text was changed or deleted at Webex is
kept in quarantine as a note, and changes nothing here. Events older than 90 days are listed with Pro Pack only.

Access tokens are good for 14 days, and are handed out against a refresh token, which is good for 90 days from its
last use. Scope: `spark-compliance:events_read`. Source: webex/webex-openapi-specs@1be8332; developer.webex.com,
"Integrations & Authorization".
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from archive.providers.addresses import canonical
from archive.providers.listed.frame import DAY, Counted, Credentials, Page, Reader, Secret, Slice, Tokens, rows_in
from archive.providers.said import Event, Item, Text, read_each, several, word
from archive.providers.webex import read as read_event

ACCESS: Final = "access_token"
REFRESH: Final = "refresh_token"
LONGEST_TOKEN: Final = 8_000
LONGEST_LIFE: Final = 90 * 86_400


def headers(_account: str, credentials: Credentials) -> dict[str, str]:
    return {"Authorization": f"Bearer {credentials[ACCESS]}"} if ACCESS in credentials else {}


def first(_account: str, _credentials: Credentials, wanted: Slice) -> str:
    query = {"resource": "businessTexts", "from": _millis(wanted.since), "to": _millis(wanted.until), "max": "100"}
    return f"/events?{urlencode(query)}"


def read(said: Any, _where: str, link: str | None) -> Page:
    items = read_each(rows_in(said, "items"), event)
    return Page(items, [one for item in items for one in _counted(item)], next=link)


def event(one: Event) -> Sequence[Item]:
    return read_event(one)


def form(credentials: Credentials) -> dict[str, str]:
    kept = {name: credentials[name] for name in ("client_id", "client_secret", REFRESH)}
    return {"grant_type": REFRESH, **kept}


def tokens(said: Any) -> tuple[Credentials, int]:
    """The refresh token may be another one from now on."""
    if not isinstance(said, dict):
        raise ValueError("no object")
    found = {name: said[name] for name in (ACCESS, REFRESH) if said.get(name) is not None}
    seconds = said.get("expires_in")
    if ACCESS not in found or not all(map(_is_token, found.values())) or type(seconds) is not int:
        raise ValueError("no token")
    return found, max(0, min(seconds, LONGEST_LIFE))


def _counted(item: Item) -> Sequence[Counted]:
    """Those that name a direction and our number."""
    said = item.item if isinstance(item, Text) else {}
    direction = said.get("direction")
    number = {"inbound": next(iter(several(said.get("to"))), None), "outbound": said.get("from")}.get(direction or "")
    if not isinstance(number, str):
        return []
    name, recipients = word(said.get("provider_id")), tuple(canonical(one) for one in several(said.get("to")))
    return [Counted(canonical(number), str(direction), name, recipients)]


def _is_token(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TOKEN and value.isascii() and value.isprintable()


def _millis(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


READER: Final = Reader(
    "webex",
    "https://webexapis.com/v1",
    (Secret("client_id"), Secret("client_secret"), Secret(REFRESH)),
    longest=DAY,
    keeps=timedelta(days=90),
    pace=0.25,
    headers=headers,
    first=first,
    read=read,
    event=event,
    tokens=Tokens("/access_token", form, tokens),
)
