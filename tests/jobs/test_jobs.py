import os
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import NotReady
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.ledger import store
from archive.runs import store as runs
from archive.search.actions import search
from archive.setting_up import set_up_organisation
from archive.wiring import Archive
from jobs import checkpoints, index, segments
from jobs.schedule import JOBS
from tests.conftest import StandingClock

TEXT = (
    b'{"provider":"twilio","provider_id":"SM1","direction":"inbound","from":"+14155550188",'
    b'"to":["+12125550123"],"text":"the heron stands in the reeds"}'
)


def _receive(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        receive(tx, [arrival(TEXT, tx.now, "api")])


def test_the_index_job_makes_new_texts_findable(archive: Archive, organisation: OrganisationRow) -> None:
    _receive(archive, organisation)
    assert index.has_work(archive)
    assert index.run(archive) == {"texts_indexed": 1}
    assert search(archive, organisation.id, OPERATOR, "heron").count == 1
    assert index.run(archive) == {"texts_indexed": 0}
    assert not index.has_work(archive)


def test_the_checkpoint_job_signs_what_is_new_and_keeps_a_copy_out_of_the_database(
    archive: Archive, organisation: OrganisationRow
) -> None:
    _receive(archive, organisation)
    assert checkpoints.has_work(archive)
    assert checkpoints.run(archive) == {"checkpoints_signed": 1}
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        newest = store.newest_checkpoint(tx.session)
        assert newest is not None
        assert newest.size == tx.ledger_size
    (copy,) = archive.vault.names(f"{organisation.public_id}/checkpoints/")
    assert archive.vault.get(copy).decode() == newest.note
    assert checkpoints.run(archive) == {"checkpoints_signed": 0}
    assert not checkpoints.has_work(archive)


def test_a_lost_copy_is_made_again(archive: Archive, organisation: OrganisationRow) -> None:
    checkpoints.run(archive)
    (copy,) = archive.vault.names(f"{organisation.public_id}/checkpoints/")
    (archive.settings.vault / copy).unlink()
    checkpoints.run(archive)
    assert archive.vault.names(f"{organisation.public_id}/checkpoints/") == [copy]


def test_the_segments_job_puts_what_has_waited_into_the_vault_and_the_keys_beside_it(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    _receive(archive, organisation)
    assert segments.run(archive) == {"objects_put": 0}
    clock.advance(minutes=3)
    assert segments.run(archive) == {"objects_put": 2}
    assert len(archive.vault.names(f"{organisation.public_id}/days/")) == 1
    assert len(archive.vault.names(f"{organisation.public_id}/state/")) == 1, "with the small tables of that moment"
    assert archive.keys_backup.names() == [f"{organisation.public_id}.keys"]


def test_what_keeps_one_organisation_out_of_the_vault_keeps_no_other(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    other = set_up_organisation(archive, "Second", "somebody@example.com").row
    for each in (organisation, other):
        _receive(archive, each)
    clock.advance(minutes=5)

    class HalfAway:
        def __getattr__(self, name: str) -> Any:
            return getattr(archive.vault, name)

        def put_new(self, name: str, *args: Any, **more: Any) -> bool:
            if name.startswith(organisation.public_id):
                raise NotReady("The object store is away.")
            return archive.vault.put_new(name, *args, **more)

    half_away: Any = HalfAway()
    with pytest.raises(NotReady):
        segments.run(replace(archive, vault=half_away))
    assert archive.vault.names(f"{other.public_id}/days/")
    assert not archive.vault.names(f"{organisation.public_id}/days/")


def test_the_scheduler_ends_when_its_parent_is_gone(archive: Archive) -> None:
    """Its parent is said to be a process that it never was: it must find that out by itself."""
    set_up_organisation(archive, "Second", "somebody@example.com")
    environment = {
        **os.environ,
        "TEXTARCHIVE_DATA": str(archive.settings.data),
        "TEXTARCHIVE_DATABASE_URL": archive.settings.database_url,
    }
    ended = subprocess.run(
        [sys.executable, "-m", "archive", "jobs", "start", "--parent", "1"],
        env=environment,
        timeout=60,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0


def test_two_schedulers_share_the_work_and_end_when_they_are_told_to(
    archive: Archive, organisation: OrganisationRow
) -> None:
    """As `textarchive jobs start` runs them, by the real clock."""
    environment = {
        **os.environ,
        "TEXTARCHIVE_DATA": str(archive.settings.data),
        "TEXTARCHIVE_DATABASE_URL": archive.settings.database_url,
    }
    command = [sys.executable, "-m", "archive", "jobs", "start"]
    _receive(archive, organisation)
    two = [subprocess.Popen(command, env=environment) for _ in range(2)]
    try:
        end = time.monotonic() + 60
        while not _all_good(archive):
            assert time.monotonic() < end, "not every job was carried out"
            time.sleep(0.05)
    finally:
        for process in two:
            process.terminate()
        codes = [process.wait(60) for process in two]
    assert codes == [0, 0]
    assert archive.index.texts(organisation.id) == 1
    with archive.transactions.glance() as session:
        states, last = runs.all_states(session), runs.last_runs(session)
    assert {(state.failed, state.lost) for state in states} == {(0, 0)}
    assert (last["index"].counts, last["checkpoints"].counts) == ({"texts_indexed": 1}, {"checkpoints_signed": 1})


def _all_good(archive: Archive) -> bool:
    with archive.transactions.glance() as session:
        states = runs.all_states(session)
    return {state.job for state in states if state.good_at} == {job.name for job in JOBS}
