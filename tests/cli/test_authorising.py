"""Authorising as an operator types it."""

import json

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.wiring import Archive
from tests.cli.running import Terminal
from tests.letters.signing import NEEDS, PLAIN


def test_candidates_are_listed_and_ordered(terminal: Terminal, archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, NEEDS, location="Austin", state=NumberState.LOA_REQUIRED)
        add_number(tx, PLAIN, location="Austin")
    listed = terminal("authorise", "candidates", "--location", "Austin").out
    assert "needs a letter" in listed and "can be authorised" in listed
    placed = json.loads(terminal("authorise", "order", PLAIN, "--location", "Austin", "--json").out)
    assert (placed["name"], placed["numbers"]) == ("A-00001", [PLAIN])
    assert "It is authorised already." in terminal("authorise", "order", PLAIN).err
    assert "Sign it first" in terminal("authorise", "order", NEEDS).err
    assert "A-00001" in terminal("authorise", "orders").out
    assert json.loads(terminal("authorise", "orders", "--json").out) == [placed]
    authorised = json.loads(terminal("authorise", "candidates", "--location", "Austin", "--json").out)[1]
    assert authorised["because"] == "It is authorised already."
