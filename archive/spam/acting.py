"""What is done because of a report, beyond the report: the number is suspended, its campaign
paused, the complainant not texted again.
"""

from archive.campaigns.levels import State as Running
from archive.campaigns.settling import levels_now
from archive.campaigns.steering import pause
from archive.core import phone
from archive.core.errors import Conflict, NotFound
from archive.numbers.actions import set_state
from archive.numbers.model import NumberState
from archive.numbers.moves import move_between
from archive.numbers.store import number_by_e164
from archive.optouts.managing import add_opt_out
from archive.optouts.reading import list_opt_outs
from archive.spam.campaign import campaign_of
from archive.spam.events import SpamActed
from archive.spam.reading import Report, read_report
from archive.tx import Tx

SUSPENDED, OPTED_OUT, PAUSED = "number-suspended", "opted-out", "campaign-paused"


def possible(tx: Tx, report: Report) -> list[str]:
    """The actions that would change something now."""
    found = []
    number = number_by_e164(tx, report.row.own_number) if report.row.own_number else None
    if number and move_between(NumberState(number.state), NumberState.SUSPENDED):
        found.append(SUSPENDED)
    if report.said.reporter and not _opted_out(tx, report):
        found.append(OPTED_OUT)
    campaign = campaign_of(tx, report.row)
    if campaign and levels_now(tx, campaign.id).own is Running.RUNNING:
        found.append(PAUSED)
    return found


def suspend_number(tx: Tx, report_id: str) -> None:
    """Raises `Conflict` for a number that may not text anyway."""
    report = read_report(tx, report_id)
    number = number_by_e164(tx, report.row.own_number) if report.row.own_number else None
    if number is None:
        raise NotFound("The report is about no number of the organisation's.", "Look at its campaign.")
    if number.state == NumberState.SUSPENDED:
        raise Conflict(f"{phone.display(number.e164)} is suspended already.", "There is nothing to do.")
    set_state(tx, number.id, NumberState.SUSPENDED, f"Spam report {report_id}")
    tx.record(SpamActed(subject=report_id, action=SUSPENDED))


def pause_campaign(tx: Tx, report_id: str) -> None:
    """None of its numbers may text until somebody lets it go on."""
    campaign = campaign_of(tx, read_report(tx, report_id).row)
    if campaign is None:
        raise NotFound("The report is about no campaign that is known here.", "Suspend the number.")
    if levels_now(tx, campaign.id).own is not Running.RUNNING:
        raise Conflict(f"The campaign {campaign.name} is paused already.", "There is nothing to do.")
    pause(tx, campaign.id, f"Spam report {report_id}")
    tx.record(SpamActed(subject=report_id, action=PAUSED))


def opt_out_reporter(tx: Tx, report_id: str) -> None:
    """From when they complained on: that is when they said that they want no more (47 CFR 64.1200(a)(10))."""
    report = read_report(tx, report_id)
    if not report.said.reporter:
        raise Conflict("The report does not say who complains.", "Add an opt-out by hand once you know.")
    at, note = report.row.received_at, f"Spam report {report_id}"
    add_opt_out(tx, report.said.reporter, own_number=report.row.own_number, note=note, said_at=at)
    tx.record(SpamActed(subject=report_id, action=OPTED_OUT))


def _opted_out(tx: Tx, report: Report) -> bool:
    numbers = {one.own_number for one in list_opt_outs(tx, report.said.reporter)}
    return bool(numbers & {report.row.own_number, ""})


ACTIONS = {SUSPENDED: suspend_number, OPTED_OUT: opt_out_reporter, PAUSED: pause_campaign}
