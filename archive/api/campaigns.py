"""Campaigns, for programs: drafting, where each level is, and the numbers on them. Fields have the registry's names."""

from datetime import datetime
from typing import Annotated

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.brands import Fields
from archive.api.described import described
from archive.campaigns.assigning import put_on, take_off
from archive.campaigns.caps import Caps
from archive.campaigns.drafting import change_campaign, draft_campaign, note_campaign_id
from archive.campaigns.fields import Value
from archive.campaigns.levels import Level, State
from archive.campaigns.model import Campaign, Step
from archive.campaigns.naming import name_campaign
from archive.campaigns.reading import list_campaigns, read_campaign, steps_of
from archive.campaigns.steering import enter_state
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body
from archive.numbers.store import numbers_on
from archive.tx import Tx

blueprint = Blueprint("campaigns", __name__)


class CampaignName(msgspec.Struct):
    """`theirs`: the provider's own id of the campaign."""

    provider: str
    theirs: str


class LevelsBody(msgspec.Struct):
    """`carriers`: the registry's id → state, of those that have said something."""

    own: State
    registry: State
    provider: State
    dca: State
    carriers: dict[str, State]


class CampaignBody(msgspec.Struct):
    """`active`: its numbers may text, to subscribers of `carriers`; `because` says why or why not.

    `gaps`: field → why the registry would not take it as it is. `locked`: the registry has it, so most of it can't be
    changed any more. `names`: what providers call it.
    """

    id: str
    name: str
    brand_id: str
    fields: dict[str, Value]
    registry_id: str | None
    reference: str
    message_class: str | None
    active: bool
    because: str
    carriers: list[str]
    levels: LevelsBody
    caps: Caps
    gaps: dict[str, str]
    locked: bool
    numbers: list[str]
    names: list[CampaignName]
    added_at: datetime
    changed_at: datetime


class CampaignsBody(msgspec.Struct):
    campaigns: list[CampaignBody]


class StepBody(msgspec.Struct):
    """`event`: the registry's word for it; empty for what was entered by hand, which put `level` into `state`."""

    at: datetime
    entry: int
    by: str
    event: str
    level: Level | None
    carrier: str
    state: str
    reason: str


class StepsBody(msgspec.Struct):
    """Newest first."""

    steps: list[StepBody]


class NewCampaign(msgspec.Struct, forbid_unknown_fields=True):
    """`name` is for you. A draft may be incomplete; `gaps` of the answer says what is missing."""

    brand_id: str
    name: str
    fields: Fields


class CampaignOrder(msgspec.Struct):
    """All its fields from then on. Once the registry has it, only some of them may change."""

    fields: Fields
    name: str | None = None
    message_class: Annotated[str, Meta(description="AT&T's, as the registry says; empty for none.")] | None = None


class CampaignRegistration(msgspec.Struct):
    registry_id: Annotated[str, Meta(description="C and six more.")]


class NewLevelState(msgspec.Struct):
    """`carrier`: the registry's id, for the level carrier only."""

    level: Level
    state: State
    carrier: str = ""
    reason: str = ""


class Numbers(msgspec.Struct):
    """Numbers in any usual spelling, or their ids; all of them or none."""

    numbers: Annotated[list[str], Meta(min_length=1, max_length=1_000)]
    reason: str = ""


@blueprint.get("/campaigns")
@requires(Permission.CAMPAIGNS_READ)
@described("List the organisation's campaigns", CampaignsBody)
def index() -> Answer:
    with reading() as tx:
        return json_answer(CampaignsBody([_body(tx, campaign) for campaign in list_campaigns(tx)]))


@blueprint.post("/campaigns")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Draft a campaign", CampaignBody, status=(201,), body=NewCampaign, problems=(404,))
def draft() -> Answer:
    order = read_body(NewCampaign)
    with writing() as tx:
        body = _read(tx, draft_campaign(tx, order.brand_id, order.name, order.fields).id)
    return json_answer(body, 201)


@blueprint.get("/campaigns/<campaign_id>")
@requires(Permission.CAMPAIGNS_READ)
@described("A campaign", CampaignBody, problems=(404,))
def show(campaign_id: str) -> Answer:
    with reading() as tx:
        return json_answer(_read(tx, campaign_id))


