"""The coverage of holds is looked at anew, and what is not what the ledger says is named by `verify`."""

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.holds.proving import Coverage, prove_coverage
from archive.proving import verify_organisation
from archive.search.follower import catch_up
from archive.wiring import Archive
from jobs import hold_coverage
from tests.conftest import StandingClock
from tests.holds.ordering import hold, release, texts, under
from tests.taking_in import trail

PARTY = "+14155550188"


def tamper(archive: Archive, statement: str, **values: object) -> None:
    with archive.engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount


def faults(archive: Archive, organisation: OrganisationRow) -> list[str]:
    return [fault.what for fault in verify_organisation(archive.transactions, archive.vault, organisation).faults]


def test_a_hold_that_covers_what_it_should_is_proven_and_the_ledger_says_so(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    texts(archive, organisation, {"text": "refund"}, {"text": "another refund"}, {"text": "nothing"})
    catch_up(archive.transactions, archive.index, organisation.id)
    words = hold(archive, organisation, "refund").hold_id
    clock.advance(seconds=1)
    now_only = hold(archive, organisation, f"with:{PARTY}", standing=False).hold_id
    clock.advance(seconds=1)
    texts(archive, organisation, {"text": "a late refund"})
    proven = prove_coverage(archive.transactions, organisation.id, archive.index.position(organisation.id))
    assert proven == [Coverage(words, 3, 3, 0, 1), Coverage(now_only, 3, 3, 0, 0)]
    assert str(proven[0]) == "3 of 3 matching, 1 unindexed"
    entry = trail(archive, organisation, "hold.covered")[-1]
    assert (entry.subject, entry.detail["matching"], entry.detail["added"]) == (words, 3, 0)
    assert hold_coverage.run(archive)["holds_proven"] >= 2
    assert faults(archive, organisation) == []


@pytest.mark.tampers
def test_what_was_taken_out_of_a_hold_is_found_missing_and_put_back(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, second = texts(archive, organisation, {"text": "refund"}, {"text": "another refund"})
    hold_id = hold(archive, organisation, f"with:{PARTY}").hold_id
    tamper(archive, "DELETE FROM hold_message WHERE hold_id = :id AND seq = :seq", id=hold_id, seq=second)
    # Not even the table by which a party is found is trusted.
    tamper(archive, "DELETE FROM message_party WHERE org_id = :org AND seq = :seq", org=organisation.id, seq=second)
    assert faults(archive, organisation) == [f"other texts are under the hold {hold_id} than this entry says"]
    assert prove_coverage(archive.transactions, organisation.id, 0) == [Coverage(hold_id, 2, 1, 1, 2)]
    assert under(archive, organisation, hold_id) == [first, second]
    assert trail(archive, organisation, "hold.covered")[0].detail["added"] == 1


def test_holds_that_were_placed_caught_and_released_verify(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {"text": "refund"})
    first, second = hold(archive, organisation, "refund").hold_id, hold(archive, organisation, "late").hold_id
    texts(archive, organisation, {"text": "a late refund"}, {"text": "too late"})
    release(archive, organisation, first)
    prove_coverage(archive.transactions, organisation.id, 0)
    assert faults(archive, organisation) == []
    assert len(under(archive, organisation, second)) == 2


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE hold SET released_at = 5 WHERE id = :hold", "disagree on whether the hold"),
        ("UPDATE hold SET standing = :no WHERE id = :hold", "otherwise standing"),
        ("UPDATE hold SET entry = entry - 1 WHERE id = :hold", "without the ledger entry that made it"),
        ("UPDATE hold SET sealed = (SELECT sealed FROM hold WHERE id = :other) WHERE id = :hold", "does not open"),
        ("UPDATE matter SET entry = 1 WHERE org_id = :org", "without the ledger entry that made it"),
        ("DELETE FROM hold_message WHERE hold_id = :hold AND seq = :seq", "other texts are under the hold"),
        ("UPDATE hold_message SET entry = 1 WHERE hold_id = :hold", "that no entry of the ledger put there"),
        (
            "INSERT INTO hold_message (org_id, hold_id, seq, entry) SELECT org_id, hold_id, :free, entry"
            " FROM hold_message WHERE hold_id = :hold AND seq = :seq",
            "other texts are under the hold",
        ),
    ],
)
def test_a_hold_that_was_changed_behind_the_ledger_is_named(
    archive: Archive, organisation: OrganisationRow, statement: str, said: str
) -> None:
    seq, free = texts(archive, organisation, {"text": "refund"}, {"text": "nothing"})
    ours, other = (hold(archive, organisation, "refund").hold_id for _ in range(2))
    values = {"hold": ours, "other": other, "org": organisation.id, "seq": seq, "free": free, "no": False}
    tamper(archive, statement, **{name: value for name, value in values.items() if f":{name}" in statement})
    assert any(said in fault for fault in faults(archive, organisation))


@pytest.mark.tampers
@pytest.mark.parametrize("table", ["hold", "matter"])
def test_a_hold_that_is_gone_is_named(archive: Archive, organisation: OrganisationRow, table: str) -> None:
    placed = hold(archive, organisation, "refund")
    tamper(archive, "DELETE FROM hold WHERE id = :id", id=placed.hold_id)
    if table == "matter":
        tamper(archive, "DELETE FROM matter WHERE id = :id", id=placed.matter_id)
    gone = placed.hold_id if table == "hold" else placed.matter_id
    assert f"the {table} {gone} is gone from the database" in faults(archive, organisation)
