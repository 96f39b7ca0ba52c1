"""A hold lies on the vault's objects, too: what keeps a text there when everything else has forgotten it."""

from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.clock import DAY
from archive.core.errors import Damaged
from archive.retention.vaulting import replace_day
from archive.safekeeping import keep_up
from archive.segments import names
from archive.segments.actions import delete_day, objects_of_day
from archive.segments.vault import StillLocked
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.holds.ordering import hold, release, texts
from tests.retention.purging import batch, go_to, planned, purge_time, run
from tests.segments.conftest import on_a_folder
from tests.segments.crashing import FailingVault, PowerFailure
from tests.segments.restoring import keep


def day_after(clock: StandingClock) -> str:
    """On which what comes in now expires."""
    return (clock() + 400 * DAY).strftime("%Y-%m-%d")


def held(archive: Archive, organisation: OrganisationRow, day: str) -> list[bool]:
    """Of each object of a day, whether it is under a legal hold."""
    return [archive.vault.lock_of(version).held for version in objects_of_day(archive.vault, organisation, day)]


def test_a_hold_lies_on_the_days_of_its_texts_until_it_is_released(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    first = day_after(clock)
    texts(archive, organisation, {"text": "refund"})
    keep(archive, organisation)
    clock.advance(days=1)
    second = day_after(clock)
    texts(archive, organisation, {"text": "nothing of the kind"})
    placed = hold(archive, organisation, "refund").hold_id
    assert held(archive, organisation, first) == [False], "nobody waits for the store when a hold is placed"
    keep(archive, organisation)
    assert (held(archive, organisation, first), held(archive, organisation, second)) == ([True], [False])
    texts(archive, organisation, {"text": "another refund"})
    keep(archive, organisation)
    assert held(archive, organisation, second) == [True, True], "what a standing hold catches is under it as well"
    release(archive, organisation, placed)
    keep(archive, organisation)
    assert (held(archive, organisation, first), held(archive, organisation, second)) == ([False], [False, False])


def test_while_another_hold_needs_it_a_day_stays_held(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    day = day_after(clock)
    texts(archive, organisation, {"text": "refund"}, {"text": "wire"})
    refunds, wires = (hold(archive, organisation, words).hold_id for words in ("refund", "wire"))
    keep(archive, organisation)
    release(archive, organisation, refunds)
    keep(archive, organisation)
    assert held(archive, organisation, day) == [True]
    release(archive, organisation, wires)
    keep(archive, organisation)
    assert held(archive, organisation, day) == [False]


@pytest.mark.parametrize("after", [False, True], ids=["never arrived", "arrived unheard"])
def test_what_was_broken_off_is_done_by_the_next_run(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, after: bool
) -> None:
    day = day_after(clock)
    for word in ("refund", "refund too"):
        texts(archive, organisation, {"text": word})
        keep(archive, organisation)
    placed = hold(archive, organisation, "refund").hold_id
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)
    release(archive, organisation, placed)
    # Writes of this run: small tables and a stretch of the ledger, then the two objects.
    failing: Any = FailingVault(archive.vault, 4, after=after)
    with pytest.raises(PowerFailure):
        keep_up(archive.transactions, failing, archive.keys_backup, organisation)
    keep(archive, organisation)
    assert held(archive, organisation, day) == [False, False]


@on_a_folder
def test_the_store_refuses_a_deletion_that_forgot_the_hold(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    day = day_after(clock)
    texts(archive, organisation, {"text": "refund"})
    hold(archive, organisation, "refund")
    keep(archive, organisation)
    clock.now = names.end_of_day(day) + DAY
    with pytest.raises(StillLocked):
        delete_day(archive.transactions, archive.vault, organisation, day)


@on_a_folder
def test_a_purge_deletes_no_object_of_a_day_under_whose_key_something_held_lies(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    """As if the step that seals anew what stays had been forgotten."""
    day = (clock() + 400 * DAY).date()
    texts(archive, organisation, {"text": "gone"}, {"text": "refund"})
    hold(archive, organisation, "refund", standing=False)
    keep(archive, organisation)
    planned(archive, organisation, day)
    go_to(archive, purge_time(day))
    planned_only = batch(archive, organisation, day.isoformat())
    with pytest.raises(Damaged, match="lie under the key"):
        replace_day(archive.transactions, archive.vault, archive.keys_backup, organisation, planned_only)
    assert held(archive, organisation, day.isoformat()) == [True]
    (done,) = run(archive, organisation).certified
    assert objects_of_day(archive.vault, organisation, day.isoformat()) == []
    assert len(done.destroyed) == 1
