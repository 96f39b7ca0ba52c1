"""A batch from its day to its certificate: what goes, what stays, and who sees what meanwhile."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.errors import Conflict, NotFound
from archive.intake.quarantine import QuarantineRow, open_items, read_item
from archive.keys.keyring import DataKeyRow
from archive.messages.actions import read_message, read_messages
from archive.messages.identity_store import MessageIdentityRow
from archive.messages.store import MessagePartyRow, MessageRow, count_messages
from archive.proving import prove_message
from archive.retention.approving import approve_batch
from archive.retention.batch import State, Step
from archive.retention.beginning import begin
from archive.retention.breakers import Breaker
from archive.retention.explaining import explain
from archive.retention.finding import bring_forward
from archive.retention.model import EVERYTHING, Scope
from archive.retention.period import Period, first_plannable
from archive.retention.policies import add_policy
from archive.retention.purge import Clocks, run_due
from archive.retention.steps import STEPS, Work
from archive.retention.switch import resume_everywhere, resume_purging, stop_everywhere, stop_purging
from archive.search.actions import search
from archive.search.follower import catch_up
from archive.wiring import Archive
from tests.holds.ordering import DANA, hold, release, texts
from tests.items import line, read_back, take_in
from tests.retention.purging import (
    DAY,
    batch,
    batches,
    certificate_of,
    clock_of,
    go_to,
    plan,
    planned,
    purge_time,
    purged,
    run,
    verified,
)
from tests.taking_in import trail

OTHER_NUMBER = "+12125550199"
LATER = first_plannable(DAY + timedelta(days=1))
"""The first day that can still be planned when the batch of `DAY` is carried out."""


def rows_of(archive: Archive, organisation: OrganisationRow, serials: list[int]) -> dict[str, int]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return {
            row.__tablename__: len(tx.session.scalars(select(row.seq).where(row.seq.in_(serials))).all())
            for row in (MessageRow, MessagePartyRow, MessageIdentityRow, QuarantineRow)
        }


def keys(archive: Archive, organisation: OrganisationRow) -> dict[tuple[str, str], bool]:
    """(purpose, period) → whether it lives."""
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        rows = tx.session.scalars(select(DataKeyRow).where(DataKeyRow.purpose.in_(["day", "hold"])))
        return {(row.purpose, row.period): row.wrapped is not None for row in rows}


def begun(archive: Archive, organisation: OrganisationRow) -> None:
    """On its day, and the first transaction done."""
    planned(archive, organisation)
    go_to(archive, purge_time())
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert begin(tx, DAY.isoformat(), [])


def test_what_has_had_its_time_is_gone_and_only_two_keyed_hashes_know_it(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serials = texts(archive, organisation, {"text": "first"}, {"text": "second"})
    (young,) = _a_day_later(archive, organisation, "young")
    ran = purged(archive, organisation)
    assert (ran.unfinished, ran.waiting) == ({}, [])
    assert [(one.id, one.state) for one in ran.certified] == [(DAY.isoformat(), State.CERTIFIED)]
    left = {"message": 0, "message_party": 0, "message_identity": 2, "quarantine_item": 0}
    assert rows_of(archive, organisation, serials) == left
    assert keys(archive, organisation)["day", DAY.isoformat()] is False
    assert read_back(archive, organisation.id, young).content.text == "young"
    report = verified(archive, organisation)
    assert report.faults == []
    assert report.purged == 2


def _a_day_later(archive: Archive, organisation: OrganisationRow, words: str) -> list[int]:
    clock_of(archive).advance(days=1)
    return texts(archive, organisation, {"text": words})


def test_nothing_goes_before_the_day_is_over_for_the_slowest_clock(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {})
    planned(archive, organisation)
    go_to(archive, purge_time())
    slowest = purge_time() - timedelta(microseconds=1)
    assert run_due(archive, organisation, Clocks(slowest)).certified == []
    assert len(run(archive, organisation).certified) == 1


def test_from_the_moment_at_which_a_batch_begins_nobody_reads_its_texts(
    archive: Archive, organisation: OrganisationRow
) -> None:
    (serial,) = texts(archive, organisation, {"text": "ephemeral"})
    catch_up(archive.transactions, archive.index, organisation.id)
    assert len(search(archive, organisation.id, OPERATOR, "ephemeral").hits) == 1
    begun(archive, organisation)
    assert search(archive, organisation.id, OPERATOR, "ephemeral").hits == []
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert count_messages(tx) == 0
        assert read_messages(tx, [serial]) == []
        for read in (read_message, explain):
            with pytest.raises(NotFound):
                read(tx, serial)
    with pytest.raises(NotFound):
        prove_message(archive.transactions, organisation, OPERATOR, serial)
    assert verified(archive, organisation).faults == []


def test_what_is_sent_again_after_it_was_destroyed_does_not_come_back(
    archive: Archive, organisation: OrganisationRow
) -> None:
    again = line("SM1")
    (first,) = take_in(archive, organisation.id, again)
    purged(archive, organisation)
    (second,) = take_in(archive, organisation.id, again)
    assert (second.status, second.serial) == ("duplicate", first.serial)


# --- What stays ---


def test_what_is_held_survives_the_key_of_its_day(archive: Archive, organisation: OrganisationRow) -> None:
    kept, gone = texts(archive, organisation, {"text": "a refund"}, {"text": "else"})
    placed = hold(archive, organisation, "refund")
    before = read_back(archive, organisation.id, kept)
    (done,) = purged(archive, organisation).certified
    assert done.destroyed == [gone]
    assert done.kept == {"held": 1, "longer": 0, "later": 0, "unplanned": 0, "items": 0}
    assert read_back(archive, organisation.id, kept) == before
    assert keys(archive, organisation) == {("day", DAY.isoformat()): False, ("hold", placed.hold_id): True}
    assert verified(archive, organisation).faults == []


def test_a_hold_that_is_placed_in_the_week_of_the_plan_rescues(archive: Archive, organisation: OrganisationRow) -> None:
    kept, gone = texts(archive, organisation, {"text": "a refund"}, {"text": "else"})
    (made,) = planned(archive, organisation)
    assert made.serials == [kept, gone]
    hold(archive, organisation, "refund")
    go_to(archive, purge_time())
    (done,) = run(archive, organisation).certified
    assert done.destroyed == [gone]


def test_a_hold_that_comes_too_late_is_told_so(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {"text": "a refund"})
    begun(archive, organisation)
    placed = hold(archive, organisation, "refund")
    assert (placed.preserved, placed.shredding) == (0, 1)


def test_a_released_text_goes_with_a_plan_of_its_own_and_so_does_the_key_of_its_hold(
    archive: Archive, organisation: OrganisationRow
) -> None:
    (serial,) = texts(archive, organisation, {"text": "a refund"})
    placed = hold(archive, organisation, "refund")
    purged(archive, organisation)
    release(archive, organisation, placed.hold_id)
    (made,) = planned(archive, organisation, LATER)
    assert made.serials == [serial]
    go_to(archive, purge_time(LATER))
    (done,) = run(archive, organisation).certified
    assert done.destroyed == [serial]
    assert not any(keys(archive, organisation).values())
    assert verified(archive, organisation).faults == []


def test_the_key_of_a_released_hold_goes_with_the_next_batch_and_what_it_kept_is_sealed_anew(
    archive: Archive, organisation: OrganisationRow
) -> None:
    (serial,) = texts(archive, organisation, {"text": "a refund"})
    (other,) = _a_day_later(archive, organisation, "the next day's")
    placed = hold(archive, organisation, "refund")
    next_day = DAY + timedelta(days=1)
    planned(archive, organisation)
    planned(archive, organisation, next_day)
    go_to(archive, purge_time())
    run(archive, organisation)
    release(archive, organisation, placed.hold_id)
    go_to(archive, purge_time(next_day))
    (done,) = run(archive, organisation).certified
    assert done.destroyed == [other]
    assert keys(archive, organisation) == {
        ("day", DAY.isoformat()): False,
        ("hold", placed.hold_id): False,
        ("day", next_day.isoformat()): False,
        ("day", LATER.isoformat()): True,
    }
    assert read_back(archive, organisation.id, serial).content.text == "a refund"
    assert verified(archive, organisation).faults == []


def test_a_longer_policy_keeps_what_is_due(archive: Archive, organisation: OrganisationRow) -> None:
    longer, gone = texts(archive, organisation, {"text": "one", "to": [OTHER_NUMBER]}, {"text": "two"})
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, Scope(number=OTHER_NUMBER), Period(years=3))
    (done,) = purged(archive, organisation).certified
    assert (done.destroyed, done.kept["longer"]) == ([gone], 1)
    assert read_back(archive, organisation.id, longer).content.text == "one"
    assert verified(archive, organisation).faults == []


@pytest.mark.tampers
def test_what_turned_up_for_a_day_after_its_plan_waits_for_one_of_its_own(
    archive: Archive, organisation: OrganisationRow
) -> None:
    gone, surprise = texts(archive, organisation, {"text": "planned"}, {"text": "surprise"})
    move = update(MessageRow).where(MessageRow.org_id == organisation.id, MessageRow.seq == surprise)
    with archive.engine.begin() as connection:
        connection.execute(move.values(due_on=DAY + timedelta(days=50)))
    planned(archive, organisation)
    with archive.engine.begin() as connection:
        connection.execute(move.values(due_on=DAY))
    go_to(archive, purge_time())
    (done,) = run(archive, organisation).certified
    assert (done.destroyed, done.kept["unplanned"]) == ([gone], 1)
    assert verified(archive, organisation).faults == []
    (made,) = planned(archive, organisation, LATER)
    assert made.serials == [surprise]
    go_to(archive, purge_time(LATER))
    assert [one.destroyed for one in run(archive, organisation).certified] == [[surprise]]


# --- The quarantine ---


def test_a_quarantined_item_goes_when_its_time_is_over(archive: Archive, organisation: OrganisationRow) -> None:
    (broken,) = take_in(archive, organisation.id, b"{broken")
    assert broken.serial
    (done,) = purged(archive, organisation).certified
    assert (done.destroyed, done.destroyed_items) == ([broken.serial], 1)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert list(open_items(tx)) == []
        with pytest.raises(NotFound):
            read_item(tx, broken.serial)
    assert rows_of(archive, organisation, [broken.serial])["quarantine_item"] == 0
    assert verified(archive, organisation).faults == []


def test_an_item_that_nobody_could_read_stays_while_a_hold_is_in_force(
    archive: Archive, organisation: OrganisationRow
) -> None:
    (broken,) = take_in(archive, organisation.id, b"{broken")
    assert broken.serial
    placed = hold(archive, organisation, "anything")
    (done,) = purged(archive, organisation).certified
    assert (done.destroyed, done.kept["items"]) == ([], 1)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read_item(tx, broken.serial).raw == b"{broken"
    release(archive, organisation, placed.hold_id)
    (made,) = plan(archive, organisation)
    assert made.serials == [broken.serial]
    go_to(archive, purge_time(made.expires_on))
    (done,) = run(archive, organisation).certified
    assert done.destroyed == [broken.serial]
    assert not any(keys(archive, organisation).values())
    assert verified(archive, organisation).faults == []


# --- What stops it ---


def test_a_policy_that_was_set_since_the_plan_stops_the_batch_until_a_person_allows_it(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {})
    planned(archive, organisation)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, Scope(number=OTHER_NUMBER), Period(years=3))
    go_to(archive, purge_time())
    (waiting,) = run(archive, organisation).waiting
    assert [trip.breaker for trip in waiting.trips] == [Breaker.POLICY]
    assert len(trail(archive, organisation, "purge.held-up")) == 1
    run(archive, organisation)
    assert len(trail(archive, organisation, "purge.held-up")) == 1, "the same is not said again and again"
    with archive.transactions.write(organisation.id, DANA) as tx:
        approve_batch(tx, DAY.isoformat(), 1)
        add_policy(tx, Scope(number=OTHER_NUMBER), Period(years=4))
    (waiting,) = run(archive, organisation).waiting
    assert waiting.unapproved(archive.clock()), "what was allowed was the policy before"
    with archive.transactions.write(organisation.id, DANA) as tx:
        approve_batch(tx, DAY.isoformat(), 1)
    (done,) = run(archive, organisation).certified
    assert done.approval is not None
    assert done.approval.by == str(DANA)


def test_a_young_plan_goes_by_itself_when_it_is_a_week_old(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    go_to(archive, purge_time() - timedelta(days=3))
    plan(archive, organisation)
    go_to(archive, purge_time())
    assert len(run(archive, organisation).waiting) == 1
    clock_of(archive).advance(days=4)
    assert len(run(archive, organisation).certified) == 1


def test_a_clock_in_doubt_stops_it_and_an_approval_speaks_for_the_clock_for_three_days(
    archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {})
    planned(archive, organisation)
    go_to(archive, purge_time())
    doubts = Clocks(archive.clock(), ["The database's clock is 3 hours behind this machine's."])
    (waiting,) = run_due(archive, organisation, doubts).waiting
    assert [trip.breaker for trip in waiting.trips] == [Breaker.CLOCKS]
    with archive.transactions.write(organisation.id, DANA) as tx:
        approve_batch(tx, DAY.isoformat(), 1)
    clock_of(archive).advance(hours=73)
    assert len(run_due(archive, organisation, Clocks(archive.clock(), doubts.doubts)).waiting) == 1
    with archive.transactions.write(organisation.id, DANA) as tx:
        approve_batch(tx, DAY.isoformat(), 1)
    clock_of(archive).advance(hours=72)
    assert len(run_due(archive, organisation, Clocks(archive.clock(), doubts.doubts)).certified) == 1


def test_a_clock_that_is_right_again_stops_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    planned(archive, organisation)
    go_to(archive, purge_time())
    run_due(archive, organisation, Clocks(archive.clock(), ["It jumped."]))
    assert len(run(archive, organisation).certified) == 1


@pytest.mark.parametrize("where", ["here", "everywhere"])
def test_a_person_can_stop_the_purging_at_once(archive: Archive, organisation: OrganisationRow, where: str) -> None:
    texts(archive, organisation, {})
    begun(archive, organisation)
    work = Work(archive, organisation, DAY.isoformat())
    STEPS[Step.INDEX](work)
    if where == "here":
        with archive.transactions.write(organisation.id, DANA) as tx:
            stop_purging(tx, "Something looks wrong")
            with pytest.raises(Conflict):
                stop_purging(tx, "Again")
    else:
        stop_everywhere(archive.transactions, DANA, "Something looks wrong")
    for step in Step:
        with pytest.raises(Conflict, match="was stopped"):
            STEPS[step](work)
    ran = run(archive, organisation)
    assert ran.stop is not None
    assert ran.stop.by == str(DANA)
    assert ran.certified == []
    assert batch(archive, organisation).state is State.SHREDDING
    if where == "here":
        with archive.transactions.write(organisation.id, DANA) as tx:
            resume_purging(tx)
    else:
        resume_everywhere(archive.transactions, DANA)
    assert len(run(archive, organisation).certified) == 1
    assert [entry.private for entry in trail(archive, organisation, "purge.stopped")] == [
        {"reason": "Something looks wrong"}
    ]
    assert len(trail(archive, organisation, "purge.resumed")) == 1


def test_one_organisation_s_batch_is_none_of_another_s_business(
    archive: Archive, organisation: OrganisationRow
) -> None:
    other = create_organisation(archive.transactions, f"Beside {organisation.name}", OPERATOR, "http://other")
    (ours,) = texts(archive, organisation, {"text": "ours"})
    (theirs,) = texts(archive, other, {"text": "theirs"})
    purged(archive, organisation)
    assert rows_of(archive, organisation, [ours])["message"] == 0
    assert read_back(archive, other.id, theirs).content.text == "theirs"
    assert batches(archive, other) == []
    assert verified(archive, other).faults == []


# --- Copies that outlive it ---


def test_a_certificate_says_until_when_a_copy_can_be_opened_whose_key_is_still_needed(
    archive: Archive, organisation: OrganisationRow
) -> None:
    """A text that was kept for three years and is re-dated lies under the key of its third year's end."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, EVERYTHING, Period(years=3))
    (serial,) = texts(archive, organisation, {})
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_policy(tx, EVERYTHING, Period(days=400), existing=True)
    bring_forward(archive.transactions, organisation.id)
    (done,) = purged(archive, organisation).certified
    assert done.destroyed == [serial]
    made = certificate_of(archive, organisation, done)
    assert [(copies.until, copies.texts) for copies in made.copies] == [("2029-11-23", 1)]
    assert keys(archive, organisation) == {("day", "2029-11-23"): True}
    assert verified(archive, organisation).faults == []
    (last,) = purged(archive, organisation, date(2029, 11, 23)).certified
    assert last.destroyed == []
    assert keys(archive, organisation) == {("day", "2029-11-23"): False}
