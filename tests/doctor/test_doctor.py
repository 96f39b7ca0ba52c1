from datetime import timedelta

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.clock import system_clock
from archive.core.errors import BadInput, NotReady
from archive.doctor import Finding, examine
from archive.keys import recovery
from archive.ledger.entry import Event
from archive.wiring import Archive, build, read_master


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
    assert {finding.part for finding in findings} == {"database", "keys", "ledger", "vault", "index", "clock", "jobs"}
    assert [finding for finding in findings if finding.state == "broken"] == []


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


def test_entries_that_wait_too_long_for_a_checkpoint_are_told(
    now_archive: Archive, organisation: OrganisationRow, clock
) -> None:  # type: ignore[no-untyped-def]
    with now_archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.record(Noted())
    clock.now += timedelta(minutes=6)
    assert _found(examine(now_archive), "ledger")[0].state == "warning"
