"""Texts through the ordinary door and into the index, for tests of pages and of the API."""

import json
from collections.abc import Sequence
from typing import Any

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR, Actor
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.ledger.trail import TrailEntry, Wanted, read_trail
from archive.messages.model import Outcome
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.search.follower import catch_up
from archive.wiring import Archive

OWN, OTHER = "+12125550123", "+14155550188"

# Everything that a page or an answer could stumble over; each is kept and found as it came.
HOSTILE = {
    "markup": "<script>alert('x')</script> & \"quoted\" </textarea><!--",
    "nul": "before\x00after",
    "half pair": "half \ud83d a pair",
    "right to left": "שלום \u202eevil\u202c مرحبا",
    "emoji": "👩‍👩‍👧‍👦 family 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "controls": "bell\x07 escape\x1b[31m tab\there\r\nline",
    "template": "{{ 7 * 7 }} {% raw %} %(name)s ${x}",
    "long": "word " * 2_000,
}


def text(number: int, words: str, **more: Any) -> dict[str, Any]:
    """As a provider sends it: number 7 is the eighth of a conversation, a minute after the one before."""
    return {
        "provider": "twilio",
        "provider_id": f"SM{number:06}",
        "direction": "inbound",
        "from": OTHER,
        "to": [OWN],
        "text": words,
        "sent_at": f"2026-11-20T{12 + number // 60:02}:{number % 60:02}:00Z",
        **more,
    }


def take_in(
    archive: Archive, organisation: OrganisationRow, items: Sequence[Any], actor: Actor = OPERATOR
) -> list[int]:
    """The serial (or, of what is quarantined, the sequence number) of each; bytes are taken as they are."""
    raw = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in items]
    with archive.transactions.write(organisation.id, actor) as tx:
        outcomes: list[Outcome] = receive(tx, [arrival(one, tx.now, "api") for one in raw])
    catch_up(archive.transactions, archive.index, organisation.id)
    return [outcome.serial or 0 for outcome in outcomes]


def take_in_hostile(archive: Archive, organisation: OrganisationRow) -> dict[str, int]:
    """The serial of each hostile text, and of one whose media is hostile too."""
    items = [text(number, words) for number, words in enumerate(HOSTILE.values())]
    media = [{"name": "<b>\ud83d\x00", "content_type": "image/<i>"}, "<u>plain</u>", 5, None, {"url": ["x"]}]
    items.append(text(len(items), "", media=media))
    return dict(zip([*HOSTILE, "media"], take_in(archive, organisation, items), strict=True))


def own_number(archive: Archive, organisation: OrganisationRow, label: str = "Front desk") -> str:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        state = NumberState.AUTHORISED
        return add_number(tx, OWN, location="Austin", label=label, state=state).id


def trail(archive: Archive, organisation: OrganisationRow, kind: str) -> list[TrailEntry]:
    """Entries of a kind with their private details, newest first."""
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return read_trail(tx, Wanted(kind=kind), 1_000, details=True)
