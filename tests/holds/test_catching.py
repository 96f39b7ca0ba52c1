"""A standing hold catches what comes in, in the transaction that stores it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import Damaged
from archive.holds.catching import Arrived, catch
from archive.holds.events import digest_of
from archive.holds.model import Predicate
from archive.holds.reading import read_hold
from archive.holds.store import not_held
from archive.intake import quarantine
from archive.intake.actions import QuarantineRetried, receive, retry
from archive.intake.parse import arrival
from archive.locations.actions import change_location, found_by_name
from archive.messages.store import MessageRow
from archive.numbers.actions import add_number
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.holds.ordering import conversation_of, held, hold, texts, under
from tests.items import OWN_NUMBER, line, own_number, take_in
from tests.taking_in import own_number as in_austin
from tests.taking_in import trail

PARTY, OTHER = "+14155550188", "+14155550177"


def test_what_comes_in_is_held_by_every_part_of_a_predicate(archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation.id)
    (first,) = texts(archive, organisation, {})
    queries = [f"with:{OTHER}", "refund*", "campaign:C8K2L9", "after:2027-01-01", "direction:out", "flag:mms"]
    holds = {query: hold(archive, organisation, query).hold_id for query in queries}
    whole = hold(archive, organisation, predicate=conversation_of(archive, organisation, first)).hold_id
    caught = texts(
        archive,
        organisation,
        {"from": OTHER, "text": "Refunds, please"},
        {"campaign": "C8K2L9", "sent_at": "2027-01-02T00:00:00Z"},
        {"direction": "outbound", "from": OWN_NUMBER, "to": [OTHER], "media": ["x"]},
    )
    found = {
        query: [caught.index(serial) for serial in under(archive, organisation, holds[query])] for query in queries
    }
    assert found == {
        f"with:{OTHER}": [0, 2],
        "refund*": [0],
        "campaign:C8K2L9": [1],
        "after:2027-01-01": [1],
        "direction:out": [2],
        "flag:mms": [2],
    }
    assert under(archive, organisation, whole) == [first, caught[1]]


def test_a_place_is_known_by_its_numbers_when_a_text_comes_in(archive: Archive, organisation: OrganisationRow) -> None:
    in_austin(archive, organisation)
    placed = hold(archive, organisation, "location:austin")
    caught = texts(archive, organisation, {}, {"text": "elsewhere", "to": ["+12125550199"]})
    assert under(archive, organisation, placed.hold_id) == caught[:1]


def test_a_hold_on_a_place_goes_on_under_its_other_name(archive: Archive, organisation: OrganisationRow) -> None:
    in_austin(archive, organisation)
    placed = hold(archive, organisation, "location:austin")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        change_location(tx, found_by_name(tx, "Austin").id, name="Congress Avenue")
        add_number(tx, "+12125550124", location="Congress Avenue")
    caught = texts(archive, organisation, {}, {"to": ["+12125550124"]}, {"to": ["+12125550199"]})
    assert under(archive, organisation, placed.hold_id) == caught[:2]


def test_where_nothing_is_held_what_comes_in_is_not_even_looked_at(
    archive: Archive, organisation: OrganisationRow
) -> None:
    def arriving() -> Iterator[Arrived]:
        raise AssertionError("Somebody looked.")
        yield

    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        catch(tx, arriving())


def test_a_standing_hold_of_certain_texts_catches_these_and_no_others(
    archive: Archive, organisation: OrganisationRow
) -> None:
    (first,) = texts(archive, organisation, {})
    every_other = tuple(range(first, first + 100, 2))
    placed = hold(archive, organisation, predicate=Predicate(serials=every_other))
    caught = texts(archive, organisation, *({"text": f"number {at}"} for at in range(6)))
    assert under(archive, organisation, placed.hold_id) == [
        serial for serial in [first, *caught] if serial in every_other
    ]
    assert len(under(archive, organisation, placed.hold_id)) == 4


def test_a_text_and_its_being_held_are_one_commit(archive: Archive, organisation: OrganisationRow) -> None:
    placed = hold(archive, organisation, "friday")
    with pytest.raises(ZeroDivisionError), archive.transactions.write(organisation.id, OPERATOR) as tx:
        receive(tx, [arrival(line(), tx.now, "test")])
        raise ZeroDivisionError
    assert under(archive, organisation, placed.hold_id) == []
    serial = take_in(archive, organisation.id, line())[0].serial
    assert serial
    assert under(archive, organisation, placed.hold_id) == [serial]
    entry = trail(archive, organisation, "hold.caught")[0]
    assert (entry.subject, entry.detail) == (placed.hold_id, {"count": 1, "digest": digest_of([serial])})


def test_a_duplicate_is_caught_once_and_a_conflict_for_itself(archive: Archive, organisation: OrganisationRow) -> None:
    placed = hold(archive, organisation, "friday")
    first, again, conflict = take_in(archive, organisation.id, line(), line(), line(text="Friday at eleven?"))
    assert again.serial == first.serial
    assert under(archive, organisation, placed.hold_id) == [first.serial, conflict.serial]


def test_a_hold_that_is_not_standing_leaves_what_comes_later_alone(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    (first,) = texts(archive, organisation, {})
    placed = hold(archive, organisation, "friday", standing=False)
    texts(archive, organisation, {"text": "Friday, in the same moment"})
    clock.advance(seconds=1)
    texts(archive, organisation, {"text": "Friday again"})
    assert under(archive, organisation, placed.hold_id) == [first]


@pytest.mark.parametrize("standing", [True, False])
def test_what_waited_in_quarantine_when_a_hold_was_placed_is_caught_when_it_becomes_a_text(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, standing: bool
) -> None:
    broken = take_in(archive, organisation.id, b"{not json")[0].serial
    assert broken is not None
    clock.advance(days=1)
    placed = hold(archive, organisation, "friday", standing=standing)
    clock.advance(days=1)
    repaired(archive, organisation, broken)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        serial = retry(tx, broken).serial
    assert under(archive, organisation, placed.hold_id) == [serial]


def repaired(archive: Archive, organisation: OrganisationRow, seq: int) -> None:
    """As if a newer parser could read it."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        row = quarantine.read_item(tx, seq).row
        key = tx.keyring.by_id(tx.session, tx.org_id, row.key_id)
        assert key is not None
        clear = quarantine.ClearItem("", 0, row.expires_at, "", row.received_at, seq, 0, "", tx.now)
        row.sealed = quarantine._seal(tx, clear, line(), key)[1]
        tx.record(QuarantineRetried(outcome="test"))


