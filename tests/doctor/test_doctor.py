from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.clock import system_clock
from archive.core.errors import BadInput, NotReady
from archive.doctor import Finding, examine
from archive.keys import recovery
from archive.ledger.entry import Event
from archive.safekeeping import keep_up
from archive.scrubbing import Scrubbed
from archive.settings import Bucket
from archive.wiring import Archive, build, read_master
from tests.object_store import ObjectStore


class Noted(Event, frozen=True, kw_only=True):
    kind = "test.noted"


def _found(findings: list[Finding], part: str) -> list[Finding]:
    return [finding for finding in findings if finding.part == part]


@pytest.fixture
def now_archive(archive: Archive, organisation: OrganisationRow, clock) -> Archive:  # type: ignore[no-untyped-def]
    """The doctor compares clocks, so this archive's stands at the real time."""
    clock.now = system_clock()
    return archive


def test_a_healthy_archive_has_nothing_broken(now_archive: Archive) -> None:
    findings = examine(now_archive)
    assert {finding.part for finding in findings} == {
        "database",
        "keys",
        "ledger",
        "vault",
        "index",
        "completeness",
        "clock",
        "jobs",
    }
    assert [finding for finding in findings if finding.state == "broken"] == []


def test_what_the_nightly_sample_has_found_is_told(now_archive: Archive, organisation: OrganisationRow) -> None:
    said = Scrubbed(entries=7, objects=2, faults=1, what=("#3: a clear column was changed",))
    with now_archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.record(said)
    (finding,) = _found(examine(now_archive), "scrub")
    assert finding.state == "broken"
    assert finding.what.startswith("Harbour Wealth: ")
    assert "#3: a clear column was changed" in finding.what
    assert "textarchive verify" in finding.next_step


def test_it_nags_until_somebody_has_shown_the_recovery_copy(now_archive: Archive) -> None:
    assert "recovery" in _found(examine(now_archive), "keys")[1].what
    master = read_master(now_archive.settings)
    assert master
    with now_archive.transactions.across() as session:
        recovery.confirm(session, master, recovery.printable(master), now_archive.clock())
    assert [finding.state for finding in _found(examine(now_archive), "keys")] == ["ok"]


def test_a_wrong_copy_is_not_taken(now_archive: Archive) -> None:
    master = read_master(now_archive.settings)
    assert master
    with pytest.raises(BadInput), now_archive.transactions.across() as session:
        recovery.confirm(session, master, "00" * 32, now_archive.clock())
    with pytest.raises(NotReady), now_archive.transactions.across() as session:
        recovery.confirm(session, master, "not a key", now_archive.clock())


def test_another_master_key_is_found_out(now_archive: Archive, clock) -> None:  # type: ignore[no-untyped-def]
    path = now_archive.settings.master_key_file
    path.write_text("ab" * 32)
    other = build(now_archive.settings, clock=clock)
    assert _found(examine(other), "keys")[0].state == "broken"
    other.engine.dispose()


def test_clocks_that_disagree_are_broken(now_archive: Archive, clock) -> None:  # type: ignore[no-untyped-def]
    clock.now -= timedelta(minutes=10)
    assert _found(examine(now_archive), "clock")[0].state == "broken"


def test_a_vault_with_another_clock_is_told(now_archive: Archive) -> None:
    class Late:
        def __getattr__(self, name: str) -> Any:
            return getattr(now_archive.vault, name)

        def now(self) -> datetime:
            return now_archive.clock() - timedelta(minutes=3)

    late: Any = Late()
    finding = _found(examine(replace(now_archive, vault=late)), "clock")[0]
    assert (finding.state, "differs from the vault's by 0:03:00" in finding.what) == ("broken", True)


def test_entries_that_wait_too_long_for_a_checkpoint_are_told(
    now_archive: Archive, organisation: OrganisationRow, clock
) -> None:  # type: ignore[no-untyped-def]
    with now_archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.record(Noted())
    clock.now += timedelta(minutes=6)
    assert _found(examine(now_archive), "ledger")[0].state == "warning"


def test_a_vault_that_is_behind_is_told(now_archive: Archive, organisation: OrganisationRow, clock) -> None:  # type: ignore[no-untyped-def]
    keep_up(now_archive.transactions, now_archive.vault, now_archive.keys_backup, organisation)
    with now_archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.record(Noted())
    assert [finding.state for finding in _found(examine(now_archive), "vault")] == ["ok", "ok"]
    clock.now += timedelta(minutes=11)
    place, standing = _found(examine(now_archive), "vault")
    assert (place.state, standing.state) == ("ok", "warning")
    assert "entries behind, for 11 minutes" in standing.what
    keep_up(now_archive.transactions, now_archive.vault, now_archive.keys_backup, organisation)
    assert _found(examine(now_archive), "vault")[1].state == "ok"


def test_a_vault_that_can_not_be_written_is_broken_and_says_why(
    now_archive: Archive, organisation: OrganisationRow
) -> None:
    class Away:
        def __getattr__(self, name: str) -> Any:
            return getattr(now_archive.vault, name)

        def put_new(self, *_: Any, **__: Any) -> bool:
            raise NotReady("The object store is away.")

    away: Any = Away()
    with pytest.raises(NotReady):
        keep_up(now_archive.transactions, away, now_archive.keys_backup, organisation)
    finding = _found(examine(now_archive), "vault")[1]
    assert finding.state == "broken"
    assert "The object store is away." in finding.what


def test_a_store_that_does_not_lock_and_a_copy_of_the_keys_with_a_past_are_broken(
    now_archive: Archive, object_store: ObjectStore
) -> None:
    free, locking = object_store.new_bucket(locking=False), object_store.new_bucket()
    profiles = dict.fromkeys(
        [f"vault_{role}_profile" for role in ("ingest", "hold", "purge", "audit")] + ["keys_backup_profile"], "ingest"
    )
    careless = replace(
        now_archive.settings,
        vault=Bucket(free),
        keys_backup=Bucket(locking),
        s3_endpoint=object_store.endpoint,
        **profiles,
    )
    built = build(careless, clock=now_archive.clock)
    lock, past, *_ = _found(examine(built), "vault")
    assert (lock.state, past.state) == ("broken", "broken")
    assert "is not immutable" in lock.what
    assert "no purge is ever final" in past.what
    built.engine.dispose()
