"""Wherever a purge is broken off, running it once more finishes it, with one certificate."""

import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.retention.purge import Clocks, run_due
from archive.search.actions import search
from archive.segments import names
from archive.segments.layout import Record, read_segment
from archive.wiring import Archive
from tests.items import read_back
from tests.retention.crashing import Crash, Points
from tests.retention.evening import EVENING, Prepared, evening, only, points_of, prepared, run_mortal
from tests.retention.purging import DAY, batch, certificate_of, verified
from tests.taking_in import trail

__all__ = ["prepared"]


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
        folders = (names.held_folders(organisation.public_id), f"{organisation.public_id}/days/")
        for version in [each for folder in folders for each in archive.vault.versions(folder)]:
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
