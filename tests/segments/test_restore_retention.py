"""After a restore nothing that was held is let go, and nothing goes without a whole week in a plan."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.clock import day_of
from archive.core.errors import Damaged
from archive.holds.checking import hold_faults
from archive.holds.events import digest_of
from archive.holds.store import holds_over, serials_under
from archive.messages.store import MessageRow
from archive.retention.changing import approve_proposal, propose, set_policy
from archive.retention.destroyed import PurgeVaulting
from archive.retention.finding import bring_forward, late_texts
from archive.retention.model import EVERYTHING, Scope
from archive.retention.period import Period, first_plannable
from archive.retention.policies import policies_in_force
from archive.retention.purge_events import PurgeBegun
from archive.wiring import Archive
from tests.conftest import DATABASES, StandingClock
from tests.holds.ordering import DANA, LEE, hold, release, texts
from tests.items import read_back
from tests.retention.purging import batches, go_to, plan, planned, purge_time, purged, run
from tests.segments.restoring import bring_back, is_clean, keep, rows
from tests.segments.storing import entries_kept, take_in
from tests.taking_in import trail


def due_days(archive: Archive, organisation: OrganisationRow) -> list[date | None]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return list(tx.session.scalars(select(MessageRow.due_on).order_by(MessageRow.seq)))


def test_what_was_held_is_held_again_and_what_was_let_go_is_not(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    refund, wire, both = texts(archive, organisation, {"text": "refund"}, {"text": "wire"}, {"text": "refund wire"})
    refunds = hold(archive, organisation, "refund").hold_id
    wires = hold(archive, organisation, "wire").hold_id
    keep(archive, organisation)
    (caught,) = texts(archive, organisation, {"text": "one more refund"})
    release(archive, organisation, wires)
    keep(archive, organisation)
    back = bring_back(empty_archive)
    assert back.records.missing == []
    with empty_archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert serials_under(tx, refunds) == [refund, both, caught]
        assert holds_over(tx, [wire]) == {}
    for table in ("matter", "hold", "hold_message"):
        assert rows(empty_archive, table) == rows(archive, table), table
    assert is_clean(empty_archive, organisation)
    (again,) = texts(empty_archive, organisation, {"text": "a refund after the restore"})
    with empty_archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert holds_over(tx, [again]) == {again: [refunds]}, "it still catches"


def test_each_entry_takes_along_what_it_put_under_a_hold_and_no_more(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serials = take_in(archive, organisation, 5)
    hold(archive, organisation, "text")
    keep(archive, organisation)
    more = take_in(archive, organisation, 2, begin=6)
    keep(archive, organisation)
    named = {entry.kind: entry.texts for entry in entries_kept(archive, organisation) if entry.texts}
    assert named == {"hold.placed": ((serials[0], serials[-1]),), "hold.caught": ((more[0], more[-1]),)}


@pytest.mark.tampers
def test_a_text_that_is_lost_does_not_keep_its_hold_from_coming_back(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    first = texts(archive, organisation, {"text": "refund"})
    keep(archive, organisation)
    clock.advance(days=1)
    second = texts(archive, organisation, {"text": "refund again"})
    hold_id = hold(archive, organisation, "refund").hold_id
    keep(archive, organisation)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:  # Nobody can open the first one any more.
        key_id = tx.session.scalar(select(MessageRow.key_id).where(MessageRow.seq == first[0]))
        assert key_id
        tx.keyring.destroy(tx.session, tx.org_id, key_id, tx.now)
    keep(archive, organisation)
    bring_back(empty_archive)
    with empty_archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert serials_under(tx, hold_id) == second
        assert list(hold_faults(tx)) == []
    (told,) = trail(empty_archive, organisation, "hold.restored")
    assert (told.subject, told.detail["count"]) == (hold_id, 1)


def test_policies_come_back_with_what_they_keep(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, 2)
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, EVERYTHING, Period(years=3))
    take_in(archive, organisation, 2, begin=3)
    keep(archive, organisation)
    bring_back(empty_archive)
    with empty_archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [policy.period for policy in policies_in_force(tx)] == [Period(years=3)]
    assert rows(empty_archive, "retention_policy") == rows(archive, "retention_policy")
    assert is_clean(empty_archive, organisation)


def test_what_a_re_dating_lets_go_sooner_goes_sooner_after_a_restore_too(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, EVERYTHING, Period(years=3))
    take_in(archive, organisation, 3)
    with archive.transactions.write(organisation.id, DANA) as tx:
        proposal, effect = propose(tx, EVERYTHING, Period(days=400), existing=True)
    with archive.transactions.write(organisation.id, LEE) as tx:
        approve_proposal(tx, proposal.id, effect.sooner)
    keep(archive, organisation)
    bring_back(empty_archive)
    with empty_archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert list(late_texts(tx)) == []
    assert set(due_days(empty_archive, organisation)) == {day_of(archive.clock() + timedelta(days=400))}
    assert is_clean(empty_archive, organisation)


both_on_a_folder = pytest.mark.parametrize(
    "settings", [(database, "folder") for database in DATABASES], indirect=True, ids=DATABASES
)
"""Nobody moves an object store's clock by a year."""


