"""Everything that there is about a complaint, gathered for somebody who has to answer it; and what there isn't."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.access.organisations import OrganisationRow
from archive.campaigns.model import Campaign
from archive.campaigns.model import Step as CampaignStep
from archive.campaigns.reading import read_campaign, steps_of
from archive.core.errors import Damaged, NotFound
from archive.ledger.rows import CheckpointRow
from archive.letters.model import Letter
from archive.letters.reading import read_letter
from archive.letters.store import letters_covering
from archive.messages.actions import conversation_around, hashes_of, read_message
from archive.messages.model import Message
from archive.messages.store import conversation_moments
from archive.numbers.history import Stretch, past_of
from archive.optouts import store as optouts
from archive.optouts.model import EVERY_NUMBER, Change, History
from archive.optouts.recording import Parties
from archive.optouts.wording import Said as SaidOfTexting
from archive.spam.campaign import campaign_of
from archive.spam.history import Step, history_of
from archive.spam.reading import Report, read_report
from archive.tx import Tx

EACH_SIDE: Final = 10
"""Texts of the conversation, before and after the one that is complained about."""


@dataclass(frozen=True, slots=True)
class Texting:
    """What the complainant said about being texted: everything, the oldest first. `standing`: the opt-out that was in
    force when the text went out, if any. `first`: the first text of their conversation that is still here.
    """

    said: Sequence[Change]
    standing: Change | None
    first: Message | None

    @property
    def replies(self) -> Sequence[Change]:
        return [one for one in self.said if one.said in (SaidOfTexting.OPT_OUT, SaidOfTexting.OPT_IN)]


@dataclass(frozen=True, slots=True)
class Packet:
    """`at`: the moment as of which everything is looked at. `then`: what the number was at that moment.

    `missing`: what a reader would look for and won't find, each a sentence.
    """

    organisation: OrganisationRow
    checkpoint: CheckpointRow
    made_at: datetime
    report: Report
    at: datetime
    text: Message | None
    conversation: Sequence[Message]
    complainant: str
    texting: Texting | None
    then: Stretch | None
    past: Sequence[Stretch]
    letters: Sequence[Letter]
    campaign: str | None
    registered: Campaign | None
    campaign_steps: Sequence[CampaignStep]
    steps: Sequence[Step]
    missing: Sequence[str]


def gather(tx: Tx, organisation: OrganisationRow, checkpoint: CheckpointRow, report_id: str) -> Packet:
    """Raises `NotFound` for a report that isn't there."""
    report = read_report(tx, report_id)
    text, lost = _text(tx, report)
    at = text.at if text else report.texted_at
    complainant = report.said.reporter or (text.others[0] if text and len(text.others) == 1 else "")
    past = _past(tx, report.row.own_number)
    then = next((one for one in past if one.since <= at), None)
    letters = _letters(tx, report.row.own_number, at)
    texting = _texting(tx, report, text, complainant, at) if complainant else None
    campaign = (text.clear.campaign if text else None) or report.row.campaign
    registered = _registered(tx, report, campaign, then)
    missing = [*lost, *_missing(report, text, complainant, texting, then, letters, campaign, registered)]
    return Packet(
        organisation=organisation,
        checkpoint=checkpoint,
        made_at=tx.now,
        report=report,
        at=at,
        text=text,
        conversation=conversation_around(tx, text, EACH_SIDE).messages if text else (),
        complainant=complainant,
        texting=texting,
        then=then,
        past=past,
        letters=letters,
        campaign=campaign,
        registered=registered,
        campaign_steps=_campaign_steps(tx, registered, at),
        steps=history_of(tx, report_id),
        missing=missing,
    )


def _text(tx: Tx, report: Report) -> tuple[Message | None, list[str]]:
    if report.row.serial is None:
        return None, ["No archived text was found that is likely the one that was reported."]
    try:
        return read_message(tx, report.row.serial), []
    except (NotFound, Damaged) as problem:
        return None, [f"The text #{report.row.serial} that was found can't be shown: {problem.message}"]


def _past(tx: Tx, own_number: str) -> Sequence[Stretch]:
    """Newest first."""
    return past_of(tx, own_number).stretches if own_number else ()


def _letters(tx: Tx, own_number: str, at: datetime) -> list[Letter]:
    """Those that had been signed for the number by then."""
    if not own_number:
        return []
    number = past_of(tx, own_number).number
    rows = [row for row in letters_covering(tx, number.id) if row.signed_at <= at]
    return [read_letter(tx, row.id) for row in rows]


def _texting(tx: Tx, report: Report, text: Message | None, complainant: str, at: datetime) -> Texting:
    party = Parties(tx).of(complainant)
    said = sorted(optouts.changes_of(tx, {party}), key=lambda change: change.order)
    history = History(said, everywhere=optouts.everywhere(tx))
    before = (at, text.serial if text else tx.ledger_size)
    mine = [one for one in said if one.own_number in (report.row.own_number, EVERY_NUMBER)]
    return Texting(mine, history.standing(report.row.own_number, party, before), _first(tx, text))


def _first(tx: Tx, text: Message | None) -> Message | None:
    if text is None:
        return None
    moments = conversation_moments(tx, hashes_of(tx).party(text.others[0]), text.clear.conversation)
    try:
        return read_message(tx, moments[0][1])
    except Damaged:
        return None


def _registered(tx: Tx, report: Report, campaign: str | None, then: Stretch | None) -> Campaign | None:
    """What was named, or else the one that the number was on at that moment."""
    row = campaign_of(tx, report.row, campaign or (then.campaign if then else None))
    return read_campaign(tx, row.id) if row else None


def _campaign_steps(tx: Tx, registered: Campaign | None, at: datetime) -> list[CampaignStep]:
    """What had become of it by then, newest first."""
    return [step for step in steps_of(tx, registered.id) if step.at <= at] if registered else []


def _missing(
    report: Report,
    text: Message | None,
    complainant: str,
    texting: Texting | None,
    then: Stretch | None,
    letters: Sequence[Letter],
    campaign: str | None,
    registered: Campaign | None,
) -> list[str]:
    lacks = {
        "The complainant did not say who they are, so what they said before is not known.": not complainant,
        "No record of a consent that was given in another way than by text is kept in this archive.": True,
        "The complainant never said by text that they may be texted, or may not.": bool(
            texting and not texting.replies
        ),
        "The report names no time.": report.claim is None,
        "The report does not say what the text said.": not report.said.words,
        "The number was not one of the organisation's at that time, as far as the archive knows.": then is None,
        "No Letter of Authorization had been signed here for the number by then.": not letters,
        "The text names no campaign, and neither does the report.": campaign is None,
        "The campaign is not known to this archive, so how it was registered isn't either.": registered is None,
    }
    return [sentence for sentence, lacking in lacks.items() if lacking]
