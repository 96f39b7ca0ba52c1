"""Brands, for programs. Fields have the registry's own names."""

from datetime import datetime
from typing import Annotated

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.campaigns.brands import add_brand, change_brand, note_brand_registration
from archive.campaigns.fields import Value
from archive.campaigns.model import Brand, Identity
from archive.campaigns.reading import list_brands, read_brand
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body

blueprint = Blueprint("brands", __name__)

Fields = Annotated[
    dict[str, str | bool | list[str]],
    Meta(description="By the registry's names, like displayName, entityType, ein. What is left out is empty."),
]


class BrandBody(msgspec.Struct):
    """`gaps`: field → why the registry would not take it as it is. `campaigns`: how many there are of it."""

    id: str
    name: str
    fields: dict[str, Value]
    registry_id: str | None
    identity: Identity
    score: int | None
    gaps: dict[str, str]
    campaigns: int
    added_at: datetime
    changed_at: datetime


class BrandsBody(msgspec.Struct):
    brands: list[BrandBody]


class BrandOrder(msgspec.Struct):
    """All its fields from then on. Once the registry has it, only some of them may change."""

    fields: Fields


class BrandRegistration(msgspec.Struct):
    """What the registry says of it; what is left out stays as it is."""

    registry_id: Annotated[str, Meta(description="B and six more.")] | None = None
    identity: Identity | None = None
    score: Annotated[int, Meta(description="Vetting, 0 to 100.")] | None = None


@blueprint.get("/brands")
@requires(Permission.CAMPAIGNS_READ)
@described("List the organisation's brands", BrandsBody)
def index() -> Answer:
    with reading() as tx:
        return json_answer(BrandsBody([_body(brand) for brand in list_brands(tx)]))


@blueprint.post("/brands")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Enter a brand", BrandBody, status=(201,), body=BrandOrder)
def add() -> Answer:
    order = read_body(BrandOrder)
    with writing() as tx:
        brand = read_brand(tx, add_brand(tx, order.fields).id)
    return json_answer(_body(brand), 201)


@blueprint.get("/brands/<brand_id>")
@requires(Permission.CAMPAIGNS_READ)
@described("A brand", BrandBody, problems=(404,))
def show(brand_id: str) -> Answer:
    with reading() as tx:
        return json_answer(_body(read_brand(tx, brand_id)))


@blueprint.put("/brands/<brand_id>")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Change a brand", BrandBody, body=BrandOrder, problems=(404,))
def change(brand_id: str) -> Answer:
    order = read_body(BrandOrder)
    with writing() as tx:
        change_brand(tx, brand_id, order.fields)
        brand = read_brand(tx, brand_id)
    return json_answer(_body(brand))


@blueprint.post("/brands/<brand_id>/registration")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Note what the registry says of a brand", BrandBody, body=BrandRegistration, problems=(404, 409))
def register(brand_id: str) -> Answer:
    order = read_body(BrandRegistration)
    with writing() as tx:
        note_brand_registration(tx, brand_id, registry_id=order.registry_id, identity=order.identity, score=order.score)
        brand = read_brand(tx, brand_id)
    return json_answer(_body(brand))


def _body(brand: Brand) -> BrandBody:
    return BrandBody(
        brand.id,
        brand.name,
        dict(brand.fields),
        brand.registry_id,
        brand.identity,
        brand.score,
        dict(brand.gaps),
        brand.campaigns,
        brand.added_at,
        brand.changed_at,
    )
