"""Completeness: what must have come, against what is here; what is missing; saying that it is known."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, flash, redirect, render_template
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.completeness import importing
from archive.completeness.gap import Because, Cause, Gap
from archive.completeness.indexed import position_of
from archive.completeness.reading import DAYS, Completeness, alarms, read_completeness, reason_of
from archive.completeness.recording import REASON_LENGTH, acknowledge, acknowledge_day
from archive.core.clock import DAY
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import Caller, caller, current_archive, reading, writing
from archive.http.forms import BadFields, read_form, read_query
from archive.http.translation import _, ngettext
from archive.tx import Tx
from archive.web.completeness_days import HEIGHT, Mark, cells_of, labels_of, mark_label, mark_of, of_one, rows_of
from archive.web.names import Names
from archive.web.tables import take_upload

blueprint = Blueprint("completeness", __name__)

Page = str | Response | tuple[str, int]

HERE = "/completeness"
SHOWN = 50
"""Rows of strips, and gaps; whoever has more asks for a number."""
NAMED = 5
"""Ranges of serial numbers."""

Name = Annotated[str, Meta(max_length=200)]


class PageQuery(msgspec.Struct):
    number: Annotated[Name | None, Meta(description="This is no number.")] = None
    provider: Annotated[Name | None, Meta(description="This is no provider.")] = None
    account: Annotated[Name | None, Meta(description="This is no account.")] = None
    last: Annotated[date | None, Meta(description="Write a day like 2026-11-25.")] = msgspec.field(
        name="to", default=None
    )


class Reason(msgspec.Struct):
    reason: Annotated[str, Meta(min_length=1, max_length=REASON_LENGTH, description="Say why this gap is no alarm.")]


class ReasonForDay(Reason):
    day: Annotated[date, Meta(description="Choose a day.")] = msgspec.field()


@blueprint.get(HERE)
@requires(Permission.INTEGRITY_READ)
def index() -> Page:
    query, position = read_query(PageQuery), position_of(current_archive().index, caller().org_id)
    with reading() as tx:
        first = query.last - DAY * (DAYS - 1) if query.last else None
        found = _chosen(read_completeness(tx, position, first, query.last, query.number), query)
        return render_template("completeness/index.html", **_page(tx, found, query))


@blueprint.post(f"{HERE}/gaps/<gap_id>/acknowledge")
@requires(Permission.PROVIDERS_MANAGE)
def acknowledge_gap(gap_id: str) -> Page:
    try:
        order = read_form(Reason)
        with writing() as tx:
            acknowledge(tx, gap_id, order.reason)
    except BadFields as bad:
        flash(" ".join(bad.fields.values()), "bad")
    except (BadInput, Conflict) as bad:
        flash(str(bad), "bad")
    else:
        flash(_("The gap is acknowledged. It stays on record, and is an alarm again if more turns out missing."), "ok")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/acknowledge")
@requires(Permission.PROVIDERS_MANAGE)
def acknowledge_all() -> Page:
    try:
        order = read_form(ReasonForDay)
        with writing() as tx:
            count = acknowledge_day(tx, order.day, order.reason)
    except BadFields as bad:
        flash(" ".join(bad.fields.values()), "bad")
    except (BadInput, Conflict) as bad:
        flash(str(bad), "bad")
    else:
        flash(ngettext("%(num)d gap is acknowledged.", "%(num)d gaps are acknowledged.", count), "ok")
    return redirect(HERE, 303)


@blueprint.post(f"{HERE}/import")
@requires(Permission.PROVIDERS_MANAGE)
def import_() -> Page:
    return take_upload("completeness", _("Counts of providers"), importing.read_table, importing.take_table)


def count_gaps(asking: Caller) -> int:
    """For the frame of every page."""
    with current_archive().transactions.read(asking.org_id, asking.actor) as tx:
        return sum(gaps for gaps, _texts in alarms(tx).values())


def _chosen(found: Completeness, query: PageQuery) -> Completeness:
    """Of one account as a whole, if that is asked for."""
    if query.number or not (query.provider and query.account):
        return found
    own = query.provider, query.account
    gaps = [gap for gap in found.gaps if (gap.short.cell.provider, gap.short.cell.account) == own]
    return replace(found, standings=of_one(found.standings, *own), gaps=gaps)


def _page(tx: Tx, found: Completeness, query: PageQuery) -> dict[str, Any]:
    rows, names = rows_of(found), Names(tx)
    is_open = [gap for gap in found.gaps if gap.is_open]
    here = [gap.short.missing for gap in is_open if gap.is_alarm]
    of_one_row = bool(query.number or query.account)
    return {
        "found": found,
        "alarms": len(here) if of_one_row else sum(gaps for gaps, _texts in found.alarms.values()),
        "missing": sum(here) if of_one_row else sum(texts for _gaps, texts in found.alarms.values()),
        "open": [_gap(tx, gap, names) for gap in is_open[:SHOWN]],
        "closed": [_gap(tx, gap, names) for gap in found.gaps if not gap.is_open][:SHOWN],
        "of_days": _several(is_open),
        "more_gaps": max(0, len(is_open) - SHOWN),
        "rows": [(row, cells_of(row, found)) for row in rows[:SHOWN]],
        "more_rows": max(0, len(rows) - SHOWN),
        "days": [(one, mark_of(one, found.gaps)) for one in found.standings] if of_one_row else [],
        "mark_label": mark_label,
        "one": query.number or query.account,
        "labels": labels_of(found),
        "legend": [(mark.value, mark_label(mark)) for mark in Mark],
        "height": HEIGHT,
        "may_change": caller().may(Permission.PROVIDERS_MANAGE),
        **_neighbours(found, query),
    }


def _several(gaps: list[Gap]) -> list[tuple[date, int]]:
    """(day, alarms) of the days that have several."""
    days = Counter(gap.short.cell.day for gap in gaps if gap.is_alarm)
    return [(day, count) for day, count in days.items() if count > 1]


def _neighbours(found: Completeness, query: PageQuery) -> dict[str, str | None]:
    """The thirty days before and after, of the same number or account."""
    chosen = {"number": query.number, "provider": query.provider, "account": query.account}
    kept = urlencode({name: value for name, value in chosen.items() if value})
    before, after = found.first - DAY, found.last + DAY * DAYS
    older = f"{HERE}?to={before}&{kept}".rstrip("&") if before >= found.watched else None
    newer = f"{HERE}?to={min(after, found.today)}&{kept}".rstrip("&") if found.last < found.today else None
    return {"older_href": older, "newer_href": newer}


def _gap(tx: Tx, gap: Gap, names: Names) -> dict[str, Any]:
    may_read = caller().may(Permission.AUDIT_DETAILS) and gap.acknowledged_at is not None
    return {
        "gap": gap,
        "cause": cause_label(gap.short.cause),
        "serials": ", ".join(_span(first, last) for first, last in gap.short.serials[:NAMED]),
        "by": names.actor(gap.acknowledged_by) if gap.acknowledged_by else None,
        "reason": reason_of(tx, gap.id) if may_read else None,
        "because": because_label(gap.because) if gap.because else None,
    }


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def cause_label(cause: Cause) -> str:
    return {
        Cause.NOT_STORED: _("Never came"),
        Cause.VANISHED: _("Gone without a purge"),
        Cause.NOT_INDEXED: _("Can't be found"),
        Cause.ONLY_REPORTED: _("Only reported on"),
    }[cause]


def because_label(because: Because) -> str:
    return {
        Because.CAME: _("what was missing came"),
        Because.CORRECTED: _("the provider corrected its count"),
        Because.OVER: _("the time of its texts is over"),
    }[because]
