"""Matters and holds: what may not be destroyed, placing more of it, and letting go with two people."""

import re
from datetime import date
from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.errors import ArchiveError, BadInput, Conflict, NotFound, NotPermitted
from archive.holds.describing import Parts, describe
from archive.holds.model import Hold, Predicate
from archive.holds.placing import NAME_LENGTH, REASON_LENGTH, HoldOrder, Preview, place_hold, preview_hold
from archive.holds.reading import read_hold, read_holds
from archive.holds.releasing import approve_release, ask_release, refuse_release, release_effect
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import caller, current_archive, reading, writing
from archive.http.forms import BadFields, Form, read_form, read_query, typed_again
from archive.http.problems import status_of
from archive.http.translation import _, ngettext
from archive.ledger.trail import TrailEntry, entries_about
from archive.search.query.error import QueryError
from archive.web.kinds import kind_label
from archive.web.names import Names

blueprint = Blueprint("holds", __name__)

Page = str | Response | tuple[str, int]

_SEVERAL = re.compile(r"[,;\n]+")


class NewHold(msgspec.Struct, kw_only=True):
    matter: Annotated[str, Meta(max_length=NAME_LENGTH, description="Name the case that the hold is for.")]
    reason: Annotated[str, Meta(max_length=REASON_LENGTH, description="Say why it is placed.")]
    reference: Annotated[str, Meta(max_length=NAME_LENGTH, description="Up to 200 characters.")] = ""
    number: Annotated[str, Meta(max_length=2_000)] = ""
    party: Annotated[str, Meta(max_length=2_000)] = ""
    query: Annotated[str, Meta(max_length=2_000)] = ""
    after: Annotated[date | None, Meta(description="Choose a day, or leave this empty.")] = None
    before: Annotated[date | None, Meta(description="Choose a day, or leave this empty.")] = None
    serials: Annotated[str, Meta(pattern=r"^[0-9,;\s]*$", description="Write serials with commas between them.")] = ""
    conversation_of: Annotated[SerialNumber | None, Meta(description="This is no serial of a text.")] = None
    standing: str = ""


class Asked(msgspec.Struct):
    reason: Annotated[str, Meta(max_length=REASON_LENGTH, description="Say why it is released.")]


class Allowed(msgspec.Struct):
    freed: Annotated[int, Meta(ge=0, le=2**53, description="Type the number of texts that go free.")]


class Suggested(msgspec.Struct):
    """What a link from a text or a search fills in."""

    query: str = ""
    conversation_of: str = ""
    serials: str = ""


@blueprint.get("/holds")
@requires(Permission.HOLDS_READ)
def index() -> Page:
    suggested = {name: value for name, value in msgspec.to_builtins(read_query(Suggested)).items() if value}
    return _page(Form({**suggested, "standing": "yes"}))


@blueprint.post("/holds/preview")
@requires(Permission.HOLDS_PLACE)
def preview() -> Page:
    """The same form again, with what the hold would cover."""
    archive, me = current_archive(), caller()
    try:
        order = _order(read_form(NewHold))
        seen = preview_hold(archive, me.org_id, me.actor, order.predicate)
    except (BadFields, BadInput, NotFound) as bad:
        return _page(typed_again(_errors(bad))), status_of(bad)[0]
    return _page(typed_again({}), seen)


@blueprint.post("/holds")
@requires(Permission.HOLDS_PLACE)
def place() -> Page:
    me = caller()
    try:
        order = _order(read_form(NewHold))
        placed = place_hold(current_archive(), me.org_id, me.actor, order)
    except (BadFields, BadInput, NotFound) as bad:
        return _page(typed_again(_errors(bad))), status_of(bad)[0]
    flash(ngettext("%(num)d text is preserved.", "%(num)d texts are preserved.", placed.preserved), "ok")
    if placed.shredding:
        late = ngettext(
            "%(num)d more was already being destroyed.", "%(num)d more were already being destroyed.", placed.shredding
        )
        flash(late, "warn")
    return redirect(f"/holds/{placed.hold_id}", 303)


@blueprint.get("/holds/<hold_id>")
@requires(Permission.HOLDS_READ)
def show(hold_id: str) -> Page:
    return _hold_page(hold_id, Form())


@blueprint.post("/holds/<hold_id>/release")
@requires(Permission.HOLDS_PLACE)
def ask(hold_id: str) -> Page:
    try:
        order = read_form(Asked)
        with writing() as tx:
            ask_release(tx, hold_id, order.reason)
    except (BadFields, BadInput) as bad:
        return _hold_page(hold_id, typed_again(_errors(bad, "reason"))), status_of(bad)[0]
    flash(_("The release is asked for. A second person allows it or refuses."), "ok")
    return redirect(f"/holds/{hold_id}", 303)


@blueprint.post("/holds/<hold_id>/release/refuse")
@requires(Permission.HOLDS_READ)
def refuse(hold_id: str) -> Page:
    if not (caller().may(Permission.HOLDS_PLACE) or caller().may(Permission.HOLDS_RELEASE)):
        raise NotPermitted("Refusing a release needs the permission to place or to release holds.")
    with writing() as tx:
        refuse_release(tx, hold_id)
    flash(_("The hold stays in force."), "ok")
    return redirect(f"/holds/{hold_id}", 303)


