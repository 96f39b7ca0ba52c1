"""Telnyx: its detail records list what was carried, and each message has its words at an address of its own.

Words are there for ten days. What is asked for one message is what its webhooks hold as `payload`, so it is read by
the same functions; what is here already is not asked for. The records' own word for how a text stands comes along
too: it is the last one, and stays after the words are gone. All messaging profiles are listed, or the one that is
named. Fifty records make a page, the most that there may be. Source: telnyx 4.189.0
types/detail_record_list_response, types/message_retrieve_response; developers.telnyx.com, "Detail Record Search".
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from archive.providers.addresses import canonical
from archive.providers.codes import Status
from archive.providers.listed.frame import DAY, Counted, Credentials, Page, Reader, Secret, Slice, Wanted, rows_in
from archive.providers.moments import moment
from archive.providers.said import Event, Item, Unread, delivery, part, read_each, several, word
from archive.providers.telnyx import NOT_ARRIVED, read_message

AT_ONCE: Final = 50
NUMBER: Final = "page[number]"
PROFILE: Final = "filter[profile_id]"
MOST_PAGES: Final = 100_000
STATUSES: Final[dict[str, Status]] = {
    "delivered": "delivered",
    "dlr_unconfirmed": "sent",
    "dlr_timeout": "sent",
    "gw_timeout": "undelivered",
    "gw_reject": "failed",
    "failed": "failed",
}


def headers(_account: str, credentials: Credentials) -> dict[str, str]:
    return {"Authorization": f"Bearer {credentials['key']}"}


def first(_account: str, credentials: Credentials, wanted: Slice) -> str:
    profile = {PROFILE: credentials["profile_id"]} if "profile_id" in credentials else {}
    query = {
        "filter[record_type]": "messaging",
        "filter[created_at][gte]": f"{wanted.since:%Y-%m-%d}",
        "filter[created_at][lt]": f"{wanted.since + DAY:%Y-%m-%d}",
        **profile,
        "sort": "created_at",
        "page[size]": str(AT_ONCE),
        NUMBER: "1",
    }
    return f"/detail_records?{urlencode(query)}"


def read(said: Any, where: str, _link: str | None) -> Page:
    rows = [row for row in rows_in(said, "data") if word(row.get("uuid"))]
    return Page(
        read_each(rows, _report),
        [_counted(row) for row in rows],
        [_wanted(row) for row in rows],
        _next(where, part(said, "meta", "total_pages")),
    )


def event(payload: Event) -> Sequence[Item]:
    """Of one message, as it is answered under `data`."""
    return read_message(payload, payload, moment(payload.get("completed_at")))


def complete(_wanted: Wanted, said: Any) -> Sequence[Item]:
    """Of one whose words are gone, nothing: that it was is counted, and how it stands is told by its record."""
    payload = said.get("data") if isinstance(said, dict) else None
    if payload is None:
        return []
    return read_each([payload], event)


def _report(row: Event) -> Sequence[Item]:
    """Of an SMS, which has one recipient."""
    if _is_inbound(row) or word(row.get("message_type")).upper() != "SMS":
        return []
    missed = STATUSES.get(word(row.get("status")).lower()) in NOT_ARRIVED
    report = delivery(
        "telnyx",
        STATUSES,
        provider_id=row.get("uuid"),
        recipient=canonical(row.get("cld")),
        said=row.get("status"),
        code=next(iter(several(row.get("errors"))), None) if missed else None,
        at=moment(row.get("completed_at")),
    )
    return [] if isinstance(report, Unread) else [report]


def _counted(row: Event) -> Counted:
    number = canonical(row.get("cld" if _is_inbound(row) else "cli"))
    return Counted(number, word(row.get("direction")), word(row.get("uuid")), (canonical(row.get("cld")),))


def _wanted(row: Event) -> Wanted:
    uuid = word(row.get("uuid"))
    return Wanted(uuid, (canonical(row.get("cld")),), f"/messages/{quote(uuid, safe='')}", row)


def _is_inbound(row: Event) -> bool:
    return word(row.get("direction")) == "inbound"


def _next(where: str, pages: Any) -> str | None:
    parts = urlsplit(where)
    query = dict(parse_qsl(parts.query))
    here = int(query.get(NUMBER, "1"))
    if not isinstance(pages, int) or here >= min(pages, MOST_PAGES):
        return None
    return f"{parts.path}?{urlencode({**query, NUMBER: str(here + 1)})}"


READER: Final = Reader(
    "telnyx",
    "https://api.telnyx.com/v2",
    (Secret("key"), Secret("profile_id", may_lack=True)),
    longest=DAY,
    keeps=timedelta(days=10),
    pace=0.05,
    headers=headers,
    first=first,
    read=read,
    event=event,
    complete=complete,
)
