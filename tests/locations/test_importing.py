"""Locations from a table: a preview that changes nothing, and a fate for each line."""

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput
from archive.core.fates import Fate
from archive.locations.actions import change_location, found_by_name
from archive.locations.importing import read_table, take_table
from archive.locations.model import Location, Pstn
from archive.locations.naming import read
from archive.locations.store import all_locations
from archive.wiring import Archive
from tests.items import ledger_size

FILE = """\ufeffName,City,Country,PSTN,main_number
Austin,Austin,us,Local gateway,512 555 0100
Boston,Boston,US,provider,
austin,,,,
Chicago,,USA,,
Dallas,,,sideways,
,,,provider,
Erie,Erie
"""


def take(archive: Archive, organisation: OrganisationRow, file: str) -> list[Fate]:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return take_table(tx, read_table(file.encode()))


def test_each_line_has_its_fate(archive: Archive, organisation: OrganisationRow) -> None:
    before = ledger_size(archive, organisation.id)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        foretold = take_table(tx, read_table(FILE.encode()))
    assert ledger_size(archive, organisation.id) == before
    fates = take(archive, organisation, FILE)
    assert fates == foretold
    assert [fate.outcome.value for fate in fates] == ["added", "added", *["refused"] * 5]
    for fate, words in zip(
        fates[2:],
        ["in line 2 already", "two letters", "Write one of: provider", "Fill it in", "2 columns"],
        strict=True,
    ):
        assert words in fate.why
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [read(row) for row in all_locations(tx)] == [
            Location("Austin", city="Austin", country="US", pstn=Pstn.LOCAL_GATEWAY, main_number="+15125550100"),
            Location("Boston", city="Boston", country="US", pstn=Pstn.PROVIDER),
        ]


def test_the_same_again_changes_nothing_and_a_column_that_is_not_there_neither(
    archive: Archive, organisation: OrganisationRow
) -> None:
    file = "name,country\nAustin,US\n"
    outcomes = [
        take(archive, organisation, text)[0].outcome
        for text in (
            file,
            file,
            "name\nAUSTIN\n",
            "name,pstn\nAustin,provider\n",
            "name\nAustin\n",
            "name,pstn\nAustin,\n",
        )
    ]
    assert outcomes == ["added", "unchanged", "unchanged", "changed", "unchanged", "changed"]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [read(row) for row in all_locations(tx)] == [Location("Austin", country="US")]


def test_a_former_name_finds_its_location_and_does_not_come_back(
    archive: Archive, organisation: OrganisationRow
) -> None:
    take(archive, organisation, "name\nAustin\n")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        change_location(tx, found_by_name(tx, "Austin").id, name="Austin HQ")
    assert take(archive, organisation, "name,country\naustin,US\n")[0].outcome == "changed"
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [read(row) for row in all_locations(tx)] == [Location("Austin HQ", country="US")]


def test_a_file_of_something_else_is_refused_whole() -> None:
    with pytest.raises(BadInput, match="names no column `name`"):
        read_table(b"number,location\n")
