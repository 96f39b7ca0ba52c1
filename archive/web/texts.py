"""Texts as pages show them: parties, flags, excerpts, conversations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from archive.http.formats import marked
from archive.http.translation import _
from archive.messages.flags import AFTER_OPT_OUT, CONFLICT, FLAGS, MMS, UNAUTHORISED_NUMBER
from archive.messages.model import Message
from archive.messages.viewing import Viewed
from archive.numbers.history import Nearest
from archive.search.actions import Hit
from archive.search.query.marks import find_marks
from archive.search.query.model import Query
from archive.tx import Tx
from archive.web.deliveries import TONES, status_label

Shown = dict[str, Any]
Href = Callable[[int], str]
"""The address that opens a text, by its serial."""
Became = Mapping[int, Sequence[str]]
"""Serial → what has become of a text, of those of which that is known."""

EACH_SIDE = 25
_EXCERPT = 160
_BEFORE_MARK, _IN_SIGHT = 40, 60
"""Two lines are shown; a mark after so many characters might not be among them."""
_FAILED = frozenset({"failed", "undelivered", "blocked", "rejected"})
_BAD_FLAGS = frozenset({AFTER_OPT_OUT, CONFLICT, UNAUTHORISED_NUMBER})


class OwnNumbers:
    """Whose the organisation's numbers were, for people: who held one when a text was sent, not who holds it today.

    A text from before its number was entered bears the first name that is known; its record says that it is so old.
    """

    def __init__(self, tx: Tx) -> None:
        self._nearest = Nearest(tx)

    def party(self, address: str, at: datetime) -> Shown:
        then = self._nearest.at(address, at)
        return {"number": address, "name": (then.label or then.location or None) if then else None}

    def location(self, address: str, at: datetime) -> str | None:
        then = self._nearest.at(address, at)
        return then.location or None if then else None


def flags_of(message: Message) -> list[Shown]:
    return [_flag(name) for name in message.flags]


def flag_labels() -> dict[str, str]:
    """Every flag that the archive knows, for people."""
    return {name: name.replace("-", " ") for name in FLAGS}


def _flag(name: str) -> Shown:
    tone = "bad" if name in _BAD_FLAGS else "" if name == MMS else "warn"
    return {"name": name, "label": flag_labels().get(name, name), "tone": tone, "why": FLAGS.get(name, "")}


def kind_of(message: Message) -> str:
    """A text to several is an MMS for a carrier; for people it is, first of all, to several."""
    if len(message.others) > 1:
        return _("Group MMS")
    return "MMS" if message.content.media else "SMS"


def way(message: Message) -> str:
    return "in" if message.clear.direction == "inbound" else "out"


def hits_by_day(hits: Sequence[Hit], numbers: OwnNumbers, href: Href, today: date, opened: int | None) -> list[Shown]:
    """Hits in their order, each day with its heading."""
    return [
        {
            "day": on,
            "label": _today_or_yesterday(on, today),
            "hits": hits_in_order(list(of_day), numbers, href, opened),
        }
        for on, of_day in groupby(hits, key=lambda hit: hit.message.at.date())
    ]


def hits_in_order(hits: Sequence[Hit], numbers: OwnNumbers, href: Href, opened: int | None) -> list[Shown]:
    return [_hit(hit, numbers, href, opened) for hit in hits]


def _today_or_yesterday(on: date, today: date) -> str | None:
    return {today: _("Today"), today - timedelta(days=1): _("Yesterday")}.get(on)


def _hit(hit: Hit, numbers: OwnNumbers, href: Href, opened: int | None) -> Shown:
    message = hit.message
    text, marks = excerpt(message.content.text, hit.marks)
    return {
        "serial": message.serial,
        "href": href(message.serial),
        "direction": way(message),
        "own": numbers.party(message.clear.own_number, message.at),
        "others": [numbers.party(other, message.at) for other in message.others],
        "at": message.at,
        "kind": kind_of(message),
        "excerpt": text,
        "marks": marks,
        "messages": None,
        "flags": flags_of(message),
        "delivery": [
            {"label": status_label(status), "tone": TONES[status]} for status in hit.delivery if status in TONES
        ],
        "opened": message.serial == opened,
    }


def _became(status: str) -> Shown:
    return {"label": status_label(status), "tone": TONES[status]}


def excerpt(text: str, marks: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """A part of the text with its first mark in it, and the marks of that part."""
    first = marks[0][0] if marks else 0
    start = first - _BEFORE_MARK if first > _IN_SIGHT else 0
    end = start + _EXCERPT
    before, after = "…" * (start > 0), "…" * (end < len(text))
    shift = start - len(before)
    inside = [(max(a, start) - shift, min(b, end) - shift) for a, b in marks if a < end and b > start]
    return f"{before}{text[start:end]}{after}", inside


def conversation_of(
    viewed: Viewed, numbers: OwnNumbers, became: Became, query: Query | None, open_at: Href, href: Href
) -> Shown:
    """The conversation around an opened text; `open_at` opens another text beside the same search."""
    texts, message = viewed.conversation, viewed.message
    at = next(place for place, text in enumerate(texts) if text.serial == message.serial)
    marks = {text.serial: find_marks(text.content.text, query) if query else [] for text in texts}
    return {
        "own": numbers.party(message.clear.own_number, message.at),
        "others": [numbers.party(other, message.at) for other in message.others],
        "location": numbers.location(message.clear.own_number, message.at),
        "href": href(message.serial),
        "hits": _hits_in([serial for serial, found in marks.items() if found], message.serial, open_at),
        "earlier_href": open_at(texts[0].serial) if at >= EACH_SIDE else None,
        "later_href": open_at(texts[-1].serial) if len(texts) - at > EACH_SIDE else None,
        "flags": [],
        "damaged": viewed.damaged,
        "days": [
            {
                "day": on,
                "lines": [
                    {
                        **_line(text, marks[text.serial], message.serial, numbers, open_at),
                        **_delivery(text, became.get(text.serial, ())),
                    }
                    for text in of_day
                ],
            }
            for on, of_day in groupby(texts, key=lambda text: text.at.date())
        ],
    }


def _hits_in(serials: list[int], opened: int, open_at: Href) -> Shown | None:
    """Where the opened text stands among those of the conversation that the search found."""
    if opened not in serials:
        return None
    at = serials.index(opened)
    return {
        "index": at + 1,
        "total": len(serials),
        "previous_href": open_at(serials[at - 1]) if at else None,
        "next_href": open_at(serials[at + 1]) if at + 1 < len(serials) else None,
    }


def _line(text: Message, marks: Iterable[tuple[int, int]], opened: int, numbers: OwnNumbers, open_at: Href) -> Shown:
    return {
        "kind": "text",
        "serial": text.serial,
        "href": open_at(text.serial),
        "direction": way(text),
        "sender": numbers.party(text.content.sender, text.at),
        "at": text.at,
        "at_claimed": text.clear.sent_at is not None,
        "text": text.content.text,
        "marks": marks,
        "flags": flags_of(text),
        "media": [_media(item) for item in text.content.media],
        "opened": text.serial == opened,
    }


def _delivery(text: Message, became: Sequence[str]) -> Shown:
    """What was last said of it; where nobody has, the word with which it came."""
    said = ", ".join(map(status_label, became)) or text.content.status
    words = became or [(text.content.status or "").casefold()]
    return {"delivery": said, "delivery_failed": not _FAILED.isdisjoint(words)}


def _media(item: Any) -> Shown:
    """A reference as some provider wrote it; nothing about its shape is certain."""
    if not isinstance(item, dict):
        return {"name": marked(str(item), []), "detail": _("reference only")}
    name = item.get("name") or item.get("filename") or item.get("url") or _("attachment")
    detail = item.get("content_type") or item.get("type") or _("reference only")
    return {"name": marked(str(name), []), "detail": marked(str(detail), [])}
