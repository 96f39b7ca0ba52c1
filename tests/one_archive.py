"""One archive for a whole module, and an organisation of its own for each test: making a database is what takes long.

A module imports these fixtures, which then stand in place of those that make a database for each test.
"""

import itertools
from collections.abc import Iterator

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.keys.local_kms import make_master_key
from archive.settings import read_settings
from archive.wiring import Archive, build
from tests.conftest import DATABASES, StandingClock, new_database

_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=DATABASES)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("one")
    with new_database(request, request.param, folder) as address:
        settings = read_settings({"TEXTARCHIVE_DATA": str(folder / "data"), "TEXTARCHIVE_DATABASE_URL": address})
        make_master_key(settings.master_key_file)
        made = build(settings, clock=StandingClock())
        yield made
        made.engine.dispose()


@pytest.fixture
def clock(archive: Archive) -> StandingClock:
    """Set back to where it starts."""
    clock = archive.clock
    assert isinstance(clock, StandingClock)
    clock.now = StandingClock().now
    return clock


@pytest.fixture
def organisation(archive: Archive, clock: StandingClock) -> OrganisationRow:
    name = f"Organisation {next(_numbers)}"
    return create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
