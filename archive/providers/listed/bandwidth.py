"""Bandwidth's list of messages: when, from, to and how each stands, and never its words, which Bandwidth doesn't keep.

So it brings reports, and counts that completeness is measured by. An hour is asked for at a time: what matches is
given out up to the ten thousandth, and nothing that is older than 14 days. A message to several has a report for each
that this list doesn't tell apart, so only those of SMS, which have one recipient, are taken. Source:
Bandwidth/python-sdk@2cf39e5 list_message_item.py, @0543312 docs/MessagesApi.md.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from archive.providers.addresses import canonical
from archive.providers.codes import Status
from archive.providers.listed.frame import Counted, Credentials, Page, Reader, Secret, Slice, rows_in
from archive.providers.listed.twilio import basic
from archive.providers.said import Event, Item, Unread, delivery, part, read_each, word

AT_ONCE: Final = 1_000
STATUSES: Final[dict[str, Status]] = {
    "queued": "queued",
    "accepted": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
}


def headers(_account: str, credentials: Credentials) -> dict[str, str]:
    return basic(credentials["user"], credentials["password"])


def first(_account: str, credentials: Credentials, wanted: Slice) -> str:
    query = {
        "fromDateTime": _millis(wanted.since),
        "toDateTime": _millis(wanted.until - timedelta(milliseconds=1)),
        "limit": str(AT_ONCE),
    }
    return f"/users/{quote(credentials['account_id'], safe='')}/messages?{urlencode(query)}"


def read(said: Any, where: str, _link: str | None) -> Page:
    rows = rows_in(said, "messages")
    # One to several is listed once for each of them.
    counted = {(word(row.get("messageId")), _own(row), _direction(row)): row for row in rows}
    token = word(part(said, "pageInfo", "nextPageToken"), 2_000)
    return Page(
        read_each(rows, event),
        [
            Counted(own, direction, name, (canonical(row.get("destinationTn")),))
            for (name, own, direction), row in counted.items()
        ],
        next=_after(where, token) if token else None,
    )


def event(row: Event) -> Sequence[Item]:
    if _direction(row) != "outbound" or word(row.get("messageType")).lower() != "sms":
        return []
    report = delivery(
        "bandwidth",
        STATUSES,
        provider_id=row.get("messageId"),
        recipient=canonical(row.get("destinationTn")),
        said=row.get("messageStatus"),
        code=row.get("errorCode"),
    )
    return [] if isinstance(report, Unread) else [report]


def _own(row: Event) -> str:
    return canonical(row.get("destinationTn" if _direction(row) == "inbound" else "sourceTn"))


def _direction(row: Event) -> str:
    return word(row.get("messageDirection")).lower()


def _after(where: str, token: str) -> str:
    parts = urlsplit(where)
    query = {**dict(parse_qsl(parts.query)), "pageToken": token}
    return f"{parts.path}?{urlencode(query)}"


def _millis(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


READER: Final = Reader(
    "bandwidth",
    "https://messaging.bandwidth.com/api/v2",
    (Secret("account_id"), Secret("user"), Secret("password")),
    longest=timedelta(hours=1),
    keeps=timedelta(days=14),
    pace=0.2,
    headers=headers,
    first=first,
    read=read,
    event=event,
)
