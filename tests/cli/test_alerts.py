"""Alerts as an operator types them."""

import json

from archive.access.organisations import OrganisationRow
from archive.alerts.actions import raise_alert
from archive.alerts.model import Cause, Occurrence
from archive.core.actor import OPERATOR
from archive.core.clock import day_of
from archive.wiring import Archive
from tests.cli.running import Terminal


def test_alerts_are_listed_until_they_are_closed(
    terminal: Terminal, archive: Archive, organisation: OrganisationRow
) -> None:
    assert terminal("alert", "list").code == 0
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        raise_alert(tx, Cause("texts-filtered", "number:+12125550123"), day_of(tx.now), [Occurrence(1, 4711)])
    listed = terminal("alert", "list")
    assert (listed.code, "texts-filtered        number:+12125550123  1 times" in listed.out) == (1, True)
    (one,) = json.loads(terminal("alert", "list", "--json").out)
    assert one["serials"] == [4711]
    assert "A reason has" in terminal("alert", "close", one["id"], "--reason", " ").err
    assert terminal("alert", "close", one["id"], "--reason", "Looked at").out == "It is closed.\n"
    assert (terminal("alert", "list").code, one["id"] in terminal("alert", "list", "--closed").out) == (0, True)
