"""The texts around a text: those between the same parties, in the order of time."""

from typing import Any

import pytest
from sqlalchemy import text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.messages.actions import conversation_around, read_message
from archive.messages.viewing import view_message
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, STRANGER, ledger_size, line, own_number, take_in


@pytest.fixture(autouse=True)
def known_number(archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation.id)


def put(archive: Archive, organisation: OrganisationRow, name: str, **changes: Any) -> int:
    serial = take_in(archive, organisation.id, line(name, text=name, **changes))[0].serial
    assert serial is not None
    return serial


def around(archive: Archive, organisation: OrganisationRow, serial: int, each_side: int = 25) -> list[str]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        found = conversation_around(tx, read_message(tx, serial), each_side)
        assert found.damaged == ()
        return [message.content.text for message in found.messages]


def reply(**changes: Any) -> dict[str, Any]:
    return {"direction": "outbound", "from": OWN_NUMBER, "to": [STRANGER], **changes}


def test_both_directions_in_the_order_of_time_not_of_arrival(archive: Archive, organisation: OrganisationRow) -> None:
    third = put(archive, organisation, "third", sent_at="2026-11-20T12:00:00Z")
    put(archive, organisation, "first", sent_at="2026-11-20T10:00:00Z")
    put(archive, organisation, "second", **reply(sent_at="2026-11-20T06:00:00-05:00"))
    assert around(archive, organisation, third) == ["first", "second", "third"]


def test_a_text_without_a_time_stands_where_it_came_in(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    early = put(archive, organisation, "without a time")
    clock.advance(hours=1)
    put(archive, organisation, "sent before", sent_at="2026-11-23T08:59:59Z")
    put(archive, organisation, "sent after", sent_at="2026-11-23T09:00:01Z")
    assert around(archive, organisation, early) == ["sent before", "without a time", "sent after"]


def test_texts_of_one_moment_stand_in_the_order_of_their_serials(
    archive: Archive, organisation: OrganisationRow
) -> None:
    serials = [put(archive, organisation, f"{at}", sent_at="2026-11-20T10:00:00Z") for at in range(4)]
    assert around(archive, organisation, serials[2]) == ["0", "1", "2", "3"]


def test_others_are_left_out(archive: Archive, organisation: OrganisationRow) -> None:
    mine = put(archive, organisation, "mine")
    put(archive, organisation, "another stranger", **{"from": "+14155550189"})
    put(archive, organisation, "another own number", to=["+12125550124"])
    put(archive, organisation, "a group", to=[OWN_NUMBER, "+14155550189"])
    assert around(archive, organisation, mine) == ["mine"]


def test_a_group_is_the_same_in_any_order(archive: Archive, organisation: OrganisationRow) -> None:
    serial = put(archive, organisation, "one", to=[OWN_NUMBER, "+14155550189"])
    put(archive, organisation, "two", to=["+14155550189", OWN_NUMBER])
    put(archive, organisation, "three", **{"from": "+14155550189", "to": [STRANGER, OWN_NUMBER]})
    put(archive, organisation, "four", **reply(to=["+14155550189", STRANGER]))
    assert around(archive, organisation, serial) == ["one", "two", "three", "four"]


@pytest.mark.parametrize(("at", "expected"), [(0, "012"), (1, "0123"), (5, "34567"), (9, "789")])
def test_as_many_as_wanted_on_each_side(
    archive: Archive, organisation: OrganisationRow, at: int, expected: str
) -> None:
    lines = [line(f"{n}", text=f"{n}", sent_at=f"2026-11-20T10:00:{n:02}Z") for n in range(10)]
    serial = take_in(archive, organisation.id, *lines)[at].serial
    assert serial is not None
    assert "".join(around(archive, organisation, serial, each_side=2)) == expected


@pytest.mark.parametrize("sender", [STRANGER, OWN_NUMBER])
def test_somebody_who_texts_themselves_has_a_conversation(
    archive: Archive, organisation: OrganisationRow, sender: str
) -> None:
    serial = put(archive, organisation, "note to self", **{"from": sender, "to": [sender]})
    assert around(archive, organisation, serial) == ["note to self"]


def test_viewing_is_in_the_ledger_before_anybody_sees_it(archive: Archive, organisation: OrganisationRow) -> None:
    serial = put(archive, organisation, "one")
    put(archive, organisation, "two")
    before = ledger_size(archive, organisation.id)
    viewed = view_message(archive.transactions, archive.group, organisation.id, OPERATOR, serial)
    assert [message.content.text for message in viewed.conversation] == ["one", "two"]
    assert ledger_size(archive, organisation.id) == before + 1


@pytest.mark.tampers
def test_a_damaged_text_is_named_and_hides_no_other(archive: Archive, organisation: OrganisationRow) -> None:
    serials = [put(archive, organisation, f"{at}") for at in range(3)]
    with archive.engine.begin() as connection:
        connection.execute(
            text(f"UPDATE message SET flags = 'mms' WHERE org_id = {organisation.id} AND seq = {serials[1]}")
        )
    viewed = view_message(archive.transactions, archive.group, organisation.id, OPERATOR, serials[0])
    assert [message.content.text for message in viewed.conversation] == ["0", "2"]
    assert viewed.damaged == (serials[1],)
