"""One campaign: where each level is, its numbers, what it still lacks, and all that happened to it."""

from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.campaigns.assigning import put_on, take_off
from archive.campaigns.brand_fields import BRAND_FIELDS
from archive.campaigns.campaign_fields import CAMPAIGN_FIELDS, CARRIERS
from archive.campaigns.cases.actions import cases_of
from archive.campaigns.cases.model import CaseState
from archive.campaigns.checking import check_campaign
from archive.campaigns.drafting import note_campaign_id
from archive.campaigns.fields import FieldProblems
from archive.campaigns.levels import Level, State, moves_by_hand
from archive.campaigns.model import Campaign, Step
from archive.campaigns.naming import LONGEST_NAME, NAMING, name_campaign
from archive.campaigns.readiness.finding import Code, Finding
from archive.campaigns.reading import read_campaign, steps_of
from archive.campaigns.steering import REASON_LENGTH, enter_state
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import caller, reading, writing
from archive.http.forms import read_form
from archive.http.translation import _
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, all_numbers
from archive.providers.model import DOORS
from archive.tx import Tx
from archive.web.campaign_words import TONES, campaign_state_label, level_label
from archive.web.names import Names
from archive.web.number_states import state_label
from archive.web.support_cases import shown_case

blueprint = Blueprint("campaign", __name__)

Page = str | Response | tuple[str, int]
LABELS = {field.name: field.label for field in (*CAMPAIGN_FIELDS, *BRAND_FIELDS)} | {"brandId": "Brand"}
Reason = Annotated[str, Meta(max_length=REASON_LENGTH, description="Up to 500 characters in one line.")]


class NewState(msgspec.Struct):
    """`to`: level, carrier (or nothing) and state, as the button says it."""

    to: Annotated[str, Meta(max_length=100, pattern=r"^[a-z]+/[0-9]*/[a-z]+$")]
    reason: Reason = ""


class CampaignName(msgspec.Struct):
    provider: Annotated[str, Meta(max_length=40, description="Choose from the list.")]
    theirs: Annotated[str, Meta(max_length=LONGEST_NAME, description="As on the provider's pages.")]


class Registration(msgspec.Struct):
    registry_id: Annotated[str, Meta(max_length=20, description="C and six more, like CT8MUVN.")]


@blueprint.get("/campaigns/<campaign_id>")
@requires(Permission.CAMPAIGNS_READ)
def show(campaign_id: str) -> Page:
    with reading() as tx:
        campaign, numbers, findings = read_campaign(tx, campaign_id), all_numbers(tx), check_campaign(tx, campaign_id)
        steps, names, cases = steps_of(tx, campaign_id), Names(tx), cases_of(tx, campaign_id)
        now = tx.now
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        facts=_facts(campaign),
        gaps=_gaps(campaign),
        labels=LABELS,
        faults=_together([one for one in findings if not one.warning]),
        warnings=_together([one for one in findings if one.warning]),
        levels=_levels(campaign),
        quiet_carriers=[(number, name) for number, name in CARRIERS.items() if number not in campaign.levels.carriers],
        numbers=[_number(row) for row in numbers if row.campaign == campaign.id],
        free=[row.e164 for row in numbers if row.campaign is None and row.state == NumberState.AUTHORISED],
        steps=[_step(step, names) for step in steps],
        cases=[shown_case(case, names, now) for case in cases],
        naming={provider: DOORS[provider].name for provider in NAMING},
        may_open=all(case.state is CaseState.DONE for case in cases),
        may_change=caller().may(Permission.CAMPAIGNS_MANAGE),
    )


@blueprint.post("/campaigns/<campaign_id>/state")
@requires(Permission.CAMPAIGNS_MANAGE)
def set_state(campaign_id: str) -> Page:
    order = read_form(NewState)
    level, carrier, state = order.to.split("/")
    try:
        with writing() as tx:
            enter_state(tx, campaign_id, Level(level), State(state), carrier=carrier, reason=order.reason)
    except FieldProblems as bad:
        lacks = ", ".join(LABELS.get(name, name) for name in bad.fields)
        flash(_("It can't be submitted yet. It lacks: %(fields)s.", fields=lacks), "bad")
    except (BadInput, Conflict, ValueError) as bad:
        flash(str(bad), "bad")
    else:
        flash(_("The change is recorded."), "ok")
    return redirect(f"/campaigns/{campaign_id}", 303)


