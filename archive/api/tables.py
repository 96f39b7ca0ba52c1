"""Tables that programs send: CSV in the body, a fate for each line in the answer."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

import msgspec
from flask import request
from msgspec import Meta

from archive.api.answers import Answer, json_answer
from archive.core.errors import TooLarge
from archive.core.fates import Fate, Outcome, counts_of
from archive.core.table import LARGEST
from archive.http.current import reading, writing
from archive.http.forms import read_query
from archive.tx import Tx

CSV = "text/csv"

Line = TypeVar("Line")


class TableQuery(msgspec.Struct):
    dry_run: Annotated[bool, Meta(description="true: say what would become of each line, and change nothing.")] = False


class FateBody(msgspec.Struct):
    """What became of a line, or would; `subject`: what it is about. `why`: of a refused one, and what to do."""

    line: int
    subject: str
    outcome: Outcome
    why: str


class FatesBody(msgspec.Struct):
    """How many lines had each outcome, and all of them."""

    dry_run: bool
    added: int
    changed: int
    unchanged: int
    refused: int
    lines: list[FateBody]


def take_body(read: Callable[[bytes], Sequence[Line]], take: Callable[[Tx, Sequence[Line]], list[Fate]]) -> Answer:
    """All of it in one transaction; a refused line costs the others nothing."""
    dry_run = read_query(TableQuery).dry_run
    request.max_content_length = LARGEST + 1
    if (request.content_length or 0) > LARGEST:
        raise TooLarge("The file is larger than 5 MB.", "Split it; each part needs the header.")
    lines = read(request.get_data(cache=False))
    with reading() if dry_run else writing() as tx:
        fates = take(tx, lines)
    told = [FateBody(fate.line, fate.subject, fate.outcome, fate.why) for fate in fates]
    return json_answer(FatesBody(dry_run=dry_run, lines=told, **counts_of(fates)))
