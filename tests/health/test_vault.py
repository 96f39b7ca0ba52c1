"""What is said of the vault, and what to do about it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.clock import DAY
from archive.health.model import of_scrub
from archive.health.vault import findings_of, look_at_vault
from archive.safekeeping import keep_up
from archive.segments.actions import Standing
from archive.settings import Bucket
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.segments.storing import take_in

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DELAY = timedelta(minutes=5)
GOOD = Standing(
    segments=2, texts=8, size=900, through=10, behind=0, waiting=timedelta(0), ran_at=NOON, error=None, error_at=None,
    failing=False, immutable=True, because="every attempt was refused",
)  # fmt: skip
FAILING = replace(GOOD, ran_at=None, error="The store does not answer.", error_at=NOON, failing=True)


@pytest.mark.parametrize(
    ("standing", "kind", "history", "said"),
    [
        (GOOD, "s3", False, []),
        (replace(GOOD, immutable=False), "folder", False, []),
        (replace(GOOD, immutable=None), "s3", False, []),
        (replace(GOOD, error="Once", error_at=NOON), "s3", False, []),
        (replace(GOOD, waiting=timedelta(minutes=10)), "s3", False, []),
        (replace(GOOD, waiting=timedelta(minutes=11)), "s3", False, ["warning: is 11 minutes behind"]),
        (replace(GOOD, ran_at=None), "folder", False, ["warning: nothing was put into it yet"]),
        (FAILING, "s3", False, ["broken: can't be written to; the last run failed: The store does not answer."]),
        (replace(GOOD, immutable=False), "s3", False, ["broken: is not immutable: every attempt was refused"]),
        (GOOD, "s3", True, ["broken: the copy of the keys keeps what was replaced: no purge is ever final"]),
        (GOOD, "s3", None, [
            "warning: the place of the copy of the keys does not answer, so nobody knows whether it keeps history"
        ]),
    ],
)  # fmt: skip
def test_what_is_not_in_order_is_said(standing: Standing, kind: str, history: bool | None, said: list[str]) -> None:
    found = list(findings_of(standing, kind, history, DELAY))
    assert [f"{each.state}: {each.what}" for each in found] == said
    assert all(each.next_step and each.part == "vault" for each in found)


def test_a_sample_that_was_not_good_is_said_and_a_good_one_is_no_finding() -> None:
    bad, good = of_scrub(NOON, 1, "an object differs"), of_scrub(NOON, 0, "")
    assert list(findings_of(GOOD, "s3", False, DELAY, bad)) == [bad]
    assert list(findings_of(GOOD, "s3", False, DELAY, good)) == []


def test_what_to_do_depends_on_the_store() -> None:
    (bucket,), (folder,) = (list(findings_of(FAILING, kind, False, DELAY)) for kind in ("s3", "folder"))
    assert "object store answers" in bucket.next_step and "disk has room" in folder.next_step


def test_the_worst_comes_first() -> None:
    late = replace(FAILING, immutable=False, waiting=timedelta(hours=1))
    assert [each.state for each in findings_of(late, "s3", True, DELAY)] == ["broken", "broken", "broken", "warning"]


def test_a_folder_is_looked_at(archive: Archive, organisation: OrganisationRow, clock: StandingClock) -> None:
    take_in(archive, organisation, 3)
    before = look_at_vault(archive, organisation)
    assert [each.what for each in before.findings] == ["nothing was put into it yet"]
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)
    seen = look_at_vault(archive, organisation)
    assert (seen.kind, seen.mode, seen.profiles, seen.keeps_history) == ("folder", None, None, False)
    assert (seen.standing.texts, seen.standing.behind, seen.standing.immutable) == (3, 0, False)
    assert seen.findings == ()
    assert seen.locks.locked == seen.standing.segments > 0
    assert seen.locks.first and seen.locks.first >= clock() + 400 * DAY
    assert seen.locks.cut_short == seen.locks.held_days == 0


def test_locks_that_are_over_and_those_that_were_cut_short_are_counted(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    take_in(archive, organisation, 3)
    short = replace(archive, vault=type(archive.vault)(archive.settings.vault, 10 * DAY, clock))  # type: ignore[call-arg]
    keep_up(short.transactions, short.vault, short.keys_backup, organisation)
    locks = look_at_vault(archive, organisation).locks
    assert locks.cut_short == locks.locked > 0
    assert locks.last == clock() + 10 * DAY
    clock.advance(days=11)
    after = look_at_vault(archive, organisation).locks
    assert (after.locked, after.first, after.cut_short) == (0, None, locks.cut_short)


def test_of_a_bucket_its_mode_and_profiles_are_shown(archive: Archive, organisation: OrganisationRow) -> None:
    settings = replace(
        archive.settings, vault=Bucket("vault", "x/"), vault_mode="compliance", vault_purge_profile="purge"
    )
    seen = look_at_vault(replace(archive, settings=settings), organisation)
    assert seen.mode == "compliance" and seen.profiles and seen.profiles.purge == "purge"
