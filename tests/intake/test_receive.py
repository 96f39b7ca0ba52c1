"""Everything that a text passes on its way in, in one transaction."""

from typing import Any

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.actions import receive, receive_from
from archive.intake.parse import arrival
from archive.numbers.model import NumberState
from archive.proving import verify_organisation
from archive.wiring import Archive
from tests.items import OWN_NUMBER, STRANGER, ledger_size, line, own_number, read_back, take_in


def flags(archive: Archive, organisation: OrganisationRow, **changes: Any) -> tuple[str, ...]:
    outcome = take_in(archive, organisation.id, line(**changes))[0]
    assert outcome.status == "stored"
    assert read_back(archive, organisation.id, outcome.serial).flags == outcome.flags
    return outcome.flags


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        ({"from": "+18765550100"}, ("international",)),
        ({"from": "+14165550100"}, ()),
        ({"to": ["+12125550199"]}, ("unknown-number",)),
        ({"to": ["+12125550124"]}, ("unauthorised-number",)),
        ({"to": ["+12125550199", OWN_NUMBER]}, ()),
        ({"direction": "outbound", "from": OWN_NUMBER, "to": [STRANGER]}, ("no-active-campaign",)),
        ({"direction": "outbound"}, ("unknown-number",)),
        ({"media": [1], "text": ...}, ("mms",)),
        ({"sent_at": "2027-01-01T00:00:00Z"}, ("sent-at-in-future",)),
        ({"sent_at": "soon"}, ("sent-at-unreadable",)),
        ({"from": "?"}, ("unparsed-address",)),
    ],
    ids=str,
)
def test_the_door_flags_and_stores(
    archive: Archive, organisation: OrganisationRow, changes: dict[str, Any], expected: tuple[str, ...]
) -> None:
    own_number(archive, organisation.id)
    own_number(archive, organisation.id, "+12125550124", NumberState.SUSPENDED)
    assert flags(archive, organisation, **changes) == expected


def test_a_missing_time_is_not_invented(archive: Archive, organisation: OrganisationRow) -> None:
    serial = take_in(archive, organisation.id, line())[0].serial
    assert read_back(archive, organisation.id, serial).clear.sent_at is None


def test_the_state_of_a_number_is_that_of_the_moment(archive: Archive, organisation: OrganisationRow) -> None:
    assert flags(archive, organisation, provider_id="A") == ("unknown-number",)
    own_number(archive, organisation.id, state=NumberState.UNAUTHORISED)
    assert flags(archive, organisation, provider_id="B") == ("unauthorised-number",)


def test_each_sender_of_a_group_is_named_on_its_own_text(archive: Archive, organisation: OrganisationRow) -> None:
    items = [(arrival(line(f"SM{at}"), archive.clock(), "api"), f"key:{at}") for at in range(3)]
    broken = (arrival(b"nonsense", archive.clock(), "api"), "key:broken")
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        results = receive_from(tx, [items[0], broken, *items[1:]])
    sizes = {size for _, size in results}
    assert sizes == {ledger_size(archive, organisation.id)}
    actors = [read_back(archive, organisation.id, results[at][0].serial).clear.actor for at in (0, 2, 3)]
    assert actors == ["key:0", "key:1", "key:2"]
    with archive.engine.connect() as connection:
        where = f"WHERE org_id = {organisation.id} AND kind = 'quarantine.kept'"
        assert connection.execute(text(f"SELECT actor FROM ledger_entry {where}")).scalar_one() == "key:broken"


def test_one_bad_item_costs_no_other(archive: Archive, organisation: OrganisationRow) -> None:
    lines = [line(f"SM{at}") if at % 3 else b'{"broken": %d}' % at for at in range(30)]
    outcomes = take_in(archive, organisation.id, *lines)
    assert [outcome.status for outcome in outcomes] == ["stored" if at % 3 else "quarantined" for at in range(30)]
    assert len({outcome.serial for outcome in outcomes}) == 30
    assert verify_organisation(archive.transactions, archive.vault, organisation).records == 30


def test_nothing_at_all_is_received_as_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    before = ledger_size(archive, organisation.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert receive(tx, []) == []
    assert ledger_size(archive, organisation.id) == before


def test_what_fails_half_way_leaves_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    before = ledger_size(archive, organisation.id)
    with pytest.raises(RuntimeError), archive.transactions.write(organisation.id, OPERATOR) as tx:
        receive(tx, [arrival(line(), tx.now, "test"), arrival(b"?", tx.now, "test")])
        raise RuntimeError("the cable is pulled")
    assert ledger_size(archive, organisation.id) == before
    assert [outcome.status for outcome in take_in(archive, organisation.id, line(), b"?")] == ["stored", "quarantined"]
