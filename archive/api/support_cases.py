"""Support cases of campaigns, for programs."""

from datetime import datetime
from typing import Annotated

import msgspec
from flask import Blueprint
from msgspec import Meta

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.campaigns.cases import actions
from archive.campaigns.cases.actions import Case
from archive.campaigns.cases.model import CaseState, Urgency
from archive.http.access import requires
from archive.http.current import reading, writing
from archive.http.forms import read_body

blueprint = Blueprint("support_cases", __name__)

Note = Annotated[str, Meta(max_length=actions.NOTE_LENGTH, description="Kept sealed.")]


class CaseStepBody(msgspec.Struct):
    at: datetime
    by: str
    state: CaseState
    note: str
    entry: int


class CaseBody(msgspec.Struct):
    """`due_at`: until when something has to happen, `due`: what, `ours`: by us. All null once it is done."""

    id: str
    campaign_id: str
    reference: str
    state: CaseState
    since: datetime
    opened_at: datetime
    sent_at: datetime | None
    due_at: datetime | None
    due: str | None
    ours: bool | None
    urgency: Urgency
    steps: list[CaseStepBody]


class CasesBody(msgspec.Struct):
    """Newest first."""

    cases: list[CaseBody]


class NewCase(msgspec.Struct):
    note: Note = ""


class CaseChange(msgspec.Struct):
    """What is left out stays; a note alone is added in the same state. `reference`: the provider's number of it."""

    state: CaseState | None = None
    note: Note = ""
    reference: str | None = None


@blueprint.get("/campaigns/<campaign_id>/cases")
@requires(Permission.CAMPAIGNS_READ)
@described("The support cases of a campaign", CasesBody, problems=(404,))
def index(campaign_id: str) -> Answer:
    with reading() as tx:
        return json_answer(CasesBody([_body(case) for case in actions.cases_of(tx, campaign_id)]))


@blueprint.post("/campaigns/<campaign_id>/cases")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Open a support case", CaseBody, status=(201,), body=NewCase, problems=(404, 409))
def open_case(campaign_id: str) -> Answer:
    order = read_body(NewCase)
    with writing() as tx:
        case = actions.open_case(tx, campaign_id, order.note)
    return json_answer(_body(case), 201)


@blueprint.post("/support-cases/<case_id>")
@requires(Permission.CAMPAIGNS_MANAGE)
@described("Note what became of a support case", CaseBody, body=CaseChange, problems=(404, 409))
def change(case_id: str) -> Answer:
    with writing() as tx:
        actions.read_case(tx, case_id)  # Whether there is one comes before what is to become of it.
        order = read_body(CaseChange)
        case = actions.change_case(tx, case_id, state=order.state, note=order.note, reference=order.reference)
    return json_answer(_body(case))


def _body(case: Case) -> CaseBody:
    return CaseBody(
        id=case.id,
        campaign_id=case.campaign_id,
        reference=case.reference,
        state=case.state,
        since=case.since,
        opened_at=case.opened_at,
        sent_at=case.sent_at,
        due_at=case.due.at if case.due else None,
        due=case.due.what if case.due else None,
        ours=case.due.ours if case.due else None,
        urgency=case.urgency,
        steps=[CaseStepBody(step.at, step.by, step.state, step.note, step.entry) for step in case.steps],
    )
