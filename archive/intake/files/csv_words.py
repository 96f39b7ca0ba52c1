"""What stands in the cells of tables: several addresses, a direction."""

import re
from collections.abc import Mapping, Sequence

from archive.intake.files.model import Message

SEVERAL = re.compile(r"[;,|]")
DIRECTIONS: Mapping[str, Sequence[str]] = {
    "inbound": ("inbound", "in", "incoming", "received"),
    "outbound": ("outbound", "out", "outgoing", "sent", "outbound-api", "outbound-reply", "outbound-call"),
}


def as_list(written: str) -> list[str]:
    return [part.strip() for part in SEVERAL.split(written) if part.strip()]


def direction_of(written: str, words: Mapping[str, Sequence[str]] = DIRECTIONS) -> Message:
    """Nothing for an empty cell. A word that is not known stands as it is, for the door to refuse."""
    plain = written.strip().casefold()
    for direction, known in words.items():
        if plain in known:
            return (
                {"direction": direction}
                if written == direction
                else {"direction": direction, "direction_as_received": written}
            )
    return {"direction": written} if plain else {}
