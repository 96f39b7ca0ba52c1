"""Twilio's Messages resource: everything that was carried, both ways, with its words and how it stands.

A day (UTC) is asked for by `DateSent`, a thousand texts at a time; `next_page_uri` leads on. Texts are kept for 400
days. What a webhook leaves out is here: the words of what was sent, and a time. `date_sent` is that time; a text that
came by webhook, which names none, is the same one. Media are listed at an address of their own. Source:
twilio/twilio-oai@d50069b twilio_api_v2010.json, twilio-python `MessageList.stream`.
"""

import base64
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from archive.providers.addresses import canonical
from archive.providers.listed.frame import DAY, Counted, Credentials, Page, Reader, Secret, Slice, Wanted, rows_in
from archive.providers.moments import of_mail
from archive.providers.said import Event, Item, Unread, delivery, read_each, several, text, word
from archive.providers.twilio import STATUSES

BASE: Final = "https://api.twilio.com"
AT_ONCE: Final = 1_000
NOT_YET: Final = ("accepted", "scheduled")
"""It is not known yet from which number these will go out, so they are no texts yet."""


def headers(account: str, credentials: Credentials) -> dict[str, str]:
    """By an API key, or else by the account's own id and auth token."""
    user = credentials.get("key_sid") or account
    return basic(user, credentials["secret"])


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


def first(account: str, _credentials: Credentials, part: Slice) -> str:
    query = urlencode({"DateSent": f"{part.since:%Y-%m-%d}", "PageSize": AT_ONCE})
    return f"/2010-04-01/Accounts/{quote(account)}/Messages.json?{query}"


def read(said: Any, _where: str, _link: str | None) -> Page:
    rows = [row for row in rows_in(said, "messages") if word(row.get("status")) not in NOT_YET]
    return Page(
        read_each([row for row in rows if _media_at(row) is None], event)
        + read_each([row for row in rows if _media_at(row) is not None], _report_only),
        [_counted(row) for row in rows],
        [_wanted(row, where) for row in rows if (where := _media_at(row)) is not None],
        word(said.get("next_page_uri"), 2_000) or None,
    )


def event(row: Event) -> Sequence[Item]:
    if _direction(row) is None:
        return [Unread("neither an inbound nor an outbound text")]
    return [_text(row), *_report_only(row)]


def complete(wanted: Wanted, said: Any) -> Sequence[Item]:
    """Where the media are gone, the words are still here."""
    media = rows_in(said, "media_list") if said is not None else []
    return read_each([{**wanted.event, "media": media}], lambda row: [_text(row)])


def _report_only(row: Event) -> Sequence[Item]:
    if _is_inbound(row):
        return []
    report = delivery(
        "twilio",
        STATUSES,
        provider_id=row.get("sid"),
        recipient=canonical(row.get("to")),
        said=row.get("status"),
        code=row.get("error_code"),
        title=row.get("error_message"),
    )
    return [] if isinstance(report, Unread) else [report]


def _text(row: Event) -> Item:
    return text(
        row,
        provider_id=row.get("sid"),
        direction=_direction(row),
        sender=row.get("from"),
        to=[row["to"]] if "to" in row else [],
        words=row.get("body"),
        sent_at=of_mail(row.get("date_sent")),
        media=[_medium(one) for one in several(row.get("media"))],
        status=row.get("status"),
    )


def _medium(one: Event) -> dict[str, Any]:
    """As the webhook names it."""
    return {"url": BASE + word(one.get("uri")).removesuffix(".json"), "content_type": one.get("content_type")}


def _media_at(row: Event) -> str | None:
    """Where the media of a text are listed, if it has any."""
    subresources = row.get("subresource_uris")
    where = word(subresources.get("media")) if isinstance(subresources, dict) else ""
    return where if word(row.get("num_media")) not in ("", "0") and where.startswith("/") else None


def _counted(row: Event) -> Counted:
    number = canonical(row.get("to" if _is_inbound(row) else "from"))
    return Counted(number, _direction(row) or "", word(row.get("sid")), (canonical(row.get("to")),))


def _wanted(row: Event, where: str) -> Wanted:
    return Wanted(word(row.get("sid")), (canonical(row.get("to")),), where, row)


def _is_inbound(row: Event) -> bool:
    return _direction(row) == "inbound"


def _direction(row: Event) -> str | None:
    """`outbound-api`, `outbound-call` and `outbound-reply` all went out."""
    said = word(row.get("direction")).partition("-")[0]
    return said if said in ("inbound", "outbound") else None


READER: Final = Reader(
    "twilio",
    BASE,
    (Secret("key_sid", may_lack=True), Secret("secret")),
    longest=DAY,
    keeps=timedelta(days=400),
    pace=0.1,
    headers=headers,
    first=first,
    read=read,
    event=event,
    complete=complete,
)