@blueprint.put("/campaigns/<campaign_id>")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Change a campaign", CampaignBody, body=CampaignOrder, problems=(404,))
def change(campaign_id: str) -> Answer:
    order = read_body(CampaignOrder)
    with writing() as tx:
        change_campaign(tx, campaign_id, order.fields, name=order.name, message_class=order.message_class)
        body = _read(tx, campaign_id)
    return json_answer(body)


@blueprint.get("/campaigns/<campaign_id>/steps")
@requires(Permission.CAMPAIGNS_READ)
@described("All that was said of a campaign and entered about it", StepsBody, problems=(404,))
def steps(campaign_id: str) -> Answer:
    with reading() as tx:
        return json_answer(StepsBody([_step(step) for step in steps_of(tx, campaign_id)]))


@blueprint.post("/campaigns/<campaign_id>/registration")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Note a campaign's id at the registry", CampaignBody, body=CampaignRegistration, problems=(404, 409))
def register(campaign_id: str) -> Answer:
    order = read_body(CampaignRegistration)
    with writing() as tx:
        note_campaign_id(tx, campaign_id, order.registry_id)
        body = _read(tx, campaign_id)
    return json_answer(body)


@blueprint.post("/campaigns/<campaign_id>/names")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Note what a provider calls a campaign", CampaignBody, body=CampaignName, problems=(404, 409))
def add_name(campaign_id: str) -> Answer:
    order = read_body(CampaignName)
    with writing() as tx:
        name_campaign(tx, campaign_id, order.provider, order.theirs)
        body = _read(tx, campaign_id)
    return json_answer(body)


@blueprint.post("/campaigns/<campaign_id>/state")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Note where a level of a campaign is; pause, resume", CampaignBody, body=NewLevelState, problems=(404, 409))
def set_state(campaign_id: str) -> Answer:
    order = read_body(NewLevelState)
    with writing() as tx:
        enter_state(tx, campaign_id, order.level, order.state, carrier=order.carrier, reason=order.reason)
        body = _read(tx, campaign_id)
    return json_answer(body)


@blueprint.post("/campaigns/<campaign_id>/numbers")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Put numbers on a campaign", CampaignBody, body=Numbers, problems=(404, 409))
def put_numbers(campaign_id: str) -> Answer:
    order = read_body(Numbers)
    with writing() as tx:
        put_on(tx, campaign_id, order.numbers, order.reason)
        body = _read(tx, campaign_id)
    return json_answer(body)


@blueprint.post("/campaigns/<campaign_id>/numbers/remove")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Take numbers off a campaign", CampaignBody, body=Numbers, problems=(404, 409))
def remove_numbers(campaign_id: str) -> Answer:
    order = read_body(Numbers)
    with writing() as tx:
        take_off(tx, campaign_id, order.numbers, order.reason)
        body = _read(tx, campaign_id)
    return json_answer(body)


def _read(tx: Tx, campaign_id: str) -> CampaignBody:
    tx.session.flush()
    return _body(tx, read_campaign(tx, campaign_id))


def _body(tx: Tx, campaign: Campaign) -> CampaignBody:
    levels = campaign.levels
    return CampaignBody(
        id=campaign.id,
        name=campaign.name,
        brand_id=campaign.brand_id,
        fields=dict(campaign.fields),
        registry_id=campaign.registry_id,
        reference=campaign.reference,
        message_class=campaign.message_class,
        active=campaign.verdict.active,
        because=campaign.verdict.because,
        carriers=list(campaign.verdict.carriers),
        levels=LevelsBody(levels.own, levels.registry, levels.provider, levels.dca, dict(levels.carriers)),
        caps=campaign.caps,
        gaps=dict(campaign.gaps),
        locked=campaign.locked,
        numbers=[row.e164 for row in numbers_on(tx, campaign.id)],
        names=[CampaignName(provider, theirs) for provider, theirs in campaign.names],
        added_at=campaign.added_at,
        changed_at=campaign.changed_at,
    )


def _step(step: Step) -> StepBody:
    return msgspec.convert(step, StepBody, from_attributes=True)
