"""Reports, and texts that they may be about, for tests of the slice."""

from datetime import datetime, timedelta
from typing import Any

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.spam.finding import compare_new
from archive.spam.model import Claim, NewReport, Said, Source
from archive.spam.reading import Report, read_report
from archive.spam.recording import Taken, take_report
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.taking_in import OTHER, OWN, take_in, text

NOW = StandingClock().now
SENT = datetime.fromisoformat("2026-11-20T12:00:00Z")
"""When text number 0 of `tests.taking_in` was sent; each further one a minute later."""

WORDS = "Your parcel is waiting. Pay the small fee of $2 today!"
OUT = {"direction": "outbound", "from": OWN, "to": [OTHER]}


def sent(archive: Archive, organisation: OrganisationRow, *texts: tuple[int, str], **more: Any) -> list[int]:
    """Texts of ours, as (minute, words), to the complainant unless `more` says otherwise."""
    return take_in(archive, organisation, [text(minute, words, **{**OUT, **more}) for minute, words in texts])


def told(
    reporter: str = OTHER, words: str = WORDS, minute: int | None = 0, source: Source = Source.API, **more: Any
) -> NewReport:
    at = None if minute is None else SENT + timedelta(minutes=minute)
    claim = Claim(at, at + timedelta(minutes=1)) if at else None
    return NewReport(source, OWN, Said(reporter, words=words), claim, **more)


def take(archive: Archive, organisation: OrganisationRow, report: NewReport) -> Taken:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return take_report(tx, report)


def taken(archive: Archive, organisation: OrganisationRow, report: NewReport) -> str:
    return take(archive, organisation, report).report_id


def compared(archive: Archive, organisation: OrganisationRow, report: NewReport) -> Report:
    """Taken in and compared with what is here, as the job does it."""
    report_id = taken(archive, organisation, report)
    compare_new(archive.transactions, organisation.id)
    return read(archive, organisation, report_id)


def read(archive: Archive, organisation: OrganisationRow, report_id: str) -> Report:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return read_report(tx, report_id)
