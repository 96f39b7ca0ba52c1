"""The follower is broken off at every single write, and two run at once: in the end each thing is there once."""

import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.keys.local_kms import make_master_key
from archive.segments import names
from archive.segments.layout import Part
from archive.settings import read_settings
from archive.tx import Transactions
from archive.wiring import Archive, build
from tests.conftest import StandingClock
from tests.segments.crashing import FailingVault, PowerFailure
from tests.segments.storing import SMALL, follower, is_whole, lines_in, take_in


def every_part_is_named_once(archive: Archive, organisation: OrganisationRow) -> bool:
    lines = lines_in(archive, names.ledger_folder(organisation.public_id))
    named = [line.name for line in lines if isinstance(line, Part)]
    return sorted(named) == archive.vault.names(f"{organisation.public_id}/days/")


def three_days_of_texts(archive: Archive, organisation: OrganisationRow, clock: StandingClock) -> None:
    for begin in (1, 4, 7):
        take_in(archive, organisation, 3, begin)
        clock.advance(days=1)


@pytest.mark.parametrize("after", [False, True], ids=["never arrived", "arrived unheard"])
def test_broken_off_at_any_write_one_more_run_completes_it_and_nothing_is_there_twice(
    archive: Archive, clock: StandingClock, after: bool
) -> None:
    crashes = 0
    while True:
        name = f"Broken off {crashes}"
        organisation = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
        three_days_of_texts(archive, organisation, clock)
        failing: Any = FailingVault(archive.vault, crashes + 1, after=after)
        try:
            replace(follower(archive, organisation, SMALL), vault=failing).catch_up()
        except PowerFailure:
            crashes += 1
        else:
            break
        take_in(archive, organisation, 4, begin=10)  # The world goes on before anybody starts it again.
        follower(archive, organisation, SMALL).catch_up()
        assert is_whole(archive, organisation), f"after crash {crashes}"
        assert every_part_is_named_once(archive, organisation), f"after crash {crashes}"
    assert crashes > 4, "a stretch of the ledger at least, and a segment for each of three days"


def test_broken_off_before_the_position_moves_on(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    """All is put, and the database can't be told so."""

    class Forgetful(Transactions):
        def across(self) -> Any:
            raise PowerFailure

    three_days_of_texts(archive, organisation, clock)
    forgetful = Forgetful(archive.engine, archive.keyring, archive.clock)
    with pytest.raises(PowerFailure):
        replace(follower(archive, organisation), transactions=forgetful).catch_up()
    there = archive.vault.names("")
    take_in(archive, organisation, 2, begin=10)
    follower(archive, organisation).catch_up()
    assert set(there) < set(archive.vault.names(""))
    assert is_whole(archive, organisation)
    assert every_part_is_named_once(archive, organisation)


def test_several_at_once_put_everything_once(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    for begin in range(1, 100, 20):
        take_in(archive, organisation, 20, begin)
        clock.advance(days=1)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: follower(archive, organisation, SMALL).catch_up(), range(4)))
    assert is_whole(archive, organisation)
    assert every_part_is_named_once(archive, organisation)


FOLLOWER = """
import sys
from archive.access.organisations import find_organisation
from archive.safekeeping import contents
from archive.segments.days import Limits
from archive.segments.follower import Follower
from archive.settings import read_settings
from archive.wiring import build
import os

archive = build(read_settings({"TEXTARCHIVE_DATA": sys.argv[1]}))
with archive.transactions.glance() as session:
    organisation = find_organisation(session, None)
fsync = os.fsync
def telling(descriptor):
    print("sync", flush=True)
    fsync(descriptor)
os.fsync = telling
Follower(archive.transactions, archive.vault, organisation, contents(), Limits(object=4_000, window=20_000)).catch_up()
print("done", flush=True)
"""


def test_killed_at_any_moment_it_loses_and_doubles_nothing(tmp_path: Path, sqlite_template: Path) -> None:
    settings = read_settings({"TEXTARCHIVE_DATA": str(tmp_path)})
    make_master_key(settings.master_key_file)
    shutil.copy(sqlite_template, tmp_path / "archive.db")
    archive = build(settings)
    organisation = create_organisation(archive.transactions, "Killed", OPERATOR, settings.public_url)
    take_in(archive, organisation, 300)
    dice, kills = random.Random(1), 0
    for _ in range(6):
        command = [sys.executable, "-c", FOLLOWER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for _ in range(dice.randrange(1, 60)):
                if process.stdout.readline() == "done\n":
                    break
            else:
                kills += 1
            process.kill()
    assert kills > 3
    follower(archive, organisation, SMALL).catch_up()
    assert is_whole(archive, organisation)
    assert every_part_is_named_once(archive, organisation)
    archive.engine.dispose()
