"""Searches under a name: whose they are, who sees them, and what the ledger keeps of it."""

import pytest
from sqlalchemy import text as sql

from archive.access.organisations import OrganisationRow, create_organisation
from archive.access.people import create_person, disable_person
from archive.access.roles import Role
from archive.core.actor import OPERATOR, Actor
from archive.core.errors import BadInput, Conflict, Damaged, NotFound, NotPermitted
from archive.ledger.entry import Event
from archive.search.query.error import QueryError
from archive.search.saved.actions import change_saved, delete_saved, list_saved, read_saved, save_search
from archive.search.saved.model import MOST_OF_ONE, SavedSearch
from archive.wiring import Archive
from tests.taking_in import trail

DANA, NOOR = Actor("person", "per_dana"), Actor("person", "per_noor")
BRIDGE = Actor("key", "apk_bridge")


def saved(archive: Archive, organisation: OrganisationRow, actor: Actor = DANA, **how: object) -> SavedSearch:
    wanted: dict[str, object] = {"name": "Wires", "query": 'wire "closing date"', **how}
    with archive.transactions.write(organisation.id, actor) as tx:
        return save_search(tx, **wanted)  # type: ignore[arg-type]


def names(archive: Archive, organisation: OrganisationRow, actor: Actor) -> list[str]:
    with archive.transactions.read(organisation.id, actor) as tx:
        return [one.name for one in list_saved(tx)]


def test_what_is_saved_is_listed_by_name_with_all_that_it_takes_to_run_it(
    archive: Archive, organisation: OrganisationRow
) -> None:
    saved(archive, organisation, name="zebra")
    saved(archive, organisation, name="  Apples   and pears ", query="明天见 -refund", sorting="best", shared=True)
    with archive.transactions.read(organisation.id, DANA) as tx:
        first, second = list_saved(tx)
        assert read_saved(tx, first.id) == first
    assert (first.name, first.query, first.sorting, first.shared) == (
        "Apples and pears",
        "明天见 -refund",
        "best",
        True,
    )
    assert (second.name, second.sorting, second.shared, second.owner) == ("zebra", "newest", False, "person:per_dana")
    assert first.may_change and second.may_change


def test_a_private_one_is_nobody_elses_and_a_shared_one_everybodys_to_run(
    archive: Archive, organisation: OrganisationRow
) -> None:
    private, shared = saved(archive, organisation), saved(archive, organisation, name="Ours", shared=True)
    assert names(archive, organisation, DANA) == ["Ours", "Wires"]
    for other in (NOOR, BRIDGE):
        assert names(archive, organisation, other) == ["Ours"]
        with archive.transactions.write(organisation.id, other) as tx:
            assert read_saved(tx, shared.id).query == shared.query
            for act in (read_saved, delete_saved, change_saved):
                with pytest.raises(NotFound):
                    act(tx, private.id)


def test_another_organisation_sees_none(archive: Archive, organisation: OrganisationRow) -> None:
    shared = saved(archive, organisation, shared=True)
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    assert names(archive, other, DANA) == []
    with archive.transactions.write(other.id, DANA) as tx, pytest.raises(NotFound):
        delete_saved(tx, shared.id)


def person(archive: Archive, organisation: OrganisationRow, email: str) -> str:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return create_person(tx, name=email.title(), email=email, roles=[Role.COMPLIANCE])[0].id


