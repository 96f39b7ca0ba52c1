"""Wherever a purge is and the database is lost: what had begun to go does not come back, and what is held does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from archive.core.actor import OPERATOR
from archive.holds.checking import hold_faults
from archive.holds.store import holds_over
from archive.messages.store import count_messages
from archive.retention.batch import State
from archive.retention.planning import plan_batches
from archive.retention.purge import Clocks, run_due
from archive.safekeeping import keep_up, restore
from archive.wiring import Archive, build
from tests.conftest import new_database
from tests.items import read_back
from tests.retention.crashing import Crash, Points
from tests.retention.evening import Prepared, evening, only, points_of, prepared, run_mortal
from tests.retention.purging import batches, clock_of, verified

__all__ = ["prepared"]


@contextmanager
def restored(request: pytest.FixtureRequest, lost: Archive, folder: Path) -> Iterator[Archive]:
    """From the vault and the copy of the keys alone."""
    (folder / "restored").mkdir()
    with new_database(request, lost.engine.dialect.name, folder / "restored") as address:
        settings = replace(lost.settings, data=folder / "restored" / "data", database_url=address)
        made = build(settings, clock=lost.clock)
        try:
            restore(made.transactions, made.vault, made.keys_backup)
            yield made
        finally:
            made.engine.dispose()


def demand_sound(archive: Archive, kept: dict[int, str], held: int, where: str) -> None:
    organisation = only(archive)
    texts = {serial: read_back(archive, organisation.id, serial).content.text for serial in kept}
    assert texts == kept, where
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert list(hold_faults(tx)) == [], where
        assert list(holds_over(tx, list(kept))) == [held], where
    assert verified(archive, organisation).faults == [], where


def live_on(archive: Archive) -> None:
    """Nine days go by, on each of them what is due is planned and carried out."""
    organisation = only(archive)
    for _ in range(10):
        ran = run_due(archive, organisation, Clocks(archive.clock()))
        assert ran.unfinished == {}
        plan_batches(archive.transactions, organisation.id)
        clock_of(archive).advance(days=1)


def count(archive: Archive) -> int:
    with archive.transactions.read(only(archive).id, OPERATOR) as tx:
        return count_messages(tx)


@pytest.mark.slow
def test_lost_at_any_point_of_a_purge_it_comes_back_sound_and_the_purge_is_finished(
    request: pytest.FixtureRequest, prepared: Prepared, tmp_path: Path
) -> None:
    points = points_of(request, prepared, tmp_path / "whole")
    for at in range(1, len(points) + 1, 3 if prepared.kind == "sqlite" else 12):
        with evening(request, prepared, tmp_path / str(at)) as archive:
            keep_up(archive.transactions, archive.vault, archive.keys_backup, only(archive))
            with pytest.raises(Crash):
                run_mortal(archive, Points(at))
            with restored(request, archive, tmp_path / str(at)) as back:
                where = f"point {at}, {points[at - 1]}"
                kept = {prepared.held: "a refund", prepared.longer: "kept"}
                demand_sound(back, {**kept, prepared.released: "a rebate"}, prepared.held, where)
                assert count(back) in {3, 8}, where
                assert all(batch.state is not State.PLANNED for batch in batches(back, only(back))), where
                live_on(back)
                demand_sound(back, kept, prepared.held, where)
                assert count(back) == 2, "and the released one has had its week"
