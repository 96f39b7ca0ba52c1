"""Spam reports for programs: handing one in, the register, triage."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from flask import Blueprint, Response
from msgspec import Meta

from archive.access.organisations import this_organisation
from archive.access.roles import Permission
from archive.api.answers import Answer, json_answer
from archive.api.described import described
from archive.core.errors import BadInput, NotPermitted
from archive.http.access import requires
from archive.http.addresses import SerialNumber
from archive.http.current import caller, current_archive, reading, writing
from archive.http.forms import read_body, read_query
from archive.spam import acting, triage
from archive.spam.model import OPEN, Claim, FeeTier, NewReport, Said, Source, State
from archive.spam.packing import Packed, pack
from archive.spam.reading import Report, list_reports, read_report
from archive.spam.reasons import reason
from archive.spam.recording import take_report
from archive.spam.store import Order, SpamReportRow, Wanted
from archive.spam.table import EXACTLY
from archive.spam.viewing import view_report

blueprint = Blueprint("spam", __name__)

MOST = 500

Limit = Annotated[int, Meta(ge=1, le=MOST)]
Chosen = Literal["open", "all", "new", "investigating", "confirmed", "dismissed"]
Tier = Literal["", "tier-1", "tier-2", "tier-3"]
Action = Literal["suspend-number", "pause-campaign", "opt-out"]

ACTIONS = {
    "suspend-number": acting.suspend_number,
    "pause-campaign": acting.pause_campaign,
    "opt-out": acting.opt_out_reporter,
}


class SpamQuery(msgspec.Struct):
    limit: Annotated[Limit, Meta(description=f"From 1 to {MOST}.")] = 100
    after: Annotated[SerialNumber | None, Meta(description="The `next` of the page before.")] = None
    state: Annotated[Chosen, Meta(description="A state, `open` or `all`.")] = "all"
    source: Annotated[Source | None, Meta(description="By which door it came.")] = None
    own_number: Annotated[str, Meta(max_length=40, description="Only those about this number, in E.164.")] = ""
    order: Annotated[Order, Meta(description="`newest`, `oldest` or `due`.")] = "newest"


class NewSpamReport(msgspec.Struct, forbid_unknown_fields=True):
    """`own_number` sent the text; or only its `campaign` is known. `texted_at`: when, to the minute."""

    own_number: str = ""
    reporter: str = ""
    texted_at: datetime | None = None
    words: str = ""
    email: str = ""
    carrier: str = ""
    reference: str = ""
    campaign: str | None = None
    fee_tier: FeeTier | None = None


class TakenBody(msgspec.Struct):
    """`new`: false for what was reported before; nothing was changed then."""

    id: str
    new: bool


class SpamBrief(msgspec.Struct):
    """`serial`: the text that it is about, as far as that was found; `score` of 100, how likely it is that one."""

    id: str
    entry: int
    source: Source
    own_number: str
    campaign: str | None
    received_at: datetime
    state: State
    assignee: str | None
    due_on: date
    fee_tier: FeeTier | None
    serial: int | None
    score: int | None


class SpamReportsBody(msgspec.Struct):
    """`next`: the `after` of the next page, in the same order."""

    reports: list[SpamBrief]
    next: int | None


class MatchBody(msgspec.Struct):
    serial: int
    score: int
    reason: str


class SpamReportBody(SpamBrief):
    """All of it. The text came between `texted_since` and `texted_until`, as far as the reporter could tell."""

    reporter: str
    email: str
    words: str
    carrier: str
    reference: str
    texted_since: datetime | None
    texted_until: datetime | None
    matches: list[MatchBody]


class SpamChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays as it is. `fee_tier` is empty for none, `assignee` for nobody; `note` goes to the move."""

    state: State | None = None
    note: str = ""
    assignee: str | None = None
    due_on: date | None = None
    fee_tier: Tier | None = None
    actions: list[Action] = []


@blueprint.get("/spam-reports")
@requires(Permission.SPAM_READ)
@described("List spam reports, without what people wrote", SpamReportsBody, query=SpamQuery)
def index() -> Answer:
    asked = read_query(SpamQuery)
    with reading() as tx:
        rows = list_reports(tx, _wanted(asked), asked.limit + 1)
    shown = rows[: asked.limit]
    more = shown[-1].entry if len(rows) > asked.limit else None
    return json_answer(SpamReportsBody([_brief(row) for row in shown], more))


