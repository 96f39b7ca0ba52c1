"""Numbers from a table: a preview that changes nothing, and a fate for each line."""

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, TooLarge
from archive.core.fates import Fate, Outcome
from archive.core.table import LARGEST
from archive.numbers.history import past_of
from archive.numbers.importing import take_table
from archive.numbers.store import all_numbers
from archive.numbers.table import read_table
from archive.wiring import Archive
from tests.items import OWN_NUMBER, ledger_size

FILE = """\ufeffNumber,Location,Label,State,Reason
(212) 555-0123,Austin,Kit,authorised,Order 7
+12125550124,"Austin, TX",,,

+12125550125,Austin,Dana,registered,
+442079460958,London,,,
212-555-0123,Austin,Noor,,
,Austin,,,
+12125550126,Austin,,sideways,
+12125550127,Austin
"""


def take(archive: Archive, organisation: OrganisationRow, file: str) -> list[Fate]:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return take_table(tx, read_table(file.encode()))


def test_each_line_has_its_fate(archive: Archive, organisation: OrganisationRow) -> None:
    fates = take(archive, organisation, FILE)
    assert [(fate.line, fate.outcome.value) for fate in fates] == [
        (2, "added"),
        (3, "added"),
        (5, "refused"),
        (6, "refused"),
        (7, "refused"),
        (8, "refused"),
        (9, "refused"),
        (10, "refused"),
    ]
    whys = [fate.why for fate in fates[2:]]
    for why, words in zip(
        whys,
        [
            "can't be added as registered",
            "Type it like",
            "in line 2 already",
            "Fill it in",
            "Write one of",
            "2 columns",
        ],
        strict=True,
    ):
        assert words in why
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        found = [(row.e164, row.location, row.label, row.state) for row in all_numbers(tx)]
        assert past_of(tx, OWN_NUMBER).stretches[0].reason == "Order 7"
    assert found == [
        (OWN_NUMBER, "Austin", "Kit", "authorised"),
        ("+12125550124", "Austin, TX", "", "unauthorised"),
    ]


def test_a_preview_says_the_same_and_changes_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    before = ledger_size(archive, organisation.id)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        foretold = take_table(tx, read_table(FILE.encode()))
    assert ledger_size(archive, organisation.id) == before
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert list(all_numbers(tx)) == []
    assert take(archive, organisation, FILE) == foretold


def test_the_same_file_again_changes_nothing_and_a_column_that_is_not_there_neither(
    archive: Archive, organisation: OrganisationRow
) -> None:
    file = f"number,location,label,state\n{OWN_NUMBER},Austin,Kit,authorised\n"
    take(archive, organisation, file)
    before = ledger_size(archive, organisation.id)
    assert [fate.outcome for fate in take(archive, organisation, file)] == [Outcome.UNCHANGED]
    assert [fate.outcome for fate in take(archive, organisation, f"number\n{OWN_NUMBER}\n")] == [Outcome.UNCHANGED]
    assert ledger_size(archive, organisation.id) == before
    assert [fate.outcome for fate in take(archive, organisation, f"number,label\n{OWN_NUMBER},Dana\n")] == ["changed"]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        past = past_of(tx, OWN_NUMBER)
    assert (past.number.label, past.number.location, past.number.state) == ("Dana", "Austin", "authorised")


def test_a_line_is_taken_whole_or_not_at_all(archive: Archive, organisation: OrganisationRow) -> None:
    take(archive, organisation, f"number,location,state\n{OWN_NUMBER},Austin,authorised\n")
    before = ledger_size(archive, organisation.id)
    fates = take(archive, organisation, f"number,location,state\n{OWN_NUMBER},Boston,registered\n")
    assert "having moved, can't become registered" in fates[0].why
    assert ledger_size(archive, organisation.id) == before
    fates = take(archive, organisation, f"number,location,state\n{OWN_NUMBER},Boston,authorised\n")
    assert fates[0].outcome is Outcome.CHANGED
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        states = [stretch.state.value for stretch in past_of(tx, OWN_NUMBER).stretches]
    assert states == ["authorised", "unauthorised", "authorised"]


def test_a_released_number_is_taken_back(archive: Archive, organisation: OrganisationRow) -> None:
    take(archive, organisation, f"number,state\n{OWN_NUMBER},authorised\n")
    fates = [
        take(archive, organisation, f"number,state\n{OWN_NUMBER},{state}\n")[0].outcome
        for state in ("released", "released", "authorised")
    ]
    assert fates == [Outcome.CHANGED, Outcome.UNCHANGED, Outcome.ADDED]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "names no column `number`"),
        (b"phone,location\n", "names no column `number`"),
        (b"number,colour\n", "not known: 'colour'"),
        (b"number,number\n", "twice"),
        (b"number\n\xff\n", "not UTF-8"),
        (b"number\n\0\n", "no text"),
        (b'number\n"+1212\n', "no CSV from line"),
    ],
)
def test_a_file_that_can_not_be_read_says_where_and_what_to_do(raw: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words) as problem:
        read_table(raw)
    assert problem.value.next_step


def test_a_file_has_a_size() -> None:
    with pytest.raises(TooLarge):
        read_table(b"number\n" + b"x" * LARGEST)
    with pytest.raises(TooLarge):
        read_table(b"number\n" + b"+12125550123\n" * 20_001)
