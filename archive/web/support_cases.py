"""The support case on a campaign's page: opening it, noting what became of it, and how it is shown."""

from typing import Annotated, Any

import msgspec
from flask import Blueprint, flash, redirect, request
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.campaigns.cases import actions
from archive.campaigns.cases.actions import Case
from archive.campaigns.cases.model import CaseState, Urgency, states_after
from archive.core.clock import DAY
from archive.core.errors import BadInput, Conflict
from archive.http.access import requires
from archive.http.current import Caller, current_archive, writing
from archive.http.forms import read_form
from archive.http.translation import _
from archive.web.names import Names

blueprint = Blueprint("support_cases", __name__)

TONES = {Urgency.NONE: "", Urgency.SOON: "warn", Urgency.LATE: "bad"}
Note = Annotated[str, Meta(max_length=actions.NOTE_LENGTH, description="Up to 2,000 characters.")]


class NewCase(msgspec.Struct):
    note: Note = ""


class CaseChange(msgspec.Struct):
    """`campaign`: whose page the form stands on."""

    note: Note = ""
    reference: Annotated[str, Meta(max_length=actions.REFERENCE_LENGTH, description="Up to 100 characters.")] = ""
    state: CaseState | None = None


@blueprint.post("/campaigns/<campaign_id>/cases")
@requires(Permission.CAMPAIGNS_MANAGE)
def open_case(campaign_id: str) -> Response:
    try:
        order = read_form(NewCase)
        with writing() as tx:
            actions.open_case(tx, campaign_id, order.note)
    except (BadInput, Conflict) as bad:
        flash(str(bad), "bad")
    else:
        flash(_("The case is opened. Open it at the provider as well, and note then that it is sent."), "ok")
    return redirect(f"/campaigns/{campaign_id}#case", 303)


@blueprint.post("/support-cases/<case_id>")
@requires(Permission.CAMPAIGNS_MANAGE)
def change(case_id: str) -> Response:
    with writing() as tx:
        before = actions.read_case(tx, case_id)
        order = read_form(CaseChange)
        try:
            actions.change_case(
                tx,
                case_id,
                state=order.state,
                note=order.note,
                reference=order.reference if "reference" in request.form else None,
            )
        except (BadInput, Conflict) as bad:
            flash(str(bad), "bad")
        else:
            flash(_("The change is recorded."), "ok")
    return redirect(f"/campaigns/{before.campaign_id}#case", 303)


def case_state_label(state: CaseState) -> str:
    return {
        CaseState.OPENED: _("Opened here"),
        CaseState.SENT: _("Sent to the provider"),
        CaseState.WAITING_PROVIDER: _("The provider works on it"),
        CaseState.WAITING_US: _("The provider waits for us"),
        CaseState.DONE: _("Done"),
    }[state]


def shown_case(case: Case, names: Names, now: Any) -> dict[str, Any]:
    """For `templates/campaigns/_case.html`."""
    return {
        "id": case.id,
        "reference": case.reference,
        "done": case.state is CaseState.DONE,
        "state": case_state_label(case.state),
        "sent_at": case.sent_at,
        "days": (now - case.sent_at) // DAY if case.sent_at else None,
        "due": case.due,
        "tone": TONES[case.urgency],
        "late": case.urgency is Urgency.LATE,
        "moves": [(after.value, case_state_label(after)) for after in states_after(case.state)],
        "steps": [
            {
                "at": step.at,
                "by": names.actor(step.by),
                "state": case_state_label(step.state),
                "note": step.note,
                "entry": step.entry,
            }
            for step in case.steps
        ],
    }


def count_due(asking: Caller) -> int:
    """What stands beside Campaigns in the navigation: cases for which something is late."""
    with current_archive().transactions.read(asking.org_id, asking.actor) as tx:
        return sum(case.urgency is Urgency.LATE for case in actions.due_cases(tx))
