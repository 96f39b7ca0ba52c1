"""The nightly look at a sample: it finds what was changed where it looks, and says so where people look."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from archive.access.organisations import OrganisationRow
from archive.core.clock import day_of
from archive.health.actions import examine
from archive.scrubbing import ENTRIES, STRETCHES, Scrubbed, _stretches, scrub
from archive.wiring import Archive
from jobs import scrub as scrub_job
from tests.conftest import StandingClock
from tests.holds.ordering import hold, texts
from tests.retention.purging import purged
from tests.segments.restoring import keep
from tests.segments.storing import take_in
from tests.taking_in import trail


def look(archive: Archive, organisation: OrganisationRow) -> Scrubbed:
    return scrub(archive.transactions, archive.vault, organisation, random.Random(1))


def shown(archive: Archive, organisation: OrganisationRow) -> list[tuple[str, str]]:
    """(state, what it says) of the page on health."""
    return [(each.state, each.what) for each in examine(archive, organisation) if each.part == "scrub"]


def path_of(archive: Archive, folder: str) -> Path:
    root: Any = archive.settings.vault
    path: Path = root / archive.vault.names(folder)[0]
    path.chmod(0o600)
    return path


def test_nothing_is_wrong_with_what_is_as_it_was_stored(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    assert shown(archive, organisation) == []
    take_in(archive, organisation, 5)
    keep(archive, organisation)
    done = look(archive, organisation)
    assert (done.objects, done.faults, done.what) == (2, 0, ())
    assert done.entries > 5
    assert shown(archive, organisation) == [("ok", f"nothing was wrong in the sample of {clock():%Y-%m-%d}")]
    assert scrub_job.run(archive)["faults_found"] == 0


@pytest.mark.tampers
def test_a_changed_record_is_named_and_shown(archive: Archive, organisation: OrganisationRow) -> None:
    serials = take_in(archive, organisation, 5)
    with archive.engine.begin() as connection:
        connection.execute(sql("UPDATE message SET direction = 'outbound' WHERE seq = :seq"), {"seq": serials[2]})
    done = look(archive, organisation)
    assert done.faults == 1
    assert done.what[0].startswith(f"#{serials[2]}: ")
    ((state, what),) = shown(archive, organisation)
    assert state == "broken"
    assert f"found 1 faults, the first: #{serials[2]}" in what
    (told,) = trail(archive, organisation, "archive.scrubbed")
    assert told.detail["faults"] == 1


def test_an_object_of_the_vault_that_is_gone_cut_short_or_changed_is_named(
    archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, 3)
    keep(archive, organisation)
    path = path_of(archive, f"{organisation.public_id}/days/")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert "has another size" in look(archive, organisation).what[0]
    path.unlink()
    assert "is gone from the vault" in look(archive, organisation).what[0]
    path.write_bytes(whole.replace(b"message.stored", b"message.st0red", 1))
    assert "its own check sum" in look(archive, organisation).what[0]
    path.write_bytes(whole)
    assert look(archive, organisation).faults == 0


@pytest.mark.tampers
def test_an_entry_that_the_vault_has_otherwise_is_named(archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, 3)
    keep(archive, organisation)
    with archive.engine.begin() as connection:
        connection.execute(sql("UPDATE ledger_entry SET commitment = :other WHERE seq = 2"), {"other": bytes(32)})
    what = look(archive, organisation).what
    assert any("has other entries or records than the database: #2 to #2" in each for each in what)


def test_what_was_purged_is_not_missed(archive: Archive, organisation: OrganisationRow, clock: StandingClock) -> None:
    texts(archive, organisation, {"text": "gone"}, {"text": "refund"})
    hold(archive, organisation, "refund", standing=False)
    keep(archive, organisation)
    purged(archive, organisation, day_of(clock() + timedelta(days=400)))
    keep(archive, organisation)
    assert look(archive, organisation).what == ()


@pytest.mark.parametrize("size", [1, ENTRIES, ENTRIES + 1, 1_000_000])
def test_a_sample_is_within_the_ledger_and_no_part_of_it_twice(size: int) -> None:
    stretches = list(_stretches(size, random.Random(size)))
    assert 0 < len(stretches) <= STRETCHES
    covered = [seq for after, through in stretches for seq in range(after + 1, through + 1)]
    assert len(covered) == len(set(covered)) <= STRETCHES * ENTRIES
    assert min(covered) >= 1
    assert max(covered) <= size
    if size <= STRETCHES * ENTRIES:
        assert len(covered) == size, "all of a small one"