@both_on_a_folder
def test_whatever_was_planned_has_a_whole_week_in_a_plan_once_more(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    serials = take_in(archive, organisation, 2)
    day = day_of(clock() + timedelta(days=400))
    planned(archive, organisation, day)
    clock.advance(days=5)
    keep(archive, organisation)
    bring_back(empty_archive)
    (told,) = trail(empty_archive, organisation, "purge.started-over")
    assert (told.detail["withdrawn"], told.detail["again"], told.detail["freed"]) == (1, 0, 0)
    assert batches(empty_archive, organisation) == []
    plan(empty_archive, organisation)
    go_to(empty_archive, purge_time(day))
    assert [each.id for each in run(empty_archive, organisation).waiting] == [day.isoformat()]
    clock.advance(days=5)
    assert [each.destroyed for each in run(empty_archive, organisation).certified] == [serials]
    assert is_clean(empty_archive, organisation)


@both_on_a_folder
def test_what_was_kept_beyond_its_time_is_held_again_or_has_its_week(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    held, freed, longer = texts(
        archive, organisation, {"text": "refund"}, {"text": "wire"}, {"text": "kept", "to": ["+12125550199"]}
    )
    hold(archive, organisation, "refund", standing=False)
    wires = hold(archive, organisation, "wire", standing=False).hold_id
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, Scope(number="+12125550199"), Period(years=3))
    purged(archive, organisation, day_of(clock() + timedelta(days=400)))
    kept = due_days(archive, organisation)
    release(archive, organisation, wires)
    keep(archive, organisation)
    clock.advance(days=30)
    back = bring_back(empty_archive)
    assert back.records.missing == []
    assert kept[:2] == [None, None]
    assert due_days(empty_archive, organisation) == [None, first_plannable(day_of(clock())), kept[2]]
    assert {read_back(empty_archive, organisation.id, serial).content.text for serial in (held, freed, longer)} == {
        *("refund", "wire", "kept")
    }
    assert is_clean(empty_archive, organisation)


@both_on_a_folder
def test_what_was_re_dated_and_purged_early_does_not_come_back_although_its_key_lives(
    archive: Archive, empty_archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        set_policy(tx, EVERYTHING, Period(years=3))
    serials = take_in(archive, organisation, 2)
    with archive.transactions.write(organisation.id, DANA) as tx:
        proposal, effect = propose(tx, EVERYTHING, Period(days=400), existing=True)
    with archive.transactions.write(organisation.id, LEE) as tx:
        approve_proposal(tx, proposal.id, effect.sooner)
    bring_forward(archive.transactions, organisation.id)
    keep(archive, organisation)
    later = take_in(archive, organisation, 1, begin=9)
    keep(archive, organisation)
    day = day_of(clock() + timedelta(days=400))
    planned(archive, organisation, day)
    go_to(archive, purge_time(day))
    (done,) = run(archive, organisation).certified
    assert done.destroyed == [*serials, *later]
    back = bring_back(empty_archive)  # Without another run of the job: the purge itself has told the vault.
    assert back.records.destroyed == {*serials, *later}
    assert (back.records.restored, back.records.missing) == (set(), [])
    assert is_clean(empty_archive, organisation)


def test_a_vault_that_names_other_texts_than_were_destroyed_is_not_believed(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        entry = tx.record(
            PurgeBegun(
                **dict.fromkeys(("texts", "items", "held", "longer", "later", "unplanned", "items_kept"), 0),
                subject="batch:2027-12-28",
                digest=digest_of([7, 8]),
                approved_by="nobody",
            )
        )
        assert PurgeVaulting().gone(tx, {entry: [7, 8]}) == {7, 8}
        with pytest.raises(Damaged, match="batch:2027-12-28"):
            PurgeVaulting().gone(tx, {entry: [7]})
