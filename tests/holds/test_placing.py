"""A hold is placed: what it covers is under it from the commit on, and the answer says what it was too late for."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.core.errors import ArchiveError, Damaged
from archive.holds.covering import find_covered
from archive.holds.indexed import ask_index
from archive.holds.model import Predicate
from archive.holds.placing import place_found, preview_hold
from archive.holds.reading import read_hold, read_holds, read_matters
from archive.ledger.entry import Event
from archive.search.follower import catch_up
from archive.search.index import NotSearchable
from archive.search.query.parse import parse
from archive.search.resolve import resolve
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.holds.ordering import DANA, conversation_of, hold, order, texts, under
from tests.items import OWN_NUMBER, own_number
from tests.taking_in import trail

PARTY, OTHER = "+14155550188", "+14155550177"


class Begun(Event, frozen=True, kw_only=True):
    kind = "test.begun"


def covers(archive: Archive, organisation: OrganisationRow, query: str) -> list[int]:
    return under(archive, organisation, hold(archive, organisation, query).hold_id)


def test_each_part_of_a_predicate_chooses_its_texts(archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation.id)
    first, second, third = texts(
        archive,
        organisation,
        {"text": "The refund is on its way", "sent_at": "2026-11-01T10:00:00Z"},
        {"from": OTHER, "text": "Nothing to see", "campaign": "C8K2L9"},
        {"direction": "outbound", "from": OWN_NUMBER, "to": [OTHER], "text": "Refunds take a week"},
    )
    expected = {
        f"with:{PARTY}": [first],
        f"with:{OTHER}": [second, third],
        f"number:{OWN_NUMBER}": [first, second, third],
        "number:+12125550199": [],
        "before:2026-11-10": [first],
        "after:2026-11-10": [second, third],
        "campaign:c8k2l9": [second],
        "refund*": [first, third],
        f"refund* with:{OTHER}": [third],
        f'"refund is" OR with:{OTHER}': [first, second, third],
        f"-with:{OTHER}": [first],
        f"from:{OTHER}": [second],
        f"to:{OTHER}": [third],
        "has:link": [],
        f"serial:{second}": [second],
        "refnud~": [first],
    }
    assert {query: covers(archive, organisation, query) for query in expected} == expected


def test_serials_and_a_conversation_can_be_held(archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation.id)
    first, second, third = texts(archive, organisation, {}, {"from": OTHER}, {"text": "More"})
    named = hold(archive, organisation, predicate=Predicate(serials=(second, first, 999_999)))
    assert under(archive, organisation, named.hold_id) == [first, second]
    whole = hold(archive, organisation, predicate=conversation_of(archive, organisation, third))
    assert under(archive, organisation, whole.hold_id) == [first, third]


def test_the_preview_says_what_placing_then_does(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    old, _ = texts(archive, organisation, {"text": "old refund"}, {"text": "something else"})
    hold(archive, organisation, f"serial:{old}")
    clock.advance(days=394)
    texts(archive, organisation, {"text": "new refund"})
    seen = preview_hold(archive, organisation.id, DANA, Predicate("refund"))
    assert (seen.covered, seen.held, seen.soon, seen.shredding) == (2, 1, 1, 0)
    entry = trail(archive, organisation, "hold.previewed")[0]
    assert (entry.detail, entry.private) == ({"count": 2}, {"predicate": {"query": "refund"}})
    placed = hold(archive, organisation, "refund")
    assert (placed.preserved, placed.shredding) == (2, 0)


def test_what_is_being_destroyed_already_is_said_and_is_not_under_the_hold(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, second, third = texts(archive, organisation, {}, {"text": "refund"}, {"from": OTHER})
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        found, through = find_covered(tx, Predicate(f"with:{PARTY}")), tx.ledger_size
    begin_to_destroy(archive, organisation, first)
    # Between looking and placing, one of what was found had begun to be destroyed; the lock comes too late for it.
    with archive.transactions.write(organisation.id, DANA) as tx:
        placed = place_found(tx, order(f"with:{PARTY}"), found, through)
    assert (placed.preserved, placed.shredding) == (1, 1)
    assert under(archive, organisation, placed.hold_id) == [second]
    again = hold(archive, organisation, f"number:{OWN_NUMBER}")
    assert (again.preserved, again.shredding) == (2, 1)
    assert under(archive, organisation, again.hold_id) == [second, third]


def begin_to_destroy(archive: Archive, organisation: OrganisationRow, serial: int) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        entry = tx.record(Begun())
        tx.session.execute(
            text(f"UPDATE message SET shredding = {entry} WHERE seq = {serial} AND org_id = {tx.org_id}")
        )


def test_words_of_what_is_being_destroyed_are_counted_only_where_they_are(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, second = texts(archive, organisation, {"text": "refund"}, {"text": "nothing"})
    for serial in (first, second):
        begin_to_destroy(archive, organisation, serial)
    placed = hold(archive, organisation, "refund")
    assert (placed.preserved, placed.shredding) == (0, 1)


def test_what_comes_in_between_looking_and_placing_is_under_it_too(
    archive: Archive, organisation: OrganisationRow
) -> None:
    (first,) = texts(archive, organisation, {"text": "refund"})
    with archive.transactions.read(organisation.id, DANA) as tx:
        found, through = find_covered(tx, Predicate("refund")), tx.ledger_size
    (second,) = texts(archive, organisation, {"text": "a second refund"})
    with archive.transactions.write(organisation.id, DANA) as tx:
        placed = place_found(tx, order("refund"), found, through)
    assert under(archive, organisation, placed.hold_id) == [first, second]


@pytest.mark.tampers
def test_no_statement_whatever_removes_a_text_that_is_under_a_hold(
    archive: Archive, organisation: OrganisationRow
) -> None:
    (serial,) = texts(archive, organisation, {})
    hold(archive, organisation, "friday")
    with pytest.raises(IntegrityError), archive.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM message WHERE seq = {serial} AND org_id = {organisation.id}"))


@pytest.mark.tampers
def test_a_text_that_cannot_be_opened_is_held_rather_than_missed(
    archive: Archive, organisation: OrganisationRow
) -> None:
    broken, other = texts(archive, organisation, {"text": "refund"}, {"text": "nothing"})
    with archive.engine.begin() as connection:
        connection.execute(
            text(f"UPDATE message SET flags = 'mms' WHERE seq = {broken} AND org_id = {organisation.id}")
        )
    assert covers(archive, organisation, "closing") == [broken]
    assert other not in covers(archive, organisation, "closing")


def test_matters_are_found_by_name_and_hold_their_holds(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    first = hold(archive, organisation, "friday", matter="Miller v. Harbour", reference="26-CV-0417")
    second = hold(archive, organisation, "ten", matter=" miller V. harbour ")
    third = hold(archive, organisation, "good", matter="SEC inquiry")
    assert first.matter_id == second.matter_id != third.matter_id
    with archive.transactions.read(organisation.id, DANA) as tx:
        matters = [(matter.name, matter.reference) for matter in read_matters(tx)]
        assert matters == [("Miller v. Harbour", "26-CV-0417"), ("SEC inquiry", "")]
        read = read_hold(tx, first.hold_id)
        assert [one.id for one in read_holds(tx)] == [third.hold_id, second.hold_id, first.hold_id]
    assert (read.predicate, read.reason, read.standing) == (Predicate("friday"), "Letter of counsel", True)
    assert (read.placed_by, read.is_active, read.matter.name) == (str(DANA), True, "Miller v. Harbour")


def test_who_a_hold_is_about_stands_nowhere_in_the_clear(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    placed = hold(archive, organisation, f"with:{PARTY} friday", matter="Dana Miller", reason="Dana called")
    with archive.engine.connect() as connection:
        for table in ("hold", "matter", "hold_message", "ledger_entry"):
            rows = connection.execute(text(f"SELECT * FROM {table} WHERE org_id = {organisation.id}")).all()
            assert not any(word in repr(rows) for word in (PARTY[2:], "Miller", "called", "friday")), table
    entry = trail(archive, organisation, "hold.placed")[0]
    assert (entry.subject, entry.detail["count"], entry.detail["shredding"]) == (placed.hold_id, 1, 0)
    assert entry.private == {"predicate": {"query": f"with:{PARTY} friday"}, "reason": "Dana called"}


@pytest.mark.parametrize(
    "changes",
    [
        {"predicate": Predicate()},
        {"query": "held:yes"},
        {"query": "refund OR -held:no"},
        {"query": "nosuchfield:x"},
        {"query": '"never closed'},
        {"query": "refund", "reason": "  "},
        {"query": "refund", "matter": ""},
        {"query": "refund", "matter": "x" * 201},
        {"query": "refund", "reason": "x" * 2_001},
        {"predicate": Predicate(serials=tuple(range(10_001)))},
    ],
)
def test_an_order_that_says_too_little_or_too_much_is_refused(
    archive: Archive, organisation: OrganisationRow, changes: dict[str, str]
) -> None:
    with pytest.raises(ArchiveError):
        hold(archive, organisation, **changes)
    with archive.transactions.read(organisation.id, DANA) as tx:
        assert read_holds(tx) == []


@pytest.mark.tampers
@pytest.mark.parametrize("column", ["sealed", "entry"])
def test_a_hold_whose_words_were_changed_is_not_read(
    archive: Archive, organisation: OrganisationRow, column: str
) -> None:
    texts(archive, organisation, {})
    first, second = hold(archive, organisation, "friday"), hold(archive, organisation, "ten")
    swap = f"UPDATE hold SET {column} = (SELECT {column} FROM hold WHERE id = :other) WHERE id = :id"
    with archive.engine.begin() as connection:
        connection.execute(text(swap), {"id": first.hold_id, "other": second.hold_id})
    with archive.transactions.read(organisation.id, DANA) as tx, pytest.raises(Damaged):
        read_hold(tx, first.hold_id)


def test_another_organisation_sees_none_of_it(archive: Archive, organisation: OrganisationRow) -> None:
    texts(archive, organisation, {})
    hold(archive, organisation, "friday")
    other = create_organisation(archive.transactions, "Elsewhere " + organisation.name, OPERATOR, "http://127.0.0.1")
    with archive.transactions.read(other.id, DANA) as tx:
        assert (read_holds(tx), read_matters(tx)) == ([], [])
    placed = hold(archive, other, "friday")
    assert placed.preserved == 0


def test_words_are_asked_of_the_index_as_far_as_it_is_whole_and_nothing_is_missed(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, second = texts(archive, organisation, {"text": "refund one"}, {"text": "nothing"})
    catch_up(archive.transactions, archive.index, organisation.id)
    (third,) = texts(archive, organisation, {"text": "refund two"})
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        answers = ask_index(tx, archive.index, resolve(tx, parse("refund")))
    assert [answers.of(serial) for serial in (first, second, third)] == [True, False, None]
    assert covers(archive, organisation, "refund") == [first, third]
    assert covers(archive, organisation, "-refund") == [second]


@pytest.mark.parametrize("trouble", ["one text is missing", "damaged", "too costly", "there is none"])
def test_an_index_that_is_not_whole_is_not_asked(archive: Archive, organisation: OrganisationRow, trouble: str) -> None:
    first, second = texts(archive, organisation, {"text": "refund one"}, {"text": "refund two"})
    catch_up(archive.transactions, archive.index, organisation.id)
    if trouble == "one text is missing":
        archive.index.purge(organisation.id, [first])
    if trouble == "damaged":
        for path in (archive.settings.index / str(organisation.id)).rglob("*.seg"):
            path.write_bytes(path.read_bytes()[:-3] + b"xyz")
    index = None if trouble == "there is none" else archive.index
    plan = resolve(None, parse("refund"))  # type: ignore[arg-type]  # It asks for no place.
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        answers = ask_index(tx, Costly() if trouble == "too costly" else index, plan)  # type: ignore[arg-type]
    assert [answers.of(serial) for serial in (first, second)] == [None, None]
    assert covers(archive, organisation, "refund") == [first, second]


class Costly:
    """An index that can't afford to answer."""

    def state(self, org_id: int) -> None:
        raise NotSearchable("Too many words.")
