"""The wizard that authorises numbers, from its letter on: filling that in, signing it, the order, its summary."""

from collections.abc import Collection, Mapping
from typing import Annotated

import msgspec
from flask import Blueprint, redirect, render_template, request
from msgspec import Meta
from msgspec.structs import replace

from archive.access.roles import Permission
from archive.authorising.drafting import draft_of, keep_draft
from archive.authorising.model import Draft
from archive.authorising.ordering import (
    ToSign,
    chosen,
    needing_among,
    numbers_that_need_a_letter,
    order_of,
    place_order,
    read_order,
)
from archive.authorising.store import forget_draft
from archive.core.errors import ArchiveError, BadInput, Conflict, NotFound, NotPermitted
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import caller, reading, writing
from archive.http.forms import BadFields, read_form
from archive.http.problems import status_of
from archive.http.translation import ngettext
from archive.letters.drafting import Prepared, prepare
from archive.locations.store import location_by_name
from archive.numbers.store import all_numbers
from archive.tx import Tx
from archive.web.authorising import HERE, Page, demand_may, errors_of, me, numbers_page
from archive.web.letter_forms import (
    PROVIDERS,
    SignForm,
    Typed,
    as_typed,
    draft_from,
    fields_sent,
    origin_of_signature,
    read_letter_form,
    shown_letter,
    suggested,
)
from archive.web.names import Names

blueprint = Blueprint("authorising_order", __name__)


class Placing(msgspec.Struct):
    """`draft`: what the page showed; placed once, however often it is sent."""

    draft: Annotated[str, Meta(pattern=r"^drf_[0-9a-z]{26}$", description="Start again.")]


@blueprint.get(f"{HERE}/letter")
@requires(Permission.NUMBERS_READ)
def letter() -> Page:
    demand_may()
    with reading() as tx:
        draft = draft_of(tx, me())
        try:
            needing = numbers_that_need_a_letter(chosen(tx, draft.numbers))
        except (BadInput, NotFound, Conflict):
            return redirect(f"{HERE}/numbers", 303)
        if not needing:
            return redirect(f"{HERE}/check", 303)
        return _letter_page(_typed_before(tx, draft, needing))


@blueprint.post(f"{HERE}/letter")
@requires(Permission.NUMBERS_MANAGE)
def keep_letter() -> Page:
    """`back` keeps what was typed as it is, right or wrong."""
    with writing() as tx:
        draft = replace(draft_of(tx, me()), letter=fields_sent())
        keep_draft(tx, me(), draft)
    if "back" in request.form:
        return redirect(f"{HERE}/numbers", 303)
    try:
        wanted = read_letter_form().draft()
        with reading() as tx:
            prepare(tx, wanted)
    except (BadFields, BadInput, NotFound, Conflict) as bad:
        return _letter_page(as_typed(errors_of(bad))), status_of(bad)[0]
    return redirect(f"{HERE}/check", 303)


@blueprint.get(f"{HERE}/check")
@requires(Permission.NUMBERS_READ)
def check() -> Page:
    """The whole letter with the form that signs it, or, where no number needs one, what will be done."""
    demand_may()
    with reading() as tx:
        draft = draft_of(tx, me())
        try:
            needing = numbers_that_need_a_letter(chosen(tx, draft.numbers))
            wanted = draft_from(draft.letter, needing) if needing else None
            return _check_page(draft, prepare(tx, wanted) if wanted else None, {})
        except (BadFields, BadInput, NotFound, Conflict):
            return redirect(f"{HERE}/letter", 303)


@blueprint.post(f"{HERE}/back")
@requires(Permission.NUMBERS_MANAGE)
def back() -> Page:
    return redirect(f"{HERE}/letter", 303)


@blueprint.post(f"{HERE}/order")
@requires(Permission.NUMBERS_MANAGE)
def order() -> Page:
    sent = read_form(Placing)
    with reading() as tx:
        placed, draft = order_of(tx, sent.draft), draft_of(tx, me())
        needing = needing_among(tx, draft.numbers)
    if placed:
        return redirect(f"{HERE}/orders/{placed}", 303)
    if draft.id != sent.draft:
        return redirect(f"{HERE}/numbers", 303)
    try:
        to_sign = _to_sign(draft, needing) if needing else None
        with writing() as tx:
            number = place_order(tx, draft, to_sign).number
            forget_draft(tx, me())
    except (BadFields, BadInput, Conflict, NotFound) as bad:
        return _refused(draft, needing, bad)
    return redirect(f"{HERE}/orders/{number}", 303)


@blueprint.get(f"{HERE}/orders/<serial:order_number>")
@requires(Permission.NUMBERS_READ)
def summary(order_number: SerialNumber) -> Page:
    with reading() as tx:
        found, names = read_order(tx, order_number), Names(tx)
        ids = {row.e164: row.id for row in all_numbers(tx)}
    return render_template(
        "authorising/order.html",
        order=found,
        who=names.actor(found.placed_by),
        numbers=[(ids[number], number, number in found.by_letter) for number in found.numbers],
        may_change=caller().may(Permission.NUMBERS_MANAGE),
    )


def _to_sign(draft: Draft, needing: Collection[str]) -> ToSign:
    if not caller().may(Permission.LETTERS_MANAGE):
        raise NotPermitted("Your role does not include signing letters.", "Ask an administrator to sign it.")
    form = read_form(SignForm)
    return ToSign(draft_from(draft.letter, needing), form.seen, form.signature(), origin_of_signature())


def _refused(draft: Draft, needing: Collection[str], bad: ArchiveError) -> Page:
    """Back to where it can be mended: the numbers, if one of them can't be authorised any more, or the signature."""
    status = status_of(bad)[0]
    with reading() as tx:
        try:
            chosen(tx, draft.numbers)
            ready = prepare(tx, draft_from(draft.letter, needing)) if needing else None
        except (BadInput, Conflict, NotFound) as why:
            return numbers_page(tx, draft, {"numbers": str(why)}), status
    return _check_page(draft, ready, bad.fields if isinstance(bad, BadFields) else {"typed": str(bad)}), status


def _typed_before(tx: Tx, draft: Draft, needing: Collection[str]) -> Typed:
    """What was typed, or as the newest letter says it, or with the address of the location."""
    if draft.letter:
        return Typed(draft.letter, frozenset(needing), {})
    typed = suggested(tx, sorted(needing), "")
    place = location_by_name(tx, draft.location or "")
    if place and not typed.values.get("street"):
        address = {"street": place.street, "city": place.city, "state": place.region}
        address |= {"postal_code": place.postal_code, "country": place.country or "US"}
        return Typed({**typed.values, **address}, typed.numbers, {})
    return typed


def _letter_page(typed: Typed) -> str:
    return render_template("authorising/letter.html", form=typed, numbers=sorted(typed.numbers), providers=PROVIDERS)


def _check_page(draft: Draft, ready: Prepared | None, errors: Mapping[str, str]) -> str:
    count = len(draft.numbers)
    return render_template(
        "authorising/check.html",
        draft=draft,
        by_letter=ready.draft.numbers if ready else (),
        letter={**shown_letter(ready), "sent": [("draft", draft.id)]} if ready else None,
        errors=errors,
        sign_at=f"{HERE}/order",
        edit_at=f"{HERE}/back",
        verb=ngettext("Sign, and authorise %(num)d number", "Sign, and authorise %(num)d numbers", count),
    )
