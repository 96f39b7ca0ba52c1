"""RingCentral: JSON, with the words of what is sent as well.

There is no signature. Whoever subscribes chooses a token, which is the secret, and it comes with each event. Before
that a first request asks for an answer with its own `Validation-Token`.
Source: ringcentral/ringcentral-api-docs@64067a5.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from archive.providers.addresses import canonical
from archive.providers.codes import Status
from archive.providers.frame import Door, HookRequest
from archive.providers.moments import moment
from archive.providers.said import Event, Item, Unread, delivery, opt_out, parser, part, several, text, word
from archive.providers.signing import any_same, refusing

ASKED: Final = "validation-token"
HEADERS: Final = (ASKED, "verification-token")
LONGEST_TOKEN: Final = 200
DIRECTIONS: Final = {"inbound": "inbound", "outbound": "outbound"}
STATUSES: Final[dict[str, Status]] = {
    "queued": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "deliveryfailed": "undelivered",
    "sendingfailed": "failed",
}


@refusing
def verify(request: HookRequest, secret: str) -> bool:
    return any_same([request.headers.get(name, "") for name in HEADERS], [secret])


def handshake(request: HookRequest) -> Mapping[str, str]:
    """Answered to a request that says nothing else; a token that could not stand in a header is none."""
    token = request.headers.get(ASKED, "")
    fit = 0 < len(token) <= LONGEST_TOKEN and token.isascii() and token.isprintable()
    return {"Validation-Token": token} if fit and not request.body else {}


def read(event: Event) -> Sequence[Item]:
    said = event.get("body")
    if isinstance(said, dict) and isinstance(said.get("active"), bool):
        return [_opt_out(event, said)]
    if not isinstance(said, dict) or "id" not in said or "direction" not in said:
        return [Unread(_why_not(said))]
    direction = DIRECTIONS.get(word(said["direction"]).lower())
    reports = [_delivery(said, to) for to in several(said.get("to"))] if direction == "outbound" else []
    return [_text(event, said, direction), *reports]


def _why_not(said: Any) -> str:
    if isinstance(said, dict) and "changes" in said:
        return "an event that says that something changed, and not what"
    return "an event that brings no text"


def _text(event: Event, said: Event, direction: str | None) -> Item:
    return text(
        event,
        provider_id=said["id"],
        direction=direction,
        sender=_end(said.get("from")),
        to=[_end(to) for to in several(said.get("to"))],
        words=said.get("text", said.get("subject")),
        sent_at=said.get("creationTime"),
        media=[one for one in several(said.get("attachments")) if part(one, "type") != "Text"],
        status=said.get("messageStatus"),
    )


def _delivery(said: Event, to: Any) -> Item:
    return delivery(
        "ringcentral",
        STATUSES,
        provider_id=said["id"],
        recipient=canonical(_end(to)),
        said=said.get("messageStatus"),
        code=said.get("errorCode"),
        at=moment(said.get("lastModifiedTime")),
        among=[canonical(_end(one)) for one in several(said.get("to"))],
    )


def _opt_out(event: Event, said: Event) -> Item:
    """`from` is the number of ours from which somebody, `to`, is not to be texted. It names the moment only outside."""
    at = moment(event.get("timestamp"))
    return opt_out(party=said.get("to"), own_number=word(said.get("from")), out=said["active"], at=at)


def _end(value: Any) -> Any:
    return part(value, "phoneNumber") if isinstance(value, dict) else value


DOOR: Final = Door("ringcentral", "RingCentral", verify, parser(read), handshake)