@blueprint.post("/campaigns/<campaign_id>/names")
@requires(Permission.CAMPAIGNS_MANAGE)
def add_name(campaign_id: str) -> Page:
    def name(tx: Tx) -> None:
        order = read_form(CampaignName)
        name_campaign(tx, campaign_id, order.provider, order.theirs)

    return _tried(campaign_id, name)


@blueprint.post("/campaigns/<campaign_id>/registration")
@requires(Permission.CAMPAIGNS_MANAGE)
def register(campaign_id: str) -> Page:
    return _tried(campaign_id, lambda tx: note_campaign_id(tx, campaign_id, read_form(Registration).registry_id))


@blueprint.post("/campaigns/<campaign_id>/numbers")
@requires(Permission.CAMPAIGNS_MANAGE)
def put_numbers(campaign_id: str) -> Page:
    wanted = request.form.getlist("numbers")
    if not wanted:
        flash(_("Choose at least one number."), "bad")
        return redirect(f"/campaigns/{campaign_id}", 303)
    return _tried(campaign_id, lambda tx: put_on(tx, campaign_id, wanted))


@blueprint.post("/campaigns/<campaign_id>/numbers/remove")
@requires(Permission.CAMPAIGNS_MANAGE)
def remove_numbers(campaign_id: str) -> Page:
    return _tried(campaign_id, lambda tx: take_off(tx, campaign_id, request.form.getlist("numbers")))


def _tried(campaign_id: str, action: Any) -> Response:
    """Back to the campaign's page, which says what came of it."""
    try:
        with writing() as tx:
            action(tx)
    except (BadInput, Conflict) as bad:
        flash(str(bad), "bad")
    else:
        flash(_("The change is recorded."), "ok")
    return redirect(f"/campaigns/{campaign_id}", 303)


def _levels(campaign: Campaign) -> list[dict[str, Any]]:
    places: list[tuple[Level, str]] = [(level, "") for level in Level if level is not Level.CARRIER]
    places += [(Level.CARRIER, carrier) for carrier in sorted(campaign.levels.carriers)]
    return [_level(campaign, level, carrier) for level, carrier in places]


def _level(campaign: Campaign, level: Level, carrier: str) -> dict[str, Any]:
    state = campaign.levels.at(level, carrier)
    return {
        "label": level_label(level, carrier),
        "state": campaign_state_label(state),
        "tone": TONES[state],
        "since": campaign.since.get((level, carrier)),
        "moves": [
            {
                "to": f"{level}/{carrier}/{move.after}",
                "label": campaign_state_label(move.after),
                "tone": TONES[move.after],
            }
            for move in moves_by_hand(level, state)
        ],
    }


def _number(row: NumberRow) -> dict[str, Any]:
    state = NumberState(row.state)
    return {
        "id": row.id,
        "number": row.e164,
        "label": row.label,
        "state": state.value,
        "state_label": state_label(state),
    }


def _together(findings: list[Finding]) -> list[dict[str, Any]]:
    """What several systems reject for the same reason is one thing to change."""
    same: dict[tuple[str, str, str], list[Code]] = {}
    for one in findings:
        same.setdefault((one.field, one.because, one.change), []).append(one.code)
    return [
        {"field": field, "because": because, "change": change, "codes": codes}
        for (field, because, change), codes in same.items()
    ]


def _gaps(campaign: Campaign) -> list[tuple[str, str]]:
    return [(LABELS.get(name, name), why) for name, why in campaign.gaps.items()]


def _facts(campaign: Campaign) -> list[tuple[str, str]]:
    """What is filled in, for reading."""
    said = [(field, campaign.fields.get(field.name)) for field in CAMPAIGN_FIELDS]
    return [(field.label, _written(value)) for field, value in said if value not in (None, "", [], False)]


def _written(value: object) -> str:
    if value is True:
        return _("Yes")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _step(step: Step, names: Names) -> dict[str, Any]:
    by = names.actor(step.by) if not step.event else _("the registry")
    if step.event:
        what = step.event + (f" · {level_label(Level.CARRIER, step.carrier)}" if step.carrier else "")
    else:
        assert step.level is not None
        what = f"{level_label(step.level, step.carrier)}: {campaign_state_label(State(step.state))}"
    return {"at": step.at, "what": what, "by": by, "entry": step.entry, "reason": step.reason}
