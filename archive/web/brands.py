"""Brands: who sends, as the registry knows them."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.campaigns.brand_fields import BRAND_FIELDS
from archive.campaigns.brands import add_brand, change_brand, note_brand_registration
from archive.campaigns.fields import FieldProblems
from archive.campaigns.model import Brand, Identity
from archive.campaigns.reading import list_brands, list_campaigns, read_brand
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import caller, demand, reading, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of
from archive.http.translation import _
from archive.web.field_forms import chosen, sent_fields, shown_fields

blueprint = Blueprint("brands", __name__)

Page = str | Response | tuple[str, int]

GROUPS = (
    (("entityType", "displayName", "companyName", "vertical", "brandRelationship", "website"), "who"),
    (("ein", "einIssuingCountry", "altBusinessId", "altBusinessIdType"), "numbers"),
    (("street", "city", "state", "postalCode", "country", "phone", "email"), "where"),
    (("stockSymbol", "stockExchange", "businessContactEmail"), "public"),
    (("firstName", "lastName", "mobilePhone"), "sole"),
    (("referenceId", "isReseller", "mock", "tag"), "more"),
)


class Registration(msgspec.Struct):
    registry_id: Annotated[str, Meta(max_length=20)] = ""
    identity: Identity | None = None
    score: Annotated[int | None, Meta(description="A number from 0 to 100.")] = None


@blueprint.get("/brands")
@requires(Permission.CAMPAIGNS_READ)
def index() -> Page:
    with reading() as tx:
        brands = list_brands(tx)
    may_change = caller().may(Permission.CAMPAIGNS_MANAGE)
    return render_template("campaigns/brands.html", brands=brands, may_change=may_change)


@blueprint.get("/brands/new")
@requires(Permission.CAMPAIGNS_READ)
def new() -> Page:
    demand(Permission.CAMPAIGNS_MANAGE)
    return _form(None, {"country": "US", "entityType": "PRIVATE_PROFIT", "brandRelationship": "BASIC_ACCOUNT"}, {})


@blueprint.post("/brands")
@requires(Permission.CAMPAIGNS_MANAGE)
def add() -> Page:
    try:
        with writing() as tx:
            row = add_brand(tx, sent_fields(BRAND_FIELDS))
    except FieldProblems as bad:
        return _form(None, sent_fields(BRAND_FIELDS), bad.fields), status_of(bad)[0]
    flash(_("The brand is entered."), "ok")
    return redirect(f"/brands/{row.id}", 303)


@blueprint.get("/brands/<brand_id>")
@requires(Permission.CAMPAIGNS_READ)
def show(brand_id: str) -> Page:
    with reading() as tx:
        brand = read_brand(tx, brand_id)
    return _form(brand, brand.fields, {})


@blueprint.post("/brands/<brand_id>")
@requires(Permission.CAMPAIGNS_MANAGE)
def change(brand_id: str) -> Page:
    try:
        with writing() as tx:
            before = read_brand(tx, brand_id)
            change_brand(tx, brand_id, _kept(before) | sent_fields(_open_fields(before)))
    except FieldProblems as bad:
        with reading() as tx:
            brand = read_brand(tx, brand_id)
        return _form(brand, _kept(brand) | sent_fields(_open_fields(brand)), bad.fields), status_of(bad)[0]
    flash(_("The change is recorded."), "ok")
    return redirect(f"/brands/{brand_id}", 303)


@blueprint.post("/brands/<brand_id>/registration")
@requires(Permission.CAMPAIGNS_MANAGE)
def register(brand_id: str) -> Page:
    try:
        order = read_form(Registration)
        with writing() as tx:
            note_brand_registration(
                tx, brand_id, registry_id=order.registry_id or None, identity=order.identity, score=order.score
            )
    except (BadFields, BadInput, Conflict) as bad:
        wrong = bad.fields if isinstance(bad, BadFields) else {"registry_id": str(bad)}
        with reading() as tx:
            brand = read_brand(tx, brand_id)
        return _form(brand, brand.fields, {}, typed_again(wrong)), status_of(bad)[0]
    flash(_("The change is recorded."), "ok")
    return redirect(f"/brands/{brand_id}", 303)


def _open_fields(brand: Brand) -> list[Any]:
    """A browser sends nothing of what it may not change."""
    return [field for field in BRAND_FIELDS if field.editable or not brand.registry_id]


def _kept(brand: Brand) -> dict[str, Any]:
    return dict(brand.fields) if brand.registry_id else {}


def _form(
    brand: Brand | None, values: Mapping[str, Any], errors: Mapping[str, str], registration: Form | None = None
) -> str:
    locked = bool(brand and brand.registry_id)
    titles = {
        "who": _("Who it is"),
        "numbers": _("Tax number"),
        "where": _("Where it is"),
        "public": _("Public companies"),
        "sole": _("Sole proprietors"),
        "more": _("More"),
    }
    groups = [
        (titles[title], shown_fields(chosen(BRAND_FIELDS, names), values, errors, locked=locked))
        for names, title in GROUPS
    ]
    known = Form(
        {
            "registry_id": (brand and brand.registry_id) or "",
            "score": "" if brand is None or brand.score is None else str(brand.score),
            "identity": brand.identity.value if brand else "",
        }
    )
    return render_template(
        "campaigns/brand.html",
        brand=brand,
        campaigns=_campaigns(brand),
        groups=groups,
        gaps=_gaps(brand),
        wrong=len(errors),
        may_change=caller().may(Permission.CAMPAIGNS_MANAGE),
        identities=[identity.value for identity in Identity],
        registration=registration or known,
        here=request.path,
    )


def _gaps(brand: Brand | None) -> list[tuple[str, str]]:
    labels = {field.name: field.label for field in BRAND_FIELDS}
    return [(labels[name], why) for name, why in brand.gaps.items()] if brand else []


def _campaigns(brand: Brand | None) -> list[Any]:
    if brand is None:
        return []
    with reading() as tx:
        return [campaign for campaign in list_campaigns(tx) if campaign.brand_id == brand.id]