@blueprint.post("/spam-reports")
@requires(Permission.SPAM_REPORT)
@described("Hand in a spam report", TakenBody, status=(200, 201), body=NewSpamReport)
def report() -> Answer:
    sent = read_body(NewSpamReport)
    with writing() as tx:
        taken = take_report(tx, _new(sent))
    return json_answer(TakenBody(taken.report_id, taken.new), 201 if taken.new else 200)


@blueprint.get("/spam-reports/<report_id>")
@requires(Permission.SPAM_READ)
@described("A spam report. The reading is recorded", SpamReportBody)
def show(report_id: str) -> Answer:
    archive, me = current_archive(), caller()
    return json_answer(_body(view_report(archive.transactions, archive.group, me.org_id, me.actor, report_id)))


@blueprint.post("/spam-reports/<report_id>")
@requires(Permission.SPAM_MANAGE)
@described("Change a spam report, and do something because of it", SpamBrief, body=SpamChange, problems=(409,))
def change(report_id: str) -> Answer:
    """All of it, or nothing."""
    order = read_body(SpamChange)
    with writing() as tx:
        row = read_report(tx, report_id).row
        if order.assignee is not None:
            triage.assign(tx, report_id, order.assignee)
        if order.due_on is not None:
            triage.set_due(tx, report_id, order.due_on)
        if order.fee_tier is not None:
            triage.set_tier(tx, report_id, FeeTier(order.fee_tier) if order.fee_tier else None)
        if order.state is not None and order.state != row.state:
            triage.move(tx, report_id, order.state, order.note)
        elif order.note:
            triage.add_note(tx, report_id, order.note)
        for action in order.actions:
            ACTIONS[action](tx, report_id)
    return json_answer(_brief(row))


@blueprint.get("/spam-reports/<report_id>/packet.zip")
@requires(Permission.SPAM_READ)
@described("Its evidence packet, whole. Takes `messages.read` as well; recorded", str, media="application/zip")
def packet(report_id: str) -> Response:
    return Response(_packed(report_id).zip(), mimetype="application/zip")


@blueprint.get("/spam-reports/<report_id>/packet.pdf")
@requires(Permission.SPAM_READ)
@described("Its evidence packet to read. Takes `messages.read` as well; recorded", str, media="application/pdf")
def printed(report_id: str) -> Response:
    return Response(_packed(report_id).pdf(), mimetype="application/pdf")


def _packed(report_id: str) -> Packed:
    archive, me = current_archive(), caller()
    if not me.may(Permission.MESSAGES_READ):
        raise NotPermitted("The packet holds texts, and this key does not include messages.read.", "Use one that does.")
    with reading() as tx:
        organisation = this_organisation(tx)
    return pack(archive.transactions, organisation, me.actor, report_id)


def _wanted(asked: SpamQuery) -> Wanted:
    states = {"open": tuple(sorted(OPEN)), "all": ()}
    chosen = states[asked.state] if asked.state in states else (State(asked.state),)
    return Wanted(chosen, asked.source, asked.own_number or None, order=asked.order, after=asked.after)


def _new(sent: NewSpamReport) -> NewReport:
    if sent.texted_at and sent.texted_at.tzinfo is None:
        raise BadInput("`texted_at` has no time zone.", "Write it like 2026-11-23T15:00:00Z.")
    said = Said(sent.reporter, sent.email, sent.words, sent.reference, sent.carrier)
    claim = Claim(sent.texted_at, sent.texted_at + EXACTLY) if sent.texted_at else None
    source = Source.CARRIER if sent.carrier else Source.API
    return NewReport(source, sent.own_number, said, claim, sent.campaign, sent.fee_tier)


def _brief(row: SpamReportRow) -> SpamBrief:
    return msgspec.convert(row, SpamBrief, from_attributes=True)


def _body(report: Report) -> SpamReportBody:
    said, claim = report.said, report.claim
    return SpamReportBody(
        **msgspec.structs.asdict(_brief(report.row)),
        reporter=said.reporter,
        email=said.email,
        words=said.words,
        carrier=said.carrier,
        reference=said.reference,
        texted_since=claim.since if claim else None,
        texted_until=claim.until if claim else None,
        matches=[MatchBody(one.serial, one.score, reason(one)) for one in report.matches],
    )
