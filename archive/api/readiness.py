"""What reviewers would reject of a campaign, for programs."""

import msgspec
from flask import Blueprint

from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.campaigns.checking import check_campaign
from archive.campaigns.readiness.finding import Finding
from archive.http.access import requires
from archive.http.current import reading

blueprint = Blueprint("readiness", __name__)


class ReadinessFinding(msgspec.Struct):
    """`system` rejects it as `code`. `resubmittable`: whether it takes it again then, null where it does not say.

    A `warning` is a guess about content.
    """

    system: str
    code: str
    title: str
    resubmittable: bool | None
    field: str
    because: str
    change: str
    warning: bool


class ReadinessBody(msgspec.Struct):
    """`ready`: no fault was found; there may be warnings. Faults come first."""

    ready: bool
    faults: int
    warnings: int
    findings: list[ReadinessFinding]


@blueprint.get("/campaigns/<campaign_id>/readiness")
@requires(Permission.CAMPAIGNS_READ)
@described("What reviewers would reject of a campaign", ReadinessBody, problems=(404,))
def readiness(campaign_id: str) -> Answer:
    with reading() as tx:
        found = check_campaign(tx, campaign_id)
    faults = sum(not one.warning for one in found)
    return json_answer(ReadinessBody(faults == 0, faults, len(found) - faults, [_finding(one) for one in found]))


def _finding(one: Finding) -> ReadinessFinding:
    code = one.code
    return ReadinessFinding(
        code.system, code.code, code.title, code.resubmittable, one.field, one.because, one.change, one.warning
    )
