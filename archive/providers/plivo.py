"""Plivo: forms, in the body of a POST or the query of a GET; numbers have no plus.

V3: base64 of HMAC-SHA256 over the address, the parameters by name, and a nonce. V2 leaves the parameters out, so where
both are given V3 alone decides. A header may hold several signatures, for an account and the one above it. There is no
time in either. Source: plivo/plivo-python@a0cd323, plivo/plivo-go@273a836.
"""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from archive.providers.addresses import canonical, with_plus
from archive.providers.bodies import Pairs, pairs
from archive.providers.codes import Status
from archive.providers.frame import Door, HookRequest
from archive.providers.moments import in_utc, moment
from archive.providers.said import Event, Item, Unread, delivery, parser, text
from archive.providers.signing import any_same, refusing, signed_base64

V3: Final = "x-plivo-signature-v3"
V2: Final = ("x-plivo-signature-v2", "x-plivo-signature-ma-v2")
MOST_MEDIA: Final = 100
STATUSES: Final[dict[str, Status]] = {
    "queued": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "rejected": "failed",
}


@refusing
def verify(request: HookRequest, secret: str) -> bool:
    headers = request.headers
    if third := headers.get(V3):
        message = f"{_address_and_parameters(request)}.{headers.get(f'{V3}-nonce', '')}"
        return _signs(third, secret, message)
    message = _bare(request.url) + headers.get(f"{V2[0]}-nonce", "")
    return _signs(",".join(headers.get(name, "") for name in V2), secret, message)


def _signs(header: str, secret: str, message: str) -> bool:
    expected = signed_base64(secret, message.encode("utf-8", "surrogateescape"), "sha256")
    return any_same([one.strip() for one in header.split(",")], [expected])


def _bare(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _address_and_parameters(request: HookRequest) -> str:
    """The query's names and values by name; behind a dot those of the body."""
    query = "&".join(f"{name}={value}" for name, value in _by_name(urlsplit(request.url).query.encode()))
    form = [] if request.method == "GET" else _by_name(request.body)
    if not form:
        return f"{_bare(request.url)}?{query}" if query else _bare(request.url)
    return f"{_bare(request.url)}?{query}{'.' if query else ''}" + "".join(name + value for name, value in form)


def _by_name(said: bytes) -> Pairs:
    return sorted(pairs(said))


def read(form: Event) -> Sequence[Item]:
    if "Status" in form:
        return [_delivery(form)]
    if "Text" not in form and "Body" not in form and "Media0" not in form:
        return [Unread("neither a text nor a delivery report")]
    return [_text(form)]


def _text(form: Event) -> Item:
    return text(
        form,
        provider_id=form.get("MessageUUID"),
        direction="inbound",
        sender=with_plus(form.get("From")),
        to=[with_plus(form["To"])] if "To" in form else [],
        words=form.get("Text", form.get("Body", "")),
        media=_media(form),
    )


def _media(form: Event) -> list[dict[str, Any]]:
    return [{"url": form[f"Media{at}"]} for at in range(MOST_MEDIA) if f"Media{at}" in form]


def _delivery(form: Event) -> Item:
    """A long text is reported in parts, each under an id of its own and that of the whole."""
    reported = form.get("DeliveryReportTime") or form.get("SentTime") or form.get("QueuedTime")
    return delivery(
        "plivo",
        STATUSES,
        provider_id=form.get("ParentMessageUUID") or form.get("MessageUUID"),
        recipient=canonical(with_plus(form.get("To"))),
        said=form["Status"],
        code=form.get("ErrorCode"),
        at=moment(in_utc(reported)),
    )


DOOR: Final = Door("plivo", "Plivo", verify, parser(read))
