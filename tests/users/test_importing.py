"""Users from a table: a preview that changes nothing, and a fate for each line."""

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.fates import Fate
from archive.numbers.actions import add_number
from archive.numbers.store import number_by_e164
from archive.users.holding import read
from archive.users.importing import read_table, take_table
from archive.users.model import User
from archive.users.store import all_users
from archive.wiring import Archive
from tests.items import OWN_NUMBER, ledger_size

FILE = f"""Name,Email,Location,Primary_number,Extension
Dana,dana@harbour.example,Austin,{OWN_NUMBER},4711
Kit,,,,
Noor,,,+12125550199,
Eve,no address,,,
Dana,DANA@harbour.example,,,
,x@harbour.example,,,
Sam,,,,x
"""


def take(archive: Archive, organisation: OrganisationRow, file: str) -> list[Fate]:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return take_table(tx, read_table(file.encode()))


def users(archive: Archive, organisation: OrganisationRow) -> list[User]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return [read(tx, row) for row in all_users(tx)]


def test_each_line_has_its_fate(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, OWN_NUMBER)
    before = ledger_size(archive, organisation.id)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        foretold = take_table(tx, read_table(FILE.encode()))
    assert ledger_size(archive, organisation.id) == before
    fates = take(archive, organisation, FILE)
    assert fates == foretold
    assert [fate.outcome.value for fate in fates] == ["added", "added", *["refused"] * 5]
    words = ("Add it to the numbers first", "no e-mail address", "in line 2 already", "Fill it in", "no extension")
    for fate, word in zip(fates[2:], words, strict=True):
        assert word in fate.why
    assert users(archive, organisation) == [
        User("Dana", "dana@harbour.example", "Austin", OWN_NUMBER, "4711"),
        User("Kit"),
    ]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        number = number_by_e164(tx, OWN_NUMBER)
        assert number
        assert number.label == "Dana"


def test_somebody_is_found_by_address_and_else_by_name(archive: Archive, organisation: OrganisationRow) -> None:
    outcomes = [
        take(archive, organisation, text)[0].outcome
        for text in (
            "name\nDana\n",
            "name,email\ndana,dana@harbour.example\n",
            "name,email\nDana Brandt,dana@harbour.example\n",
            "name,email\nDana Brandt,dana@harbour.example\n",
            "name,email\nDana Brandt,other@harbour.example\n",
            "name,extension\nDana Brandt,4711\n",
        )
    ]
    assert outcomes == ["added", "changed", "changed", "unchanged", "added", "refused"]
    assert sorted(user.email for user in users(archive, organisation)) == [
        "dana@harbour.example",
        "other@harbour.example",
    ]
