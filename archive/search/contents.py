"""What the index is told of a message: its words, and what else it can be found by."""

import logging
import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from archive.core.clock import to_micros
from archive.core.errors import Damaged
from archive.messages.actions import opened
from archive.messages.model import InboundText, Message
from archive.search.alphabet import TELEPHONE
from archive.search.index import IndexedText
from archive.tx import Tx

_log = logging.getLogger(__name__)

# An ending that is also a word, as in "done.so", would make a link of every missing space.
_LINK = re.compile(
    r"https?://\S|\bwww\.\S|(?<=[a-z0-9])\.(?:com|org|net|io|co|ly|gov|edu|us|ca)\b(?!\.?[a-z])", re.IGNORECASE
)
_THREE_DIGITS = re.compile(r"\d\d\d")
# Pictures as phones draw them; not every arrow or circled digit that counts as a searchable picture.
_EMOJI = re.compile("[\u203c\u2049\u231a\u231b\u23e9-\u23fa\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff]")


def indexed(message: Message) -> IndexedText:
    clear, content = message.clear, message.content
    return IndexedText(
        serial=message.serial,
        at=to_micros(message.at),
        period=_month(clear.expires_at),
        text=content.text,
        sender=content.sender,
        recipients=content.to,
        own_number=clear.own_number,
        others=message.others,
        direction="in" if clear.direction == "inbound" else "out",
        provider=clear.provider,
        account=clear.account,
        campaign=clear.campaign,
        flags=message.flags,
        has=_has(content.text, bool(content.media)),
    )


def read_rows(tx: Tx, rows: Iterable[Row[Any]]) -> tuple[list[IndexedText], list[int]]:
    """The texts of rows of `messages.store.records_…`, and the serials of those that can't be opened.

    One damaged record must not keep all others from being found: `verify` names it, and every answer says that one is
    missing.
    """
    texts: list[IndexedText] = []
    unreadable: list[int] = []
    for row in rows:
        try:
            texts.append(indexed(opened(tx, row)))
        except Damaged as problem:
            _log.warning("Not indexed: %s", problem.message)
            unreadable.append(row.seq)
    return texts, unreadable


@lru_cache(maxsize=1_000)
def _month(expires_at: datetime) -> str:
    """Remembered, since all texts of one batch expire together."""
    return expires_at.strftime("%Y-%m")


def arriving(serial: int, text: InboundText, flags: tuple[str, ...]) -> IndexedText:
    """The same of a text that is being stored, for who can't wait for the index. It has no period in one yet."""
    return IndexedText(
        serial=serial,
        at=to_micros(text.sent_at or text.received_at),
        period="",
        text=text.text,
        sender=text.sender,
        recipients=text.recipients,
        own_number=text.own_number,
        others=text.others,
        direction="in" if text.direction == "inbound" else "out",
        provider=text.provider,
        account=text.account,
        campaign=text.campaign,
        flags=flags,
        has=_has(text.text, bool(text.media)),
    )


def _has(text: str, media: bool) -> tuple[str, ...]:
    found = {
        "link": ("." in text or "//" in text) and _LINK.search(text),
        "media": media,
        "emoji": not text.isascii() and _EMOJI.search(text),
        "number": _THREE_DIGITS.search(text) and TELEPHONE.search(text.lower()),
    }
    return tuple(name for name, there in found.items() if there)
