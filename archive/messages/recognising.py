"""One text, told by two channels: a webhook may name no time, a list the second, a program the millisecond.

Such a text is known by its provider's id and by what it says, and is the same one. Its record is never changed for
that: of its time it says what was said first. Where nothing is left of the first but its hashes, another time is
enough to tell them apart, and no time is not.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from archive.ledger.entry import encode
from archive.messages.model import InboundText, Message
from archive.messages.record import Hashes

APART: Final = timedelta(minutes=2)
"""So much may lie between what two channels say of the time of one text."""

Known = dict[int, dict[int, int]]
"""Identity → {fingerprint: serial}."""
Read = Callable[[Sequence[int]], Iterable[Message]]


def recognise(
    texts: Sequence[InboundText], identities: Sequence[int], hashes: Hashes, known: Known, read: Read
) -> None:
    """Adds to `known` the fingerprints of those texts that are here with another word of their time. `read`: those of
    these serials that are still here.
    """
    doubtful: list[tuple[InboundText, int, dict[int, int]]] = []
    for text, identity in zip(texts, identities, strict=True):
        seen = known.get(identity)
        fingerprint = hashes.fingerprint(text) if seen else 0
        if not seen or fingerprint in seen:
            continue
        timeless = hashes.fingerprint(msgspec.structs.replace(text, sent_at=None))
        if timeless in seen:
            seen[fingerprint] = seen[timeless]
        else:
            doubtful.append((text, fingerprint, seen))
    _compare(doubtful, read)


def _compare(doubtful: Sequence[tuple[InboundText, int, dict[int, int]]], read: Read) -> None:
    """With what is here, opened: few get as far as this."""
    if not doubtful:
        return
    serials = sorted({serial for _, _, seen in doubtful for serial in seen.values()})
    here = {message.serial: message for message in read(serials)}
    for text, fingerprint, seen in doubtful:
        for serial in sorted(set(seen.values())):
            if serial in here and is_one(text, here[serial]):
                seen[fingerprint] = serial
                break


def is_one(text: InboundText, message: Message) -> bool:
    """Whether two say the same of everything but their time, and nothing of that which could not both be true."""
    said, clear = message.content, message.clear
    same = (text.direction, text.sender, text.text) == (clear.direction, said.sender, said.text)
    return same and _media(text.media) == _media(said.media) and _meet(text.sent_at, clear.sent_at)


def _media(media: Sequence[Any]) -> list[bytes]:
    """In any order: lists have another one than webhooks."""
    return sorted(map(encode, media))


def _meet(one: datetime | None, other: datetime | None) -> bool:
    return one is None or other is None or abs(one - other) <= APART
