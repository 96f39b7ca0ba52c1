"""A letter can't be changed: whoever owns the database does so by raw SQL, and `verify` says which letter and what."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.letters.checking import faults_of
from archive.letters.ending import revoke_letter
from archive.letters.keeping import LetterPolicy, set_policy
from archive.letters.model import Letter
from archive.proving import verify_organisation
from archive.wiring import Archive
from tests.letters.signing import NEEDS, OTHER_NEEDS, sign

Numbers = tuple[str, str, str]
pytestmark = pytest.mark.tampers


@pytest.fixture
def letter(archive: Archive, organisation: OrganisationRow, numbers: Numbers) -> Iterator[Letter]:
    """One in force, one revoked before, and a policy."""
    revoked = sign(archive, organisation, OTHER_NEEDS)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        revoke_letter(tx, revoked.id, "Signed by mistake")
        set_policy(tx, LetterPolicy(keep_years=5))
    yield sign(archive, organisation, NEEDS)


def faults(archive: Archive, organisation: OrganisationRow) -> list[str]:
    return [fault.what for fault in verify_organisation(archive.transactions, archive.vault, organisation).faults]


def change(archive: Archive, statement: str, **values: Any) -> None:
    with archive.engine.begin() as connection:
        _defer(connection)
        assert connection.execute(text(statement), values).rowcount


def _defer(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))


def test_untouched_everything_is_in_order(archive: Archive, organisation: OrganisationRow, letter: Letter) -> None:
    assert faults(archive, organisation) == []
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert faults_of(tx, letter.id) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("form", "paper"),
        ("wording", None),
        ("text_sha256", "0" * 64),
        ("pdf_sha256", "0" * 64),
        ("signed_at", 0),
        ("last_day", 99_999),
        ("supersedes", "loa_x"),
    ],
)
def test_no_column_can_be_changed(
    archive: Archive, organisation: OrganisationRow, letter: Letter, column: str, value: object
) -> None:
    change(archive, f"UPDATE letter SET {column} = :value WHERE id = :id", value=value, id=letter.id)
    found = faults(archive, organisation)
    assert any(f"another {column} in the database" in fault for fault in found), found


@pytest.mark.parametrize("part", ["evidence", "pdf"])
@pytest.mark.parametrize("how", ["exchanged", "cut off", "gone"])
def test_neither_words_nor_file_can_be_changed(
    archive: Archive, organisation: OrganisationRow, letter: Letter, part: str, how: str
) -> None:
    other = sign(archive, organisation, OTHER_NEEDS)
    of_other = "(SELECT sealed FROM letter_paper WHERE letter_id = :other AND part = :part)"
    where = "WHERE letter_id = :id AND part = :part"
    values = {"id": letter.id, "part": part}
    if how == "exchanged":
        change(archive, f"UPDATE letter_paper SET sealed = {of_other} {where}", other=other.id, **values)
    elif how == "cut off":
        change(archive, f"UPDATE letter_paper SET sealed = substr(sealed, 1, 40) {where}", **values)
    else:
        change(archive, f"DELETE FROM letter_paper {where}", **values)
    assert faults(archive, organisation) != []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM letter_number WHERE letter_id = :id", "covers other numbers"),
        ("DELETE FROM letter_ending", "doesn't say that the letter"),
        ("UPDATE letter_ending SET letter_id = :id", "the ledger doesn't"),
        ("UPDATE letter_ending SET superseded_by = :id", "superseded by another one"),
        ("UPDATE letter_policy SET keep_years = 4", "the policy of letters is another"),
        ("UPDATE letter SET entry = entry + 1 WHERE id = :id", "without the ledger entry that made it"),
    ],
)
def test_numbers_endings_and_the_policy_are_what_the_ledger_says(
    archive: Archive, organisation: OrganisationRow, letter: Letter, statement: str, words: str
) -> None:
    where = f"{statement} {'AND' if 'WHERE' in statement else 'WHERE'} org_id = {organisation.id}"
    change(archive, where, **({"id": letter.id} if ":id" in statement else {}))
    found = faults(archive, organisation)
    assert any(words in fault for fault in found), found


def test_a_letter_that_is_gone_is_missed(archive: Archive, organisation: OrganisationRow, letter: Letter) -> None:
    for table, column in (("letter_paper", "letter_id"), ("letter_number", "letter_id"), ("letter", "id")):
        change(archive, f"DELETE FROM {table} WHERE {column} = :id", id=letter.id)
    assert f"the letter {letter.id} is gone from the database" in faults(archive, organisation)