def test_a_shared_one_is_changed_by_its_owner_and_by_others_only_when_the_owner_is_gone(
    archive: Archive, organisation: OrganisationRow
) -> None:
    owner = person(archive, organisation, "lee@harbour.example")
    one = saved(archive, organisation, Actor("person", owner), shared=True)
    with archive.transactions.write(organisation.id, NOOR) as tx:
        assert not read_saved(tx, one.id).may_change
        for act in (delete_saved, change_saved):
            with pytest.raises(NotPermitted, match="somebody else"):
                act(tx, one.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        disable_person(tx, owner)
    with archive.transactions.write(organisation.id, NOOR) as tx:
        assert read_saved(tx, one.id).may_change
        with pytest.raises(NotPermitted, match="Delete it instead"):
            change_saved(tx, one.id, shared=False)
        assert change_saved(tx, one.id, name="Left by Lee").name == "Left by Lee"
        delete_saved(tx, one.id)
    assert names(archive, organisation, NOOR) == []


def test_it_is_renamed_and_shared_and_what_is_not_said_stays(archive: Archive, organisation: OrganisationRow) -> None:
    one = saved(archive, organisation)
    with archive.transactions.write(organisation.id, DANA) as tx:
        renamed = change_saved(tx, one.id, name="Wires of the month")
        shared = change_saved(tx, one.id, shared=True)
        same = change_saved(tx, one.id, name="Wires of the month", shared=True)
    assert (renamed.name, renamed.shared, renamed.query) == ("Wires of the month", False, one.query)
    assert (shared.name, shared.shared) == ("Wires of the month", True)
    assert same == shared
    assert len(trail(archive, organisation, "search.changed")) == 2, "no change, no entry"


def test_every_change_is_in_the_ledger_with_name_and_words_sealed(
    archive: Archive, organisation: OrganisationRow
) -> None:
    one = saved(archive, organisation, name="About Dana", query="dana", sorting="best")
    with archive.transactions.write(organisation.id, DANA) as tx:
        change_saved(tx, one.id, name="About Lee", shared=True)
    with archive.transactions.write(organisation.id, DANA) as tx:
        delete_saved(tx, one.id)
    expected: dict[str, tuple[dict[str, object], dict[str, object]]] = {
        "search.saved": ({"sorting": "best", "shared": False}, {"name": "About Dana", "query": "dana"}),
        "search.changed": ({"shared": True}, {"before": "About Dana", "name": "About Lee"}),
        "search.deleted": ({}, {"name": "About Lee", "query": "dana"}),
    }
    for kind, (clear, private) in expected.items():
        (entry,) = trail(archive, organisation, kind)
        assert (entry.subject, entry.actor) == (one.id, "person:per_dana")
        assert (entry.detail, entry.private) == (clear, private)


def test_nothing_of_it_is_readable_in_its_row_and_it_opens_nowhere_else(
    archive: Archive, organisation: OrganisationRow
) -> None:
    first = saved(archive, organisation, name="About Dana", query="dana")
    with archive.engine.connect() as connection:
        row = connection.execute(sql("SELECT * FROM saved_search")).one()
    assert "dana" not in repr(row).casefold().replace("per_dana", "")
    second = saved(archive, organisation, name="Another")
    with archive.transactions.write(organisation.id, DANA) as tx:
        swap = sql("UPDATE saved_search SET sealed = (SELECT sealed FROM saved_search WHERE id = :a) WHERE id = :b")
        tx.session.connection().execute(swap, {"a": first.id, "b": second.id})
        with pytest.raises(Damaged):
            read_saved(tx, second.id)
        tx.record(Nothing())


class Nothing(Event, frozen=True, kw_only=True):
    kind = "test.nothing"


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "a\x1b[31mb", "half \ud83d"])
def test_a_name_that_is_none_is_refused(archive: Archive, organisation: OrganisationRow, name: str) -> None:
    with pytest.raises(BadInput, match="name"):
        saved(archive, organisation, name=name)


def test_a_line_that_cannot_be_read_is_not_saved(archive: Archive, organisation: OrganisationRow) -> None:
    with pytest.raises(QueryError, match="no field frm"):
        saved(archive, organisation, query="frm:dana")
    assert names(archive, organisation, DANA) == []


def test_half_a_character_is_saved_as_the_search_reads_it(archive: Archive, organisation: OrganisationRow) -> None:
    assert saved(archive, organisation, query="hello\ud83d").query == "hello\ufffd"


def test_a_name_is_given_once_by_each_and_two_people_may_use_the_same(
    archive: Archive, organisation: OrganisationRow
) -> None:
    saved(archive, organisation, name="Wires")
    with pytest.raises(Conflict, match="“wires” already"):
        saved(archive, organisation, name="wires")
    other = saved(archive, organisation, name="Refunds")
    with archive.transactions.write(organisation.id, DANA) as tx:
        with pytest.raises(Conflict):
            change_saved(tx, other.id, name="WIRES")
        assert change_saved(tx, other.id, name="REFUNDS").name == "REFUNDS", "its own name in other letters is free"
    assert saved(archive, organisation, NOOR, name="Wires").name == "Wires"


def test_nobody_saves_without_end(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, DANA) as tx:
        for number in range(MOST_OF_ONE):
            save_search(tx, name=f"Search {number}", query="wire")
        with pytest.raises(Conflict, match=f"saved {MOST_OF_ONE} searches"):
            save_search(tx, name="One more", query="wire")
