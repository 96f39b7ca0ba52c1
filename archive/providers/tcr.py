"""The Campaign Registry: what it says about brands and campaigns.

Signed by `X-Registry-Signature`: base64 of HMAC-SHA1 over the webhook's address and the body's JSON in canonical form
(RFC 8785). There is no time and no number in a message. Source: haywiremk/php-campaignregistry@5ab1bc4.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from archive.core.canonical import parse_json
from archive.core.jcs import jcs
from archive.providers.frame import Door, HookRequest

HEADER: Final = "x-registry-signature"
LONGEST: Final = 200
UNREADABLE: Final = "unreadable"
"""The `event` of a signed body that names none."""


@dataclass(frozen=True, slots=True)
class RegistryEvent:
    """One message. Ids are the registry's, `reference` is what we gave; empty where it names none.

    `mock`: about something made for testing. `whole`: the body as canonical bytes. `provider`: who passes it on or says
    it of itself; `theirs` is then its own id of the campaign, `said_at` when it said so, `number` one of ours.
    """

    event: str
    campaign: str
    reference: str
    brand: str
    brand_reference: str
    brand_identity: str
    carrier: str
    carrier_name: str
    description: str
    mock: bool
    whole: bytes
    provider: str = "tcr"
    theirs: str = ""
    number: str = ""
    said_at: datetime | None = None


def verify(request: HookRequest, secret: str) -> bool:
    try:
        signed = request.url.encode() + jcs(parse_json(request.body))
    except (ValueError, RecursionError):
        return False
    expected = b64encode(hmac.digest(secret.encode(), signed, "sha1"))
    given = request.headers.get(HEADER, "").strip().encode("utf-8", "replace")
    return hmac.compare_digest(expected, given)


def parse(body: bytes) -> Sequence[RegistryEvent]:
    """One message, or several in an array."""
    value = parse_json(body)
    return [_event(one) for one in (value if isinstance(value, list) else [value])]


def _event(value: Any) -> RegistryEvent:
    said: Mapping[str, Any] = value if isinstance(value, dict) else {}
    return RegistryEvent(
        event=_word(said, "eventType") or UNREADABLE,
        campaign=_word(said, "campaignId"),
        reference=_word(said, "campaignReferenceId"),
        brand=_word(said, "brandId"),
        brand_reference=_word(said, "brandReferenceId"),
        brand_identity=_word(said, "brandIdentityStatus"),
        carrier=_word(said, "mnoId"),
        carrier_name=_word(said, "mnoName"),
        description=_word(said, "description"),
        mock=said.get("mock") is True,
        whole=jcs(value),
    )


def _word(said: Mapping[str, Any], name: str) -> str:
    """Text or a number, as text; what is longer than any id is no id."""
    value = said.get(name)
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text.replace("\x00", "") if len(text) <= LONGEST or name == "description" else ""


DOOR: Final = Door("tcr", "The Campaign Registry", verify, parse)
