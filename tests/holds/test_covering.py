"""Looking for what a predicate covers: where a statement narrows the search, nothing that is covered may be missed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput
from archive.holds import covering
from archive.holds.covering import Covers, find_covered, query_of
from archive.holds.model import Predicate
from archive.holds.possible import Clear, Parties
from archive.messages.actions import hashes_of
from archive.messages.store import MessagePartyRow
from archive.search.follower import catch_up
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.holds.ordering import conversation_of, texts
from tests.items import OWN_NUMBER, STRANGER
from tests.taking_in import own_number

OTHER = "+14155550177"


def covered(archive: Archive, organisation: OrganisationRow, query: str, **more: object) -> list[int]:
    predicate = more.pop("predicate", Predicate(query))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return find_covered(tx, predicate, **more).covered  # type: ignore[arg-type]


def test_dates_include_their_first_moment_and_not_their_last(archive: Archive, organisation: OrganisationRow) -> None:
    sent = ["2026-11-09T23:59:59Z", "2026-11-10T00:00:00Z", "2026-11-10T23:59:59Z", "2026-11-11T00:00:00Z"]
    serials = texts(archive, organisation, *({"sent_at": moment} for moment in sent))
    assert covered(archive, organisation, "on:2026-11-10") == serials[1:3]
    assert covered(archive, organisation, "after:2026-11-10") == serials[1:]
    assert covered(archive, organisation, "before:2026-11-10") == serials[:1]


def test_what_was_not_said_when_it_was_sent_is_dated_by_when_it_came_in(
    archive: Archive, organisation: OrganisationRow
) -> None:
    (here,) = texts(archive, organisation, {"sent_at": ...})
    assert covered(archive, organisation, "on:2026-11-23") == [here]
    assert covered(archive, organisation, "before:2026-11-23") == []


def test_texts_after_and_through_a_serial_and_received_before_a_moment_are_looked_at(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    early = texts(archive, organisation, {"text": "one"}, {"text": "two"})
    clock.advance(hours=1)
    late = texts(archive, organisation, {"text": "three"}, {"text": "four"})
    everything = Predicate("text OR -text")
    found = {
        "all": covered(archive, organisation, "", predicate=everything),
        "after": covered(archive, organisation, "", predicate=everything, after=early[0]),
        "through": covered(archive, organisation, "", predicate=everything, through=late[0]),
        "before": covered(archive, organisation, "", predicate=everything, before=clock.now),
        "a moment later": covered(
            archive, organisation, "", predicate=everything, before=clock.now + timedelta(microseconds=1)
        ),
    }
    assert found == {
        "all": [*early, *late],
        "after": [early[1], *late],
        "through": [*early, late[0]],
        "before": early,
        "a moment later": [*early, *late],
    }


def test_what_only_helps_to_find_is_not_trusted_by_a_thorough_look(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, second = texts(archive, organisation, {}, {"from": OTHER})
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.session.execute(delete(MessagePartyRow).where(MessagePartyRow.seq == first))
        predicate = Predicate(f"with:{STRANGER}")
        assert find_covered(tx, predicate).covered == []
        assert find_covered(tx, predicate, thorough=True).covered == [first]
        assert find_covered(tx, Predicate(f"with:{OTHER}"), thorough=True).covered == [second]
        tx.session.rollback()


@pytest.mark.tampers
def test_an_index_is_asked_in_place_of_opening_every_text(archive: Archive, organisation: OrganisationRow) -> None:
    first, second = texts(archive, organisation, {"text": "refund"}, {"text": "nothing"})
    catch_up(archive.transactions, archive.index, organisation.id)
    break_text(archive, organisation, second)
    assert covered(archive, organisation, "refund") == [first, second], "what can't be opened counts as covered"
    assert covered(archive, organisation, "refund", index=archive.index) == [first]


@pytest.mark.tampers
def test_what_the_readable_columns_and_keyed_hashes_tell_is_not_opened(
    archive: Archive, organisation: OrganisationRow
) -> None:
    broken, other = texts(archive, organisation, {}, {"from": OTHER})
    break_text(archive, organisation, broken)
    assert covered(archive, organisation, f"-with:{STRANGER}") == [other]
    assert covered(archive, organisation, f"-with:{STRANGER}", thorough=True) == [broken, other]
    said: list[str] = []

    def note(*details: Any) -> None:
        said.append(details[2])

    event.listen(archive.engine, "before_cursor_execute", note)
    assert covered(archive, organisation, f"number:{OWN_NUMBER} with:{OTHER}") == [other]
    event.remove(archive.engine, "before_cursor_execute", note)
    assert any("message.flags" in statement and "message_party" in statement for statement in said)
    assert not any("message.sealed" in statement for statement in said)


def test_a_text_is_asked_for_its_serial_its_conversation_and_the_rest(
    archive: Archive, organisation: OrganisationRow
) -> None:
    row = Clear(7, "inbound", OWN_NUMBER, "twilio", None, None, "mms", 3, 1_000)
    asked = [
        Predicate("flag:mms"),
        Predicate("-flag:mms"),
        Predicate("flag:mms", conversation=3, serials=(6, 7)),
        Predicate("flag:mms", conversation=4),
        Predicate("flag:mms", serials=(6, 8)),
        Predicate("refund", conversation=3),
    ]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        answers = [Covers(tx, predicate).known(row, None) for predicate in asked]
    assert answers == [True, False, True, False, False, None]


def break_text(archive: Archive, organisation: OrganisationRow, serial: int) -> None:
    change = text(f"UPDATE message SET flags = 'mms' WHERE seq = {serial} AND org_id = {organisation.id}")
    with archive.engine.begin() as connection:
        connection.execute(change)


def test_more_texts_than_one_statement_hands_out_are_all_looked_at(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serials = texts(archive, organisation, *({"text": f"number {at}"} for at in range(2 * covering.AT_ONCE + 1)))
    assert covered(archive, organisation, f"number:{OWN_NUMBER}") == serials
    handed = handed_out(archive, organisation, Predicate("number"))
    assert [len(rows) for rows in handed] == [covering.AT_ONCE, covering.AT_ONCE, 1]


def handed_out(
    archive: Archive, organisation: OrganisationRow, predicate: Predicate, *, parties: bool = True
) -> list[list[int]]:
    """The serials of the texts that the statement finds, batch by batch: all that are looked at one by one."""
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        known = Parties(tx, hashes_of(tx)) if parties else None
        batches = covering._candidates(tx, Covers(tx, predicate), known, 0, tx.ledger_size, None)
        return [[row.seq for row in rows] for rows in batches]


@pytest.mark.parametrize(
    ("query", "which"),
    [
        (f"with:{OTHER}", [2]),
        (f"with:{OTHER} refund", [2]),
        (f"with:{OTHER} OR with:{STRANGER}", [0, 1, 2, 3]),
        (f"with:{OTHER} OR refund", [0, 1, 2, 3]),
        ("number:+12125550199", [3]),
        (f"number:{OWN_NUMBER}", [0, 1, 2]),
        ("on:2026-11-10", [1]),
        ("after:2026-11-11", [2, 3]),
        (f"after:2026-11-11 with:{STRANGER}", [3]),
        ("before:2026-11-10", [0]),
        ("location:nowhere", []),
        ("location:nowhere OR on:2026-11-10", [1]),
        ("refund", [0, 1, 2, 3]),
        ("-on:2026-11-10", [0, 1, 2, 3]),
        ("with:dana", [0, 1, 2, 3]),
    ],
)
def test_a_statement_hands_out_no_more_than_it_must(
    archive: Archive, organisation: OrganisationRow, query: str, which: list[int]
) -> None:
    serials = texts(
        archive,
        organisation,
        {"sent_at": "2026-11-09T23:59:59Z"},
        {"sent_at": "2026-11-10T00:00:00Z"},
        {"sent_at": "2026-11-11T00:00:00Z", "from": OTHER},
        {"sent_at": "2026-11-12T00:00:00Z", "to": ["+12125550199"]},
    )
    (found,) = handed_out(archive, organisation, Predicate(query)) or [[]]
    assert [serials.index(serial) for serial in found] == which
    if "with" in query and "after" not in query:
        assert handed_out(archive, organisation, Predicate(query), parties=False) == [serials]
    (found,) = handed_out(archive, organisation, Predicate(f"serial:{serials[1]}..{serials[2]}"))
    assert found == serials[1:3]
    (found,) = handed_out(archive, organisation, Predicate(serials=(serials[2], serials[0])))
    assert found == serials[:3], "between the first and the last"


@pytest.mark.parametrize(
    ("query", "which"),
    [
        (f"number:{OWN_NUMBER}", [0, 1, 2]),
        (f"from:{STRANGER}", [0, 2]),
        (f"with:{OTHER}", [1]),
        (f"with:{OTHER} refund", [1]),
        (f"with:{OTHER} OR refund", [0, 1]),
        (f"with:{OTHER} OR with:{STRANGER}", [0, 1, 2]),
        (f"with:{OTHER} after:2020-01-01", [1]),
        (f"with:{OTHER} before:2020-01-01", []),
        ("location:Austin", [0, 1, 2]),
        ("location:Nowhere", []),
        ("location:Nowhere OR refund", [0, 1]),
        ("-refund", [2]),
        ("campaign:c1 refund", [0]),
        ("campaign:c1 OR direction:out", [0]),
    ],
)
def test_each_way_of_narrowing_the_search_finds_all_that_is_covered(
    archive: Archive, organisation: OrganisationRow, query: str, which: list[int]
) -> None:
    own_number(archive, organisation)
    serials = texts(
        archive, organisation, {"text": "a refund", "campaign": "C1"}, {"from": OTHER, "text": "refund"}, {"text": "no"}
    )
    assert [serials.index(serial) for serial in covered(archive, organisation, query)] == which
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        thorough = find_covered(tx, Predicate(query), thorough=True).covered
    assert [serials.index(serial) for serial in thorough] == which


def test_a_number_that_no_keyed_hash_stands_for_is_looked_for_in_every_text(
    archive: Archive, organisation: OrganisationRow
) -> None:
    """An alphanumeric sender may be written in capitals or not, so no hash of it finds it."""
    bank, _ = texts(archive, organisation, {"from": "MyBank"}, {"text": "else"})
    assert covered(archive, organisation, "with:mybank") == [bank]
    assert covered(archive, organisation, "from:MYBANK") == [bank]


def test_serials_and_a_conversation_are_covered_together_with_words(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first, second, third, other = texts(
        archive, organisation, {"text": "one"}, {"text": "two"}, {"text": "three"}, {"from": OTHER, "text": "one"}
    )
    assert covered(archive, organisation, "", predicate=Predicate(serials=(third, first))) == [first, third]
    assert covered(archive, organisation, "", predicate=Predicate("one", serials=(third, first, other))) == [
        *(first, other),
    ]
    conversation = conversation_of(archive, organisation, second).conversation
    assert covered(archive, organisation, "", predicate=Predicate("one", conversation)) == [first]
    assert covered(archive, organisation, "", predicate=Predicate("", conversation, (second, other))) == [second]


def test_what_is_being_destroyed_is_told_apart_from_what_is_here(
    archive: Archive, organisation: OrganisationRow
) -> None:
    here, going, neither = texts(archive, organisation, {"text": "refund"}, {"text": "a refund"}, {"text": "else"})
    catch_up(archive.transactions, archive.index, organisation.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.session.execute(text(f"UPDATE message SET shredding = 5 WHERE seq <> {here} AND org_id = {tx.org_id}"))
        for index in (None, archive.index):
            found = find_covered(tx, Predicate("refund"), index=index)
            assert (found.covered, found.shredding) == ([here], [going])
        found = find_covered(tx, Predicate(f"number:{OWN_NUMBER}"))
        assert (found.covered, found.shredding) == ([here], [going, neither])
        tx.session.rollback()


@pytest.mark.parametrize("query", ["held:yes", "-held:no", "refund OR held:yes", "(refund -held:yes) OR b"])
def test_a_hold_does_not_depend_on_holds(query: str) -> None:
    with pytest.raises(BadInput) as raised:
        query_of(query)
    assert str(raised.value) == "A hold can't depend on what is held. Leave held: out."


def test_what_does_not_ask_for_holds_may_be_held() -> None:
    for query in ("refund", "campaign:c1 -flag:mms", "flag:mms OR (a b)"):
        assert query_of(query)
