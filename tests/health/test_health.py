"""The quick look at every part: what it says, to whom, and that one broken part hides no other."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.clock import DAY, system_clock
from archive.health import model
from archive.health.actions import confirm_clock, examine, figures, is_alone
from archive.health.model import Finding
from archive.keys import recovery
from archive.keys.local_kms import make_master_key
from archive.ledger.trail import Wanted, read_trail
from archive.proving import checkpoint_folder, sign_and_keep
from archive.pulling.model import Ended, Run, Standing
from archive.runs import clock_store
from archive.runs.actions import look_at_clocks
from archive.runs.clocks import ClocksDisagree, clocks_agree
from archive.runs.model import Duty, JobState, Outcome
from archive.search.follower import catch_up
from archive.wiring import Archive, build, read_master
from tests.conftest import StandingClock
from tests.items import line, take_in

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def now_archive(archive: Archive, clock: StandingClock) -> Archive:
    """The database's clock is compared, so this archive's stands at the real time."""
    clock.now = system_clock()
    return archive


@pytest.fixture
def organisation(now_archive: Archive) -> OrganisationRow:
    return create_organisation(now_archive.transactions, "Harbour Wealth", OPERATOR, "http://x.example")


def part(findings: list[Finding], name: str) -> list[Finding]:
    return [finding for finding in findings if finding.part == name]


def test_a_new_archive_is_in_order_but_for_what_somebody_has_to_do(
    now_archive: Archive, organisation: OrganisationRow
) -> None:
    findings = examine(now_archive, organisation)
    assert [finding.part for finding in findings if finding.state == "ok"] == [
        "database", "keys", "ledger", "vault", "index", "completeness", "clock",
    ]  # fmt: skip
    assert [(finding.part, finding.state) for finding in findings if finding.state != "ok"] == [
        ("keys", "warning"),
        ("jobs", "warning"),
    ]
    assert all(finding.next_step for finding in findings if finding.state != "ok")


def test_a_confirmed_recovery_copy_is_not_asked_for(now_archive: Archive, organisation: OrganisationRow) -> None:
    master = read_master(now_archive.settings)
    assert master
    with now_archive.transactions.across() as session:
        recovery.confirm(session, master, recovery.printable(master), now_archive.clock())
    assert [finding.state for finding in part(examine(now_archive, organisation), "keys")] == ["ok"]


def test_a_wrong_master_key_breaks_the_keys_and_hides_no_other_part(
    now_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    now_archive.settings.master_key_file.unlink()
    make_master_key(now_archive.settings.master_key_file)
    wrong = build(now_archive.settings, clock=clock)
    findings = examine(wrong, organisation)
    assert [finding.state for finding in part(findings, "keys")] == ["broken"]
    assert {finding.part for finding in findings} == {
        "database", "keys", "ledger", "vault", "index", "completeness", "clock", "jobs",
    }  # fmt: skip
    wrong.engine.dispose()


def test_a_part_that_fails_in_a_way_that_nobody_expected_is_named_without_its_words(
    now_archive: Archive, organisation: OrganisationRow
) -> None:
    now_archive.settings.index.mkdir(parents=True, exist_ok=True)
    (now_archive.settings.index / str(organisation.id)).write_text("not a folder")
    (found,) = part(examine(now_archive, organisation), "index")
    assert (found.state, found.what) == ("broken", "can't be looked at: NotADirectoryError")


def test_the_vault_is_asked_for_the_newest_checkpoint(now_archive: Archive, organisation: OrganisationRow) -> None:
    sign_and_keep(now_archive.transactions, now_archive.vault, organisation)
    assert "keeps the newest checkpoint" in part(examine(now_archive, organisation), "vault")[0].what
    (copy,) = now_archive.vault.names(checkpoint_folder(organisation))
    (now_archive.settings.vault / copy).unlink()
    (found,) = part(examine(now_archive, organisation), "vault")
    assert (found.state, found.what) == ("warning", "has no copy of the newest checkpoint")


def test_nobody_is_told_anything_about_another_organisation(
    now_archive: Archive, organisation: OrganisationRow
) -> None:
    before = examine(now_archive, organisation)
    other = create_organisation(now_archive.transactions, "Zinfandel", OPERATOR, now_archive.settings.public_url)
    take_in(now_archive, other.id, *(line(f"SM{number}") for number in range(40)))
    with now_archive.transactions.glance() as session:
        assert not is_alone(session)
    assert examine(now_archive, organisation) == before


def test_the_figures_count_what_is_there(
    now_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    assert figures(now_archive, organisation).checkpoint_seconds is None
    take_in(now_archive, organisation.id, line("SM1"), line("SM2"), b"nonsense")
    sign_and_keep(now_archive.transactions, now_archive.vault, organisation)
    catch_up(now_archive.transactions, now_archive.index, organisation.id)
    clock.advance(seconds=40)
    take_in(now_archive, organisation.id, line("SM3"))
    clock.advance(seconds=20)
    now = figures(now_archive, organisation)
    assert (now.texts, now.quarantine_open, now.index_lag) == (3, 1, 1)
    assert (now.unsigned_seconds, now.checkpoint_seconds) == (20, 60)
    assert now.entries == now.index_lag + now_archive.index.position(organisation.id)


DAILY = JobState(Duty("purge", 86_400), NOON - DAY)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([], [("warning", "no scheduler has run here yet")]),
        ([DAILY], [("ok", "1 jobs in time")]),
        ([JobState(Duty("purge", 86_400), NOON - 2 * DAY)],
         [("broken", "the job purge is late: it has not succeeded at all")]),
        ([DAILY, JobState(Duty("index", 1), NOON - DAY, good_at=NOON - timedelta(minutes=3), outcome=Outcome.FAILED)],
         [("broken", "the job index is late: it has not succeeded since 2026-11-23 11:57 UTC")]),
        ([DAILY, JobState(Duty("index", 1), NOON - DAY, good_at=NOON, outcome=Outcome.FAILED)],
         [("warning", "the job index failed, and is tried again")]),
    ],
    ids=["none", "in time", "never", "late", "failed"],
)  # fmt: skip
def test_what_is_said_about_jobs(states: list[JobState], said: list[tuple[str, str]]) -> None:
    assert [(finding.state, finding.what) for finding in model.of_jobs(states, NOON)] == said


def test_what_is_said_about_lags() -> None:
    assert [model.of_index(lag, ()).state for lag in (0, 10_000, 10_001)] == ["ok", "ok", "warning"]
    lost = model.of_index(0, {"2028-01": 7})
    assert (lost.state, lost.what) == ("warning", "texts that expire in 2028-01 are being indexed again")
    since = NOON - timedelta(minutes=5)
    assert model.of_ledger(7, since, NOON).state == "ok"
    assert model.of_ledger(7, since - timedelta(seconds=1), NOON).state == "warning"
    assert model.of_ledger(0, None, NOON).state == "ok"


def test_what_is_said_about_clocks() -> None:
    wrong = clocks_agree(NOON, {"database": NOON + DAY}, NOON - 9 * DAY)
    assert [finding.state for finding in model.of_clocks(wrong, NOON)] == ["broken", "broken"]
    assert [finding.state for finding in model.of_clocks(clocks_agree(NOON, {}, NOON), NOON)] == ["ok"]


def test_a_person_says_that_the_clock_is_right_and_every_ledger_remembers(
    now_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    other = create_organisation(now_archive.transactions, "Second", OPERATOR, now_archive.settings.public_url)
    with now_archive.transactions.across() as session:
        clock_store.see(session, clock.now - 9 * DAY)
    assert part(examine(now_archive, organisation), "clock")[0].state == "broken"
    confirm_clock(now_archive, OPERATOR)
    assert part(examine(now_archive, organisation), "clock")[0].state == "ok"
    for row in (organisation, other):
        with now_archive.transactions.read(row.id, OPERATOR) as tx:
            (entry,) = read_trail(tx, Wanted("clock.confirmed"), 9, details=True)
        assert entry.detail == {"last_seen": (clock.now - 9 * DAY).isoformat().replace("+00:00", "Z")}


def test_clocks_that_contradict_each_other_can_not_be_confirmed(
    now_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    clock.advance(days=400)
    with pytest.raises(ClocksDisagree):
        confirm_clock(now_archive, OPERATOR)
    with now_archive.transactions.glance() as session:
        assert not look_at_clocks(session, clock.now).agree


def test_what_is_said_about_lists_of_providers() -> None:
    run = Run(NOON, NOON, NOON, NOON, NOON, Ended.FAILED, why="It doesn't accept the credentials.", next_step="Enter.")
    fresh = Standing("twilio", "AC1", NOON - timedelta(hours=2))
    done = dataclasses.replace(
        fresh, through_at=NOON - timedelta(hours=1), last=dataclasses.replace(run, ended=Ended.DONE)
    )
    failed = dataclasses.replace(done, last=run)
    old = {"granted_at": NOON - 9 * DAY, "through_at": NOON - 2 * DAY}

    def said(*standings: Standing) -> list[tuple[str, str]]:
        return [(one.state, one.what) for one in model.of_lists(standings, NOON)]

    assert said() == []
    assert said(fresh, done) == [("ok", "what 2 accounts have carried is listed and here")]
    assert said(done, failed) == [("warning", "AC1: It doesn't accept the credentials")]
    assert said(dataclasses.replace(failed, **old)) == [("broken", "AC1: It doesn't accept the credentials")]
    assert said(dataclasses.replace(done, **old)) == [("broken", "AC1 was last listed 2026-11-21 12:00 UTC")]