def test_held_texts_are_found_by_a_search_and_by_the_statement_that_destroys(
    archive: Archive, organisation: OrganisationRow
) -> None:
    hold(archive, organisation, "refund")
    kept, free = texts(archive, organisation, {"text": "refund"}, {"text": "else"})
    assert held(archive, organisation, [kept, free]) == [kept]
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert list(tx.session.scalars(select(MessageRow.seq).where(not_held()))) == [free]


@pytest.mark.tampers
def test_a_hold_that_cannot_be_read_holds_whatever_comes_in(
    archive: Archive, organisation: OrganisationRow, caplog: pytest.LogCaptureFixture
) -> None:
    placed = hold(archive, organisation, "refund")
    with archive.engine.begin() as connection:
        connection.execute(text("UPDATE hold SET entry = 1 WHERE id = :id"), {"id": placed.hold_id})
    serials = texts(archive, organisation, {"text": "no money at all"})
    assert under(archive, organisation, placed.hold_id) == serials
    with archive.transactions.read(organisation.id, OPERATOR) as tx, pytest.raises(Damaged) as raised:
        read_hold(tx, placed.hold_id)
    assert caplog.messages == [
        f"The hold {placed.hold_id} can't be read, so it catches every text: {raised.value.message}"
    ]


@pytest.mark.tampers
def test_a_hold_that_asks_for_nothing_new_is_not_opened(
    archive: Archive, organisation: OrganisationRow, caplog: pytest.LogCaptureFixture
) -> None:
    placed = hold(archive, organisation, "refund", standing=False)
    with archive.engine.begin() as connection:
        connection.execute(text("UPDATE hold SET entry = 1 WHERE id = :id"), {"id": placed.hold_id})
    texts(archive, organisation, {"text": "refund"})
    assert under(archive, organisation, placed.hold_id) == []
    assert caplog.messages == []
