"""The evening of a purge, prepared once for a module, and a copy of it for each test that breaks the purge off."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow, create_organisation, list_organisations
from archive.core.actor import OPERATOR
from archive.keys.local_kms import make_master_key
from archive.retention.model import Scope
from archive.retention.period import Period
from archive.retention.policies import add_policy
from archive.retention.purge import carry_out
from archive.safekeeping import keep_up
from archive.search.follower import catch_up
from archive.settings import Settings, read_settings
from archive.wiring import Archive, build
from tests.conftest import DATABASES, StandingClock, copy_database, new_database
from tests.holds.ordering import hold, release, texts
from tests.items import take_in
from tests.retention.crashing import Points, mortal
from tests.retention.purging import DAY, clock_of, go_to, planned, purge_time, run

LONGER = "+12125550199"
EVENING = DAY + timedelta(days=1)


@dataclass(frozen=True)
class Prepared:
    """An archive on the evening of a purge: what is to go, what is held, what a longer policy keeps, and what a hold
    had kept from the batch of the day before, that was released since.
    """

    kind: str
    address: str
    data: Path
    going: list[int]
    held: int
    longer: int
    released: int
    item: int


@pytest.fixture(scope="module", params=DATABASES)
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder = tmp_path_factory.mktemp("prepared")
    with new_database(request, request.param, folder) as address:
        settings = settings_of(folder / "data", address)
        make_master_key(settings.master_key_file)
        archive = build(settings, clock=StandingClock())
        try:
            yield _prepare(archive, request.param, address)
        finally:
            archive.engine.dispose()


def settings_of(data: Path, address: str) -> Settings:
    return read_settings({"TEXTARCHIVE_DATA": str(data), "TEXTARCHIVE_DATABASE_URL": address})


def _prepare(archive: Archive, kind: str, address: str) -> Prepared:
    organisation = create_organisation(archive.transactions, "Harbour Wealth", OPERATOR, archive.settings.public_url)
    (released,) = texts(archive, organisation, {"text": "a rebate"})
    clock_of(archive).advance(days=1)
    going = texts(archive, organisation, *({"text": f"going number{at}"} for at in range(5)))
    held, longer = texts(archive, organisation, {"text": "a refund"}, {"text": "kept", "to": [LONGER]})
    (item,) = take_in(archive, organisation.id, b"{broken")
    assert item.serial
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, Scope(number=LONGER), Period(years=3))
    hold(archive, organisation, "refund", standing=False)
    placed = hold(archive, organisation, "rebate", standing=False)
    catch_up(archive.transactions, archive.index, organisation.id)
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)
    planned(archive, organisation, DAY)
    planned(archive, organisation, EVENING)
    go_to(archive, purge_time(DAY))
    run(archive, organisation)
    release(archive, organisation, placed.hold_id)
    archive.engine.dispose()
    return Prepared(kind, address, archive.settings.data, going, held, longer, released, item.serial)


@contextmanager
def evening(request: pytest.FixtureRequest, prepared: Prepared, folder: Path) -> Iterator[Archive]:
    """A copy of it, at the moment at which the batch begins."""
    shutil.copytree(prepared.data, folder / "data", ignore=shutil.ignore_patterns("archive.db*"))
    with copy_database(request, prepared.address, folder) as address:
        archive = build(settings_of(folder / "data", address), clock=StandingClock(purge_time(EVENING)))
        try:
            yield archive
        finally:
            archive.engine.dispose()


def only(archive: Archive) -> OrganisationRow:
    with archive.transactions.glance() as session:
        return list_organisations(session)[0]


def run_mortal(archive: Archive, point: Points) -> None:
    carry_out(mortal(archive, point), only(archive), EVENING.isoformat())


def points_of(request: pytest.FixtureRequest, prepared: Prepared, folder: Path) -> list[str]:
    with evening(request, prepared, folder) as archive:
        run_mortal(archive, point := Points())
    return point.passed
