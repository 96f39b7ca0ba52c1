"""Campaigns: the list, drafting and changing one."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.campaigns.campaign_fields import CAMPAIGN_FIELDS, CARRIERS
from archive.campaigns.drafting import change_campaign, draft_campaign
from archive.campaigns.fields import Field, FieldProblems
from archive.campaigns.model import MESSAGE_CLASSES, Campaign
from archive.campaigns.naming import NAMING, unknown_campaigns
from archive.campaigns.reading import list_brands, list_campaigns, read_campaign
from archive.campaigns.usecases import USE_CASES
from archive.http.access import requires
from archive.http.current import caller, demand, reading, writing
from archive.http.problems import status_of
from archive.http.translation import _
from archive.providers.model import DOORS
from archive.web.field_forms import chosen, sent_fields, shown_fields

blueprint = Blueprint("campaigns", __name__)

Page = str | Response | tuple[str, int]

GROUPS = (
    (("usecase", "subUsecases", "description"), "what"),
    (("messageFlow", "privacyPolicyLink", "termsAndConditionsLink"), "flow"),
    (("sample1", "sample2", "sample3", "sample4", "sample5"), "samples"),
    (
        ("optinMessage", "optoutMessage", "helpMessage", "optinKeywords", "optoutKeywords", "helpKeywords"),
        "answers",
    ),
    (
        (
            *("subscriberOptin", "subscriberOptout", "subscriberHelp", "embeddedLink", "embeddedLinkSample"),
            *("embeddedPhone", "numberPool", "ageGated", "directLending", "affiliateMarketing"),
        ),
        "content",
    ),
    (("mnoIds", "referenceId", "resellerId", "tag", "autoRenewal", "termsAndConditions"), "more"),
)
FIRST = {"subscriberOptin": True, "subscriberOptout": True, "subscriberHelp": True, "autoRenewal": True}


@blueprint.get("/campaigns")
@requires(Permission.CAMPAIGNS_READ)
def index() -> Page:
    with reading() as tx:
        campaigns, brands, unknown = list_campaigns(tx), list_brands(tx), unknown_campaigns(tx)
    return render_template(
        "campaigns/index.html",
        campaigns=campaigns,
        brands=brands,
        unknown=unknown,
        providers={provider: DOORS[provider].name for provider in NAMING},
        may_change=caller().may(Permission.CAMPAIGNS_MANAGE),
    )


@blueprint.get("/campaigns/new")
@requires(Permission.CAMPAIGNS_READ)
def new() -> Page:
    demand(Permission.CAMPAIGNS_MANAGE)
    return _form(None, FIRST, {}, "", request.args.get("brand", ""))


@blueprint.post("/campaigns")
@requires(Permission.CAMPAIGNS_MANAGE)
def draft() -> Page:
    given, name, brand = sent_fields(CAMPAIGN_FIELDS), request.form.get("name", ""), request.form.get("brand", "")
    try:
        with writing() as tx:
            row = draft_campaign(tx, brand, name, given)
    except FieldProblems as bad:
        return _form(None, given, bad.fields, name, brand), status_of(bad)[0]
    flash(_("The draft is saved. Below stands what it still lacks."), "ok")
    return redirect(f"/campaigns/{row.id}", 303)


@blueprint.get("/campaigns/<campaign_id>/edit")
@requires(Permission.CAMPAIGNS_READ)
def edit(campaign_id: str) -> Page:
    demand(Permission.CAMPAIGNS_MANAGE)
    with reading() as tx:
        campaign = read_campaign(tx, campaign_id)
    return _form(campaign, campaign.fields, {}, campaign.name, campaign.brand_id)


@blueprint.post("/campaigns/<campaign_id>")
@requires(Permission.CAMPAIGNS_MANAGE)
def change(campaign_id: str) -> Page:
    name, of_class = request.form.get("name", ""), request.form.get("message_class", "")
    with reading() as tx:
        campaign = read_campaign(tx, campaign_id)
    given = (dict(campaign.fields) if campaign.locked else {}) | sent_fields(_open_fields(campaign))
    try:
        with writing() as tx:
            change_campaign(tx, campaign_id, given, name=name, message_class=of_class)
    except FieldProblems as bad:
        return _form(campaign, given, bad.fields, name, campaign.brand_id), status_of(bad)[0]
    flash(_("The change is recorded."), "ok")
    return redirect(f"/campaigns/{campaign_id}", 303)


def _open_fields(campaign: Campaign) -> list[Field]:
    """A browser sends nothing of what it may not change."""
    return [field for field in CAMPAIGN_FIELDS if field.editable or not campaign.locked]


def _form(
    campaign: Campaign | None, values: Mapping[str, Any], errors: Mapping[str, str], name: str, brand_id: str
) -> str:
    with reading() as tx:
        brands = list_brands(tx)
    locked = campaign is not None and campaign.locked
    return render_template(
        "campaigns/form.html",
        campaign=campaign,
        brands=brands,
        brand_id=brand_id,
        name=name,
        name_error=errors.get("name"),
        groups=_groups(values, errors, locked=locked),
        wrong=len(errors),
        use_cases=USE_CASES,
        carriers=CARRIERS,
        message_classes=MESSAGE_CLASSES,
        message_class=campaign.message_class if campaign else None,
    )


def _groups(values: Mapping[str, Any], errors: Mapping[str, str], *, locked: bool) -> list[tuple[str, Any]]:
    titles = {
        "what": _("What it is for"),
        "flow": _("How people opt in"),
        "samples": _("Samples"),
        "answers": _("Answers and keywords"),
        "content": _("What its texts hold"),
        "more": _("Registration"),
    }
    return [
        (titles[title], shown_fields(chosen(CAMPAIGN_FIELDS, names), values, errors, locked=locked))
        for names, title in GROUPS
    ]
