"""Certifying a search on a real archive: what the statement covers, and that the ledger remembers it."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import text as sql

from archive.access.organisations import OrganisationRow
from archive.access.people import create_person
from archive.access.roles import Role
from archive.core.actor import OPERATOR, Actor
from archive.core.errors import Damaged
from archive.ledger.checkpoints import signer
from archive.ledger.note import VerifierKey, open_checkpoint
from archive.search.certify import certify
from archive.search.query.error import QueryError
from archive.search.statement import Stated, check_statement
from archive.search.whoosh.disk import locked
from archive.search.whoosh.engine import WhooshIndex
from archive.wiring import Archive
from tests.search.storing import inbound, store
from tests.search.test_search_actions import DANA, indexed, last_entry, ledger_size


def public_key(archive: Archive, organisation: OrganisationRow) -> VerifierKey:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return signer(tx, organisation.origin).public


def stated(
    archive: Archive, organisation: OrganisationRow, line: str, actor: Actor = DANA, patience: float = 60
) -> Stated:
    made = certify(archive, organisation.id, actor, line, patience)
    checked = check_statement(made.text, public_key(archive, organisation))
    assert checked == made.stated
    return checked


def test_it_states_what_was_asked_and_how_many_were_found_none_included(
    archive: Archive, organisation: OrganisationRow
) -> None:
    indexed(archive, organisation, ["refund one", "refund two", "nothing"])
    for line, understood, count in (
        ("refund", "refund", 2), ("nobody", "nobody", 0), ("", "", 3), ("(refund OR  one)", "refund OR one", 2),
    ):  # fmt: skip
        said = stated(archive, organisation, line)
        assert (said.query, said.understood, said.count) == (line, understood, count)
        assert (said.coverage.complete, said.coverage.indexed, said.coverage.of) == (True, 3, 3)
        assert (said.origin, said.organisation) == (organisation.origin, organisation.name)
        assert said.at == "2026-11-23T09:00:00.000000Z"


def test_it_is_about_what_the_checkpoint_in_it_covers(archive: Archive, organisation: OrganisationRow) -> None:
    serials = indexed(archive, organisation, ["refund"])
    said = stated(archive, organisation, "refund")
    checkpoint = open_checkpoint(said.checkpoint.note, public_key(archive, organisation))
    assert checkpoint.size == said.checkpoint.size == said.coverage.through >= serials[0]
    assert checkpoint.root.hex() == said.checkpoint.root


def test_it_names_who_made_it(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        person, _ = create_person(tx, name="Dana Whitfield", email="dana@harbour.example", roles=[Role.COMPLIANCE])
    by = stated(archive, organisation, "refund", Actor("person", person.id)).by
    assert (by.actor, by.name) == (f"person:{person.id}", "Dana Whitfield")
    by = stated(archive, organisation, "refund", OPERATOR).by
    assert (by.actor, by.name) == ("operator:cli", "the operator")


def test_it_is_in_the_ledger_with_its_digest_and_the_words_sealed(
    archive: Archive, organisation: OrganisationRow
) -> None:
    indexed(archive, organisation, ["hello dana"])
    made = certify(archive, organisation.id, DANA, '"hello dana"')
    entry, private = last_entry(archive, organisation)
    assert (entry.kind, entry.actor, entry.subject) == ("search.certified", "person:usr_dana", made.stated.id)
    assert private == {"query": '"hello dana"'}
    assert "dana" not in (entry.detail or "")
    assert hashlib.sha256(made.signed.encode()).hexdigest() in (entry.detail or "")
    assert f'"size":{made.stated.checkpoint.size}' in (entry.detail or "")
    assert entry.seq == made.stated.checkpoint.size + 1


def test_what_is_not_indexed_yet_is_indexed_first(archive: Archive, organisation: OrganisationRow) -> None:
    store(archive, organisation, [inbound(number, "refund") for number in range(5)])
    said = stated(archive, organisation, "refund")
    assert (said.count, said.coverage.complete, said.coverage.of) == (5, True, 5)


def test_where_the_index_cannot_follow_it_says_how_much_is_missing(
    archive: Archive, organisation: OrganisationRow
) -> None:
    indexed(archive, organisation, ["refund"] * 3)
    store(archive, organisation, [inbound(number, "refund") for number in range(10, 14)])
    with locked(archive.settings.index / str(organisation.id)):
        said = stated(archive, organisation, "refund", patience=0)
    assert (said.count, said.coverage.indexed, said.coverage.missing, said.coverage.of) == (3, 3, 4, 7)
    assert not said.coverage.complete


@pytest.mark.tampers
def test_a_text_that_could_not_be_opened_is_missing(archive: Archive, organisation: OrganisationRow) -> None:
    serials = store(archive, organisation, [inbound(number, "refund") for number in range(3)])
    with archive.engine.begin() as connection:
        connection.execute(sql("UPDATE message SET flags = 'mms' WHERE seq = :seq"), {"seq": serials[1]})
    said = stated(archive, organisation, "refund")
    assert (said.count, said.coverage.indexed, said.coverage.missing, said.coverage.of) == (2, 2, 1, 3)


def test_what_arrives_after_the_checkpoint_is_not_counted(archive: Archive, organisation: OrganisationRow) -> None:
    indexed(archive, organisation, ["refund"] * 3)

    class BusyIndex(WhooshIndex):
        """More texts are indexed at the worst moment: between the checkpoint and the count."""

        late = 0

        def count(self, *asked) -> int:  # type: ignore[no-untyped-def]
            if self.late < 2:
                self.late += 1
                indexed(archive, organisation, [f"refund late {self.late}"])
            return super().count(*asked)

    busy = replace(archive, index=BusyIndex(archive.settings.index))
    said = stated(busy, organisation, "refund")
    assert (said.count, said.coverage.of, said.coverage.complete) == (3, 3, True)
    assert ledger_size(archive, organisation) > said.coverage.through + 1


@pytest.mark.tampers
def test_an_index_that_holds_more_than_the_archive_is_not_certified(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serials = indexed(archive, organisation, ["refund"] * 3)
    with archive.engine.begin() as connection:
        connection.execute(sql("DELETE FROM message WHERE seq = :seq"), {"seq": serials[1]})
    with pytest.raises(Damaged, match="index holds texts that the archive doesn't"):
        certify(archive, organisation.id, DANA, "refund")


def test_a_line_that_cannot_be_read_leaves_nothing_behind(archive: Archive, organisation: OrganisationRow) -> None:
    before = ledger_size(archive, organisation)
    with pytest.raises(QueryError):
        certify(archive, organisation.id, DANA, "frm:x")
    assert ledger_size(archive, organisation) == before
