"""A year and more, lived through: texts come in, time passes, plans are made and carried out."""

from datetime import date, datetime, timedelta

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.clock import day_of
from archive.ledger.checkpoints import signer
from archive.ledger.note import VerifierKey
from archive.ledger.report import Report
from archive.proving import verify_organisation
from archive.retention.batch import SETTLING, Batch, end_of
from archive.retention.batches import all_batches, read_batch
from archive.retention.certificate import Certificate, check
from archive.retention.planning import plan_batches
from archive.retention.purge import Clocks, Ran, run_due
from archive.wiring import Archive
from tests.conftest import StandingClock

START = StandingClock().now
"""When texts come in; they go 400 days later."""

DAY = day_of(START + timedelta(days=400))


def clock_of(archive: Archive) -> StandingClock:
    assert isinstance(archive.clock, StandingClock)
    return archive.clock


def go_to(archive: Archive, moment: datetime) -> None:
    clock = clock_of(archive)
    assert moment >= clock.now, "time does not run backward"
    clock.now = moment


def plan_time(day: date = DAY) -> datetime:
    """Noon, a week before a day."""
    return end_of(day) - timedelta(days=7, hours=12)


def purge_time(day: date = DAY) -> datetime:
    return end_of(day) + SETTLING


def plan(archive: Archive, organisation: OrganisationRow) -> list[Batch]:
    return plan_batches(archive.transactions, organisation.id)


def run(archive: Archive, organisation: OrganisationRow) -> Ran:
    return run_due(archive, organisation, Clocks(archive.clock()))


def planned(archive: Archive, organisation: OrganisationRow, day: date = DAY) -> list[Batch]:
    """The plans that are made a week before a day."""
    go_to(archive, plan_time(day))
    return plan(archive, organisation)


def purged(archive: Archive, organisation: OrganisationRow, day: date = DAY) -> Ran:
    """Planned in time, and carried out when the day is over."""
    planned(archive, organisation, day)
    go_to(archive, purge_time(day))
    return run(archive, organisation)


def batch(archive: Archive, organisation: OrganisationRow, batch_id: str = DAY.isoformat()) -> Batch:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return read_batch(tx, batch_id)


def batches(archive: Archive, organisation: OrganisationRow) -> list[Batch]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return all_batches(tx)


def verified(archive: Archive, organisation: OrganisationRow) -> Report:
    return verify_organisation(archive.transactions, archive.vault, organisation)


def public_key(archive: Archive, organisation: OrganisationRow) -> VerifierKey:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return signer(tx, organisation.origin).public


def certificate_of(archive: Archive, organisation: OrganisationRow, done: Batch) -> Certificate:
    """Checked as a stranger would, with nothing but the public key."""
    assert done.certificate is not None
    return check(done.certificate, public_key(archive, organisation))
