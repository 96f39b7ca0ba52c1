"""From what a person names to a predicate: numbers, parties, a search, a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from archive.core import phone
from archive.core.errors import BadInput, NotFound
from archive.holds.covering import query_of
from archive.holds.model import Predicate
from archive.messages.store import records_by_serial
from archive.search.query import model
from archive.search.query.error import Mistake
from archive.search.query.fields import read_field
from archive.search.query.model import Query
from archive.search.query.print import to_line
from archive.tx import Tx


@dataclass(frozen=True, slots=True)
class Parts:
    """All that is given has to be true of a text; of several numbers or parties any one.

    `conversation_of`: the serial of any text of the conversation.
    """

    query: str = ""
    numbers: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    serials: tuple[int, ...] = ()
    conversation_of: int | None = None


def describe(tx: Tx, parts: Parts) -> Predicate:
    """Raises `QueryError`, `BadInput`, `NotFound`."""
    asked = [query_of(parts.query), *_any("number", parts.numbers), *_any("with", parts.parties)]
    return Predicate(
        query=to_line(model.all_of(asked)),
        conversation=None if parts.conversation_of is None else _conversation(tx, parts.conversation_of),
        serials=tuple(sorted(set(parts.serials))),
    )


def _any(field: str, values: Sequence[str]) -> list[Query]:
    for value in values:
        # A search may look for whatever was received; a hold on half a number would cover nothing, and nobody know.
        if phone.parse(value).kind == "unparsed" and not any(map(str.isalpha, value)):
            raise BadInput(f"{value!r} is no whole telephone number.", "Type a number like +1 (415) 555-0188.")
    try:
        return [model.any_of(read_field(field, value, UTC) for value in values)] if values else []
    except Mistake as mistake:
        raise BadInput(mistake.message, "Type a number like +1 (415) 555-0188.") from None


def _conversation(tx: Tx, serial: int) -> int:
    found = records_by_serial(tx, [serial])
    if not found:
        raise NotFound(f"There is no message {serial}.", "Open a text of the conversation and hold it from there.")
    conversation: int = found[0].conversation
    return conversation
