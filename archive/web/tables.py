"""Tables that are uploaded: looked at first, then taken in, with a fate for each line.

Between the two nothing is kept here: the page that shows what would happen carries the file along.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import render_template, request

from archive.core.errors import BadInput, TooLarge
from archive.core.fates import Fate, Outcome, counts_of
from archive.http.current import reading, writing
from archive.http.problems import status_of
from archive.http.translation import _
from archive.tx import Tx

Line = TypeVar("Line")
Page = str | tuple[str, int]

LARGEST, LONGEST = 400_000, 2_000
"""Bytes that a form may carry, and lines for which somebody may wait; more goes through the API or the command line."""
SHOWN = 200


def take_upload(
    section: str,
    title: str,
    read: Callable[[bytes], Sequence[Line]],
    take: Callable[[Tx, Sequence[Line]], list[Fate]],
) -> Page:
    """The answer to both forms: what would become of each line, and then what did."""
    page: dict[str, Any] = {"section": section, "title": title, "applied": "content" in request.form}
    try:
        raw = _sent()
        lines = _few(read(raw))
    except (BadInput, TooLarge) as bad:
        return render_template("tables/fates.html", **page, problem=str(bad)), status_of(bad)[0]
    with writing() if page["applied"] else reading() as tx:
        fates = take(tx, lines)
    first = sorted(fates, key=lambda fate: (fate.outcome is not Outcome.REFUSED, fate.line))
    return render_template(
        "tables/fates.html",
        **page,
        problem=None,
        counts=counts_of(fates),
        outcomes=outcome_labels(),
        fates=first[:SHOWN],
        total=len(fates),
        content=raw.decode("utf-8-sig"),
    )


def _few(lines: Sequence[Line]) -> Sequence[Line]:
    if len(lines) > LONGEST:
        raise TooLarge("The file has more lines than a page can take, 2,000.", "Split it, or use the command line.")
    return lines


def outcome_labels() -> dict[str, str]:
    return {
        Outcome.ADDED: _("added"),
        Outcome.CHANGED: _("changed"),
        Outcome.UNCHANGED: _("unchanged"),
        Outcome.REFUSED: _("refused"),
    }


def _sent() -> bytes:
    """The file, or what the page about it carried along."""
    if "content" in request.form:
        raw = request.form["content"].encode()
    else:
        sent = request.files.get("file")
        raw = sent.read(LARGEST + 1) if sent else b""
    if not raw:
        raise BadInput("There is no file, or nothing in it.", "Choose a CSV file.")
    if len(raw) > LARGEST:
        raise TooLarge("The file is larger than a page can take, 400 kB.", "Split it, or use the command line.")
    return raw
