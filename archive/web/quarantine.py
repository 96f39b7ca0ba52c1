"""What arrived and could not become a message: who may see what of it, and trying it again."""

import re
from collections import Counter
from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import Conflict
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import Caller, caller, current_archive, reading, writing
from archive.http.forms import read_query
from archive.http.translation import _
from archive.intake import quarantine
from archive.intake.actions import retry
from archive.intake.parse import stated_provider
from archive.intake.quarantine import QuarantineRow
from archive.intake.reading import OpenedItem, open_item, retry_all
from archive.ledger.trail import TrailEntry
from archive.messages.model import Outcome
from archive.web.names import Names

blueprint = Blueprint("quarantine", __name__)

_QUOTED = re.compile("`([^`]*)`")

AT_ONCE = 50
RAW_SHOWN = 20_000


class QuarantineQuery(msgspec.Struct):
    before: Annotated[SerialNumber | None, Meta(description="This is no item's number.")] = None


@blueprint.get("/quarantine")
@requires(Permission.QUARANTINE_READ)
def index() -> str:
    query = read_query(QuarantineQuery)
    with reading() as tx:
        rows = quarantine.open_items(tx, AT_ONCE + 1, query.before)
        waiting = quarantine.count_open(tx)
    shown = rows[:AT_ONCE]
    return render_template(
        "quarantine/index.html",
        waiting=waiting,
        may_retry=caller().may(Permission.QUARANTINE_RETRY),
        items=[_row(row) for row in shown],
        newer_href="/quarantine" if query.before else None,
        older_href=f"/quarantine?before={shown[-1].seq}" if len(rows) > AT_ONCE else None,
    )


@blueprint.get("/quarantine/<serial:seq>")
@requires(Permission.QUARANTINE_READ)
def show(seq: int) -> str:
    me = caller()
    opened = open_item(current_archive(), me.org_id, me.actor, seq, content=me.may(Permission.MESSAGES_READ))
    with reading() as tx:
        names = Names(tx)
    return render_template(
        "quarantine/item.html",
        may_retry=me.may(Permission.QUARANTINE_RETRY),
        item=_item(opened, names),
    )


@blueprint.post("/quarantine/<serial:seq>/retry")
@requires(Permission.QUARANTINE_RETRY)
def retry_one(seq: int) -> Response:
    try:
        with writing() as tx:
            outcome = retry(tx, seq)
    except Conflict as gone:
        flash(str(gone), "warn")
    else:
        flash(*_came_to(outcome))
    return redirect(f"/quarantine/{seq}", 303)


@blueprint.post("/quarantine/retry")
@requires(Permission.QUARANTINE_RETRY)
def retry_every() -> Response:
    me = caller()
    counts = retry_all(current_archive(), me.org_id, me.actor)
    flash(_summary(counts), "warn" if counts["quarantined"] or counts["left"] else "ok")
    return redirect("/quarantine", 303)


def count_waiting(asking: Caller) -> int:
    """For the frame of every page."""
    with current_archive().transactions.read(asking.org_id, asking.actor) as tx:
        return quarantine.count_open(tx)


def _came_to(outcome: Outcome) -> tuple[str, str]:
    match outcome.status:
        case "stored" | "conflict":
            return _("Archived as text #%(serial)s.", serial=outcome.serial), "ok"
        case "duplicate":
            return _("It was archived already, as text #%(serial)s.", serial=outcome.serial), "ok"
        case "noted":
            return _("It is no text. What it says is noted where it belongs."), "ok"
    return _("It still can't be read. %(reason)s", reason=sentence(outcome.reason or "")), "warn"


def _summary(counts: Counter[str]) -> str:
    parts = (
        (counts["stored"] + counts["conflict"], _("archived")),
        (counts["duplicate"], _("archived already")),
        (counts["noted"], _("noted beside texts")),
        (counts["gone"], _("retried by somebody else meanwhile")),
        (counts["quarantined"], _("still can't be read")),
        (counts["left"], _("not tried yet: retry again")),
    )
    said = "; ".join(f"{count:,} {words}" for count, words in parts if count)
    return _("Retried. %(said)s.", said=said) if said else _("Nothing was waiting.")


def _row(row: QuarantineRow) -> dict[str, Any]:
    return {
        "id": row.seq,
        "received_at": row.received_at,
        "source": _("API") if row.source == "api" else row.source.partition(":")[2] or row.source,
        "reason": reason_label(row.reason),
        "explanation": sentence(row.reason),
        "size": row.size,
        "attempts": row.attempts,
    }


def _item(opened: OpenedItem, names: Names) -> dict[str, Any]:
    raw = opened.raw
    return {
        **_row(opened.row),
        "attempts": [_attempt(entry, names) for entry in opened.attempts],
        "what_to_do": _(
            "Correct the cause at the sender and have it sent again, or retry it once a newer version can read it."
        ),
        "provider": stated_provider(raw) if raw is not None else None,
        "raw": raw[:RAW_SHOWN].decode("utf-8", "replace") if raw is not None else None,
        "raw_shown": min(RAW_SHOWN, opened.row.size),
        "sha256": opened.sha256,
        "stored_serial": opened.row.resolved_as,
    }


def _attempt(entry: TrailEntry, names: Names) -> dict[str, Any]:
    outcome, serial = entry.detail["outcome"], entry.detail.get("serial")
    said, _tone = _came_to(Outcome(outcome, serial, reason=entry.detail.get("reason")))
    return {"at": entry.at, "who": names.actor(entry.actor), "outcome": said, "worked": outcome != "quarantined"}


def sentence(reason: str) -> str:
    """`text` is missing → “text” is missing."""
    said = _QUOTED.sub("“\\1”", reason)
    return f"{said[:1].upper()}{said[1:]}."


def reason_label(reason: str) -> str:
    """A few words for the badge; the whole reason stands beside it."""
    for part, label in (
        ("not UTF-8", _("Not UTF-8")),
        ("not JSON", _("Not JSON")),
        ("not a JSON object", _("Not an object")),
        ("missing", _("Field missing")),
        ("longer than", _("Too long")),
        ("nested", _("Nested too deeply")),
        ("surrogate", _("Broken characters")),
    ):
        if part in reason:
            return label
    return _("Field unreadable") if reason.startswith("`") else _("Unreadable")
