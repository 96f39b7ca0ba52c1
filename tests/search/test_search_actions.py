"""Searching and viewing as people and programs do it, on the whole path from the line to the opened texts."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR, Actor
from archive.core.errors import BadInput, NotFound
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, place_hold
from archive.ledger.entry import place
from archive.ledger.rows import LedgerEntryRow
from archive.messages.viewing import view_message
from archive.numbers.store import NumberRow
from archive.search.actions import Found, SearchRun, count_hits, search
from archive.search.follower import catch_up
from archive.search.query.error import QueryError
from archive.wiring import Archive
from tests.search.storing import NOON, OTHER, OWN, inbound, store

DANA = Actor("person", "usr_dana")


def indexed(archive: Archive, organisation: OrganisationRow, texts: Sequence[str]) -> list[int]:
    serials = store(archive, organisation, [inbound(number, text) for number, text in enumerate(texts)])
    catch_up(archive.transactions, archive.index, organisation.id)
    return serials


def serials_of(found: Found) -> list[int]:
    return [hit.message.serial for hit in found.hits]


def ledger_size(archive: Archive, organisation: OrganisationRow) -> int:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return tx.ledger_size


def last_entry(archive: Archive, organisation: OrganisationRow) -> tuple[LedgerEntryRow, dict[str, object]]:
    """The newest ledger entry and what it holds sealed."""
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        entry = tx.session.scalars(select(LedgerEntryRow).where(LedgerEntryRow.seq == tx.ledger_size)).one()
        assert entry.key_id and entry.sealed
        key = tx.keyring.by_id(tx.session, organisation.id, entry.key_id)
        assert key
        return entry, json.loads(key.open(entry.sealed, place(organisation.id, entry.seq))[32:])


def test_a_hit_has_the_text_as_it_was_sent_and_marks_on_its_words(
    archive: Archive, organisation: OrganisationRow
) -> None:
    text = "Wire $1,250.00 to O’Brien before the closing date 😊"
    serials = indexed(archive, organisation, ["something else", text])
    found = search(archive, organisation.id, DANA, "obrien 'closing date' 😊".replace("'", '"'))
    assert serials_of(found) == [serials[1]]
    hit = found.hits[0]
    assert hit.message.content.text == text
    assert [text[start:end] for start, end in hit.marks] == ["O’Brien", "closing date", "😊"]
    assert (found.count, found.next, found.understood) == (1, None, 'obrien "closing date" 😊')
    assert found.took > 0


def test_pages_follow_each_other_to_the_end_in_both_orders(archive: Archive, organisation: OrganisationRow) -> None:
    serials = indexed(archive, organisation, [f"hello {number}" for number in range(23)])
    for order, expected in (("newest", serials[::-1]), ("oldest", serials)):
        seen: list[int] = []
        cursor = None
        while True:
            found = search(archive, organisation.id, DANA, "hello", limit=5, cursor=cursor, order=order)  # type: ignore[arg-type]
            seen += serials_of(found)
            assert found.count == 23
            if (cursor := found.next) is None:
                break
        assert seen == expected


def test_the_page_can_come_first_and_the_count_after(archive: Archive, organisation: OrganisationRow) -> None:
    indexed(archive, organisation, ["hello"] * 7)
    assert search(archive, organisation.id, DANA, "hello", limit=2, count=False).count is None
    counted = count_hits(archive, organisation.id, DANA, "hello")
    assert (counted.count, counted.coverage.indexed, counted.coverage.complete) == (7, 7, True)


def test_where_there_is_one_page_its_hits_are_the_count(archive: Archive, organisation: OrganisationRow) -> None:
    indexed(archive, organisation, ["hello"] * 3)
    for line, count in (("hello", 3), ("nobody", 0)):
        assert search(archive, organisation.id, DANA, line, count=False).count == count


def test_the_best_match_comes_first_where_that_is_wanted(archive: Archive, organisation: OrganisationRow) -> None:
    words = ["wire wire wire", "ledger wire", "wire", *["nothing"] * 5]
    serials = indexed(archive, organisation, words)
    seen: list[int] = []
    cursor = None
    for _ in range(3):
        found = search(archive, organisation.id, DANA, "wire OR ledger", limit=1, cursor=cursor, order="best")
        assert (found.count, found.compared) == (3, None)
        seen += serials_of(found)
        cursor = found.next
    assert (seen, cursor) == ([serials[1], serials[0], serials[2]], None)
    newest = search(archive, organisation.id, DANA, "wire", limit=1).next
    with pytest.raises(BadInput, match="cursor of a search in this order"):
        search(archive, organisation.id, DANA, "wire", cursor=newest, order="best")


def test_every_answer_says_how_much_of_the_archive_it_covers(archive: Archive, organisation: OrganisationRow) -> None:
    serials = indexed(archive, organisation, ["hello"] * 3)
    covered = search(archive, organisation.id, DANA, "hello").coverage
    assert (covered.indexed, covered.of, covered.through, covered.complete) == (3, 3, serials[-1], True)
    store(archive, organisation, [inbound(9, "hello, not yet indexed")])
    behind = search(archive, organisation.id, DANA, "hello")
    assert (behind.count, behind.coverage.indexed, behind.coverage.of, behind.coverage.complete) == (3, 3, 4, False)


def test_a_search_is_in_the_ledger_with_who_and_how_many_and_the_words_sealed(
    archive: Archive, organisation: OrganisationRow
) -> None:
    indexed(archive, organisation, ["hello dana"] * 3)
    search(archive, organisation.id, DANA, '"hello dana"', limit=2)
    entry, private = last_entry(archive, organisation)
    assert (entry.kind, entry.actor) == ("search.run", "person:usr_dana")
    assert json.loads(entry.detail or "") == {"shown": 2, "count": 3}
    assert private == {"query": '"hello dana"'}
    assert "dana" not in (entry.detail or "")


def test_a_count_is_in_the_ledger_too(archive: Archive, organisation: OrganisationRow) -> None:
    indexed(archive, organisation, ["hello"])
    count_hits(archive, organisation.id, DANA, "nobody")
    entry, private = last_entry(archive, organisation)
    assert (entry.kind, json.loads(entry.detail or ""), private) == ("search.run", {"count": 0}, {"query": "nobody"})


def test_searches_do_not_keep_the_index_from_catching_up(archive: Archive, organisation: OrganisationRow) -> None:
    indexed(archive, organisation, ["hello"])
    for _ in range(5):
        search(archive, organisation.id, DANA, "hello")
    assert catch_up(archive.transactions, archive.index, organisation.id) == 0
    covered = search(archive, organisation.id, DANA, "hello").coverage
    assert covered.through == last_entry(archive, organisation)[0].seq - 1


@pytest.mark.tampers
def test_a_text_that_was_destroyed_since_it_was_indexed_is_not_shown(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serials = indexed(archive, organisation, ["hello 1", "hello 2", "hello 3"])
    with archive.engine.begin() as connection:
        connection.execute(sql("DELETE FROM message WHERE seq = :seq"), {"seq": serials[1]})
    assert serials_of(search(archive, organisation.id, DANA, "hello")) == [serials[2], serials[0]]


def test_an_organisation_finds_nothing_of_another(archive: Archive, organisation: OrganisationRow) -> None:
    indexed(archive, organisation, ["hello"])
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    found = search(archive, other.id, DANA, "hello")
    assert (found.hits, found.count, found.coverage.of) == ([], 0, 0)


def test_fields_are_asked_of_the_record(archive: Archive, organisation: OrganisationRow) -> None:
    later = {"received_at": NOON + timedelta(days=2), "sent_at": NOON + timedelta(days=2)}
    first, second, third = store(
        archive,
        organisation,
        [
            inbound(1, "hello", flags=("international",), campaign="C8K2L9"),
            inbound(2, "hello", direction="outbound", sender=OWN, recipients=(OTHER, "+16045550111")),
            inbound(3, "hello", own_number="+12125550123", recipients=("+12125550123",), sender="72975", **later),
        ],
    )
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        row = {"label": "", "state": "registered", "since": tx.now, "added_at": tx.now}
        tx.session.add(NumberRow(id="num_1", e164=OWN, location="Austin", **row))
        tx.session.add(NumberRow(id="num_2", e164="+12125550123", location="New York", **row))
        tx.record(SearchRun(query="numbers are added with an entry; here any will do"))
    catch_up(archive.transactions, archive.index, organisation.id)
    for line, expected in {
        f"from:{OTHER}": [first],
        f"from:{OWN}": [second],
        f"to:{OTHER}": [second],
        f"with:{OTHER}": [second, first],
        f"with:{OWN}": [],
        f"number:{OWN}": [second, first],
        f"number:{OTHER}": [second, first],
        'with:"(604) 555-0111"': [second],
        "from:72975": [third],
        "direction:out": [second],
        "campaign:c8k2l9": [first],
        "flag:international": [first],
        "account:AC1 provider:twilio": [third, second, first],
        'location:"new york"': [third],
        "location:Austin": [second, first],
        "location:Boston": [],
        "-location:Boston": [third, second, first],
        "after:2026-11-21": [third],
        "on:2026-11-20": [second, first],
        "before:2026-11-20": [],
        "held:yes": [],
        "held:no": [third, second, first],
        f"serial:{second}": [second],
    }.items():
        assert serials_of(search(archive, organisation.id, DANA, line)) == expected, line


def test_what_is_held_is_found_page_by_page_and_counted(archive: Archive, organisation: OrganisationRow) -> None:
    serials = indexed(archive, organisation, [f"text {number}" for number in range(30)])
    chosen = serials[::2]
    order = HoldOrder("A matter", Predicate(serials=tuple(chosen)), "A letter")
    place_hold(archive, organisation.id, DANA, order)
    for line, expected in (("held:yes text", chosen), ("-held:yes", serials[1::2]), ("held:no", serials[1::2])):
        first = search(archive, organisation.id, DANA, line, limit=10)
        second = search(archive, organisation.id, DANA, line, limit=10, cursor=first.next)
        assert [*serials_of(first), *serials_of(second)] == expected[::-1]
        assert (first.count, second.next) == (15, None)


def test_a_mistake_in_a_query_is_pointed_at_and_nothing_is_searched(
    archive: Archive, organisation: OrganisationRow
) -> None:
    indexed(archive, organisation, ["hello"])
    before = ledger_size(archive, organisation)
    with pytest.raises(QueryError) as caught:
        search(archive, organisation.id, DANA, "hello form:dana")
    assert (caught.value.start, caught.value.end, caught.value.understood) == (6, 15, "hello")
    with pytest.raises(BadInput, match="cursor"):
        search(archive, organisation.id, DANA, "hello", cursor="?")
    assert ledger_size(archive, organisation) == before


def test_a_query_with_half_a_character_is_answered_and_recorded(
    archive: Archive, organisation: OrganisationRow
) -> None:
    indexed(archive, organisation, ["hello"])
    assert search(archive, organisation.id, DANA, "hello\ud83d").count == 1
    assert last_entry(archive, organisation)[0].kind == "search.run"


def test_a_viewed_text_comes_with_its_conversation_and_leaves_an_entry(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serials = indexed(archive, organisation, ["one", "two", "three"])
    store(archive, organisation, [inbound(50, "another conversation", sender="+16045550111")])
    viewed = view_message(archive.transactions, archive.group, organisation.id, DANA, serials[1])
    assert viewed.message.content.text == "two"
    assert [message.serial for message in viewed.conversation] == serials
    entry, private = last_entry(archive, organisation)
    assert (entry.kind, entry.actor, entry.subject) == ("message.viewed", "person:usr_dana", f"message:{serials[1]}")
    assert json.loads(entry.detail or "") == {"beside": [serials[0], serials[2]]}
    assert private == {}


def test_a_text_that_is_not_there_cannot_be_viewed(archive: Archive, organisation: OrganisationRow) -> None:
    with pytest.raises(NotFound, match="no message 4711"):
        view_message(archive.transactions, archive.group, organisation.id, DANA, 4711)