@blueprint.post("/holds/<hold_id>/release/allow")
@requires(Permission.HOLDS_RELEASE)
def allow(hold_id: str) -> Page:
    try:
        order = read_form(Allowed)
        with writing() as tx:
            effect = approve_release(tx, hold_id, order.freed)
    except (BadFields, Conflict, NotPermitted) as bad:
        return _hold_page(hold_id, typed_again(_errors(bad, "freed"))), status_of(bad)[0]
    flash(ngettext("Released. %(num)d text is free.", "Released. %(num)d texts are free.", effect.freed), "ok")
    return redirect(f"/holds/{hold_id}", 303)


def covers(predicate: Predicate, *, words: bool) -> str:
    """What a hold covers, on one line. `words`: whether the reader may see what it looks for."""
    parts = [predicate.query if words else _("a search that your role does not show")] if predicate.query else []
    if predicate.conversation is not None:
        parts.append(_("one conversation"))
    if predicate.serials:
        count = len(predicate.serials)
        parts.append(ngettext("%(num)d chosen text", "%(num)d chosen texts", count))
    return " · ".join(parts)


def _order(asked: NewHold) -> HoldOrder:
    days = [f"{name}:{day}" for name, day in (("after", asked.after), ("before", asked.before)) if day]
    query = f"({asked.query})" if asked.query and days else asked.query
    parts = Parts(
        query=" ".join([*([query] if query else []), *days]),
        numbers=_several(asked.number),
        parties=_several(asked.party),
        serials=tuple(int(serial) for serial in re.findall(r"\d{1,18}", asked.serials)),
        conversation_of=asked.conversation_of,
    )
    with reading() as tx:
        predicate = describe(tx, parts)
    return HoldOrder(asked.matter, predicate, asked.reason, bool(asked.standing), asked.reference)


def _several(typed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SEVERAL.split(typed) if part.strip())


def _errors(bad: ArchiveError, field: str = "query") -> dict[str, str]:
    if isinstance(bad, BadFields):
        return bad.fields
    if isinstance(bad, QueryError):
        return {"query": str(bad)}
    return {field: str(bad)}


def _page(form: Form, seen: Preview | None = None) -> str:
    with reading() as tx:
        names, holds = Names(tx), read_holds(tx)
    return render_template(
        "holds/index.html",
        may_place=caller().may(Permission.HOLDS_PLACE),
        holds=[_listed(hold, names) for hold in holds],
        matters=sorted({hold.matter.name for hold in holds}),
        form=form,
        preview=seen,
        sent=[(name, value) for name, value in request.form.items() if name != "csrf_token"] if seen else [],
    )


def _listed(hold: Hold, names: Names) -> dict[str, Any]:
    return {
        "id": hold.id,
        "matter": hold.matter.name,
        "reference": hold.matter.reference,
        "covers": covers(hold.predicate, words=caller().may(Permission.MESSAGES_SEARCH)),
        "standing": hold.standing,
        "reason": hold.reason,
        "state": "released" if not hold.is_active else "asked" if hold.asked_at else "active",
        "texts": hold.texts,
        "placed_at": hold.placed_at,
        "placed_by": names.actor(hold.placed_by),
        "asked_at": hold.asked_at,
        "asked_by": names.actor(hold.asked_by) if hold.asked_by else None,
        "asked_by_you": hold.asked_by == str(caller().actor),
        "released_at": hold.released_at,
    }


def _hold_page(hold_id: str, form: Form) -> str:
    with reading() as tx:
        names, hold = Names(tx), read_hold(tx, hold_id)
        effect, history = release_effect(tx, hold_id), entries_about(tx, hold_id, details=True)
    me = caller()
    return render_template(
        "holds/show.html",
        hold=_listed(hold, names),
        effect=effect,
        asked_why=next((entry.private.get("reason") for entry in history if entry.kind == "hold.release-asked"), None),
        coverage=next((_coverage(entry) for entry in history if entry.kind == "hold.covered"), None),
        history=[_step(entry, names) for entry in history],
        search_href="/search" if me.may(Permission.MESSAGES_SEARCH) else None,
        may_ask=me.may(Permission.HOLDS_PLACE),
        may_allow=me.may(Permission.HOLDS_RELEASE),
        form=form,
    )


def _coverage(entry: TrailEntry) -> dict[str, Any]:
    return {"at": entry.at, **{name: entry.detail[name] for name in ("matching", "held", "added", "unindexed")}}


def _step(entry: TrailEntry, names: Names) -> dict[str, Any]:
    counted = entry.detail.get("count")
    return {
        "what": kind_label(entry.kind),
        "who": names.actor(entry.actor),
        "at": entry.at,
        "detail": ngettext("%(num)d text", "%(num)d texts", counted) if counted is not None else None,
    }
