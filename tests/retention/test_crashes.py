"""Wherever a purge is broken off, running it once more finishes it, with one certificate."""

import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow, create_organisation, list_organisations
from archive.core.actor import OPERATOR
from archive.keys.local_kms import make_master_key
from archive.retention.model import Scope
from archive.retention.period import Period
from archive.retention.policies import add_policy
from archive.retention.purge import Clocks, carry_out, run_due
from archive.safekeeping import keep_up
from archive.search.actions import search
from archive.search.follower import catch_up
from archive.segments import names
from archive.segments.layout import Record, read_segment
from archive.settings import Settings, read_settings
from archive.wiring import Archive, build
from tests.conftest import DATABASES, StandingClock, copy_database, new_database
from tests.holds.ordering import hold, release, texts
from tests.items import read_back, take_in
from tests.retention.crashing import Crash, Points, mortal
from tests.retention.purging import DAY, batch, certificate_of, clock_of, go_to, planned, purge_time, run, verified
from tests.taking_in import trail

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
        settings = _settings(folder / "data", address)
        make_master_key(settings.master_key_file)
        archive = build(settings, clock=StandingClock())
        try:
            yield _prepare(archive, request.param, address)
        finally:
            archive.engine.dispose()


def _settings(data: Path, address: str) -> Settings:
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
        archive = build(_settings(folder / "data", address), clock=StandingClock(purge_time(EVENING)))
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


def demand_finished(archive: Archive, prepared: Prepared) -> None:
    """All that has to be true in the end, whatever happened on the way."""
    organisation = only(archive)
    done = batch(archive, organisation, EVENING.isoformat())
    assert done.destroyed == sorted([*prepared.going, prepared.item])
    certificate = certificate_of(archive, organisation, done)
    assert (certificate.destroyed.texts, certificate.destroyed.items) == (5, 1)
    assert [key.purpose for key in certificate.keys] == ["day", "hold"]
    subjects = [f"batch:{EVENING}", f"batch:{DAY}"]
    assert [entry.subject for entry in trail(archive, organisation, "purge.certified")] == subjects
    assert [entry.subject for entry in trail(archive, organisation, "purge.begun")] == subjects
    kept = {prepared.held: "a refund", prepared.longer: "kept", prepared.released: "a rebate"}
    assert {serial: read_back(archive, organisation.id, serial).content.text for serial in kept} == kept
    assert [hit.message.serial for hit in search(archive, organisation.id, OPERATOR, "rebate").hits] == [
        prepared.released
    ]
    assert search(archive, organisation.id, OPERATOR, "going").count == 0
    assert archive.vault.versions(names.day_folder(organisation.public_id, EVENING.isoformat())) == []
    assert _in_vault(archive, organisation) == dict.fromkeys(kept, True)
    assert verified(archive, organisation).faults == []


def _in_vault(archive: Archive, organisation: OrganisationRow) -> dict[int, bool]:
    """Serials that the vault has been given because they stay → whether each copy is under a key that lives."""
    found: dict[int, bool] = {}
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        for version in archive.vault.versions(names.held_folders(organisation.public_id)):
            for line in read_segment(version.name, archive.vault.get(version.name)):
                if isinstance(line, Record):
                    key = tx.keyring.by_id(tx.session, tx.org_id, line.key_id)
                    found[line.seq] = found.get(line.seq, True) and key is not None
    return found


@pytest.mark.slow
def test_a_crash_at_any_point_is_made_good_by_one_more_run(
    request: pytest.FixtureRequest, prepared: Prepared, tmp_path: Path
) -> None:
    points = points_of(request, prepared, tmp_path / "whole")
    assert len(points) > 60
    # A database is copied for each on PostgreSQL, which takes longer, so there it is every fourth.
    for at in range(1, len(points) + 1, 1 if prepared.kind == "sqlite" else 4):
        with evening(request, prepared, tmp_path / str(at)) as archive:
            with pytest.raises(Crash):
                run_mortal(archive, Points(at))
            where = f"point {at}, {points[at - 1]}"
            assert verified(archive, only(archive)).faults == [], where
            assert read_back(archive, only(archive).id, prepared.held).content.text == "a refund", where
            ran = run_due(archive, only(archive), Clocks(archive.clock()))
            assert ran.unfinished == {}, where
            demand_finished(archive, prepared)


def test_crashes_one_after_the_other_are_made_good_too(
    request: pytest.FixtureRequest, prepared: Prepared, tmp_path: Path
) -> None:
    choose = random.Random(20261125)
    for round_ in range(4):
        with evening(request, prepared, tmp_path / str(round_)) as archive:
            for _ in range(4):
                try:
                    run_mortal(archive, Points(choose.randrange(1, 60)))
                except Crash:
                    continue
            run_due(archive, only(archive), Clocks(archive.clock()))
            demand_finished(archive, prepared)


def test_any_number_of_purgers_at_once_make_one_certificate(
    request: pytest.FixtureRequest, prepared: Prepared, tmp_path: Path
) -> None:
    """Each is told of what another one is doing at that moment (the index is being written), or finds it done."""
    for round_ in range(3):
        with evening(request, prepared, tmp_path / str(round_)) as archive:
            work = partial(run_due, archive, only(archive), Clocks(archive.clock()))
            with ThreadPoolExecutor(4) as pool:
                for running in [pool.submit(work) for _ in range(4)]:
                    running.result()
            for _ in range(3):  # Whoever was told that somebody else was at it comes again.
                work()
            demand_finished(archive, prepared)
