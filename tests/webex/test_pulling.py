"""Bringing the tables into step: what Webex says is looked at first, nothing is deleted, no rule is passed over."""

from collections.abc import Iterator

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import NotReady
from archive.eligibility.model import Standing
from archive.ledger.trail import Wanted, read_trail
from archive.locations.actions import add_location, found_by_name
from archive.locations.model import Location, Pstn
from archive.locations.naming import read
from archive.locations.store import all_locations
from archive.numbers.actions import add_number
from archive.numbers.eligible import overall
from archive.numbers.history import past_of
from archive.numbers.model import NumberState
from archive.numbers.store import all_numbers
from archive.users import holding
from archive.users.actions import add_user, found_by
from archive.users.model import User
from archive.users.store import all_users
from archive.webex.actions import bring_into_step
from archive.webex.client import WebexClient
from archive.webex.fetching import fetch
from archive.webex.steps import Step, counts_of
from archive.wiring import Archive
from tests.items import ledger_size
from tests.webex.fake_webex import TOKEN, FakeWebex, fake_webex, location, number, person

ONE, TWO, THREE, FOUR = (f"+1512555010{at}" for at in range(4))
AUSTIN = location(
    "Austin", "L1", address1="200 Congress", address2="Floor 3", city="Austin", state="TX", postalCode="78701"
)


@pytest.fixture
def webex() -> Iterator[FakeWebex]:
    with fake_webex() as server:
        server.say(
            [AUSTIN, location("London", "L2", "GB")],
            [
                number(ONE, "L1", ("P1", "Dana")),
                number(TWO, "L1", ("P1", "Dana"), phoneNumberType="ALTERNATE"),
                number(THREE, "L1", ("HUNT_GROUP", "H1", "Sales"), mainNumber=True),
                number("+442079460958", "L2", ("P2", "Kit")),
                {"extension": "4712", "location": {"id": "L1"}, "mainNumber": False, "tollFreeNumber": False},
            ],
            [
                person("Dana Whitfield", "P1", "Dana@harbour.example", "L1", extension="4711"),
                person("Kit", "P2", "kit@harbour.example", "L2"),
                person("Noor", "P3", "noor@harbour.example"),
            ],
            {"L1": "CISCO_PSTN"},
        )
        yield server


def pull(archive: Archive, organisation: OrganisationRow, webex: FakeWebex, *, dry_run: bool = False) -> list[Step]:
    said = fetch(WebexClient(webex.url, TOKEN, lambda _: None))
    transaction = archive.transactions.read if dry_run else archive.transactions.write
    with transaction(organisation.id, OPERATOR) as tx:
        return bring_into_step(tx, said)


def told(steps: list[Step]) -> list[tuple[str, str, str]]:
    return [(step.kind, step.subject, step.outcome.value) for step in steps]


def test_an_empty_archive_gets_what_webex_has(
    archive: Archive, organisation: OrganisationRow, webex: FakeWebex
) -> None:
    steps = pull(archive, organisation, webex)
    assert told(steps) == [
        ("location", "Austin", "added"),
        ("location", "London", "added"),
        ("number", ONE, "added"),
        ("number", TWO, "added"),
        ("number", THREE, "added"),
        ("number", "+442079460958", "refused"),
        ("user", "Dana Whitfield", "added"),
        ("user", "Kit", "added"),
    ]
    assert "is not one of the numbers" in steps[-1].why
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [read(row) for row in all_locations(tx)] == [
            Location("Austin", "200 Congress, Floor 3", "Austin", "TX", "78701", "US", Pstn.PROVIDER, THREE),
            Location("London", country="GB"),
        ]
        dana = found_by(tx, "dana@harbour.example")
        assert holding.read(tx, dana) == User("Dana Whitfield", "dana@harbour.example", "Austin", ONE, "4711")
        numbers = [(row.e164, row.label, row.user_id, row.state) for row in all_numbers(tx)]
        assert [each.standing for each in overall(tx)] == [Standing.MET, Standing.OPEN]
        entry = read_trail(tx, Wanted("tables.pulled"), 1, details=False)[0]
    assert numbers == [
        (ONE, "Dana Whitfield", dana.id, "unauthorised"),
        (TWO, "Dana Whitfield", dana.id, "unauthorised"),
        (THREE, "Sales", None, "unauthorised"),
    ]
    assert entry.detail == {**counts_of(steps), "source": "webex"}


def test_it_is_looked_at_first_and_says_the_same(
    archive: Archive, organisation: OrganisationRow, webex: FakeWebex
) -> None:
    before = ledger_size(archive, organisation.id)
    foretold = pull(archive, organisation, webex, dry_run=True)
    assert ledger_size(archive, organisation.id) == before
    assert pull(archive, organisation, webex) == foretold
    before = ledger_size(archive, organisation.id)
    again = pull(archive, organisation, webex)
    assert {step.outcome.value for step in again} == {"unchanged", "refused"}
    assert ledger_size(archive, organisation.id) == before + 1, "that it was pulled, and nothing else"


def test_what_is_different_is_changed_and_said(
    archive: Archive, organisation: OrganisationRow, webex: FakeWebex
) -> None:
    pull(archive, organisation, webex)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_location(tx, Location("Denver", country="US"))
    webex.say(
        [{**AUSTIN, "name": "Austin HQ"}, location("Denver", "L3")],
        [number(ONE, "L3", ("P1", "Dana")), number(TWO, "L1", ("P9", "Eve")), number(THREE, "L1")],
        [
            person("Dana Brandt", "P1", "dana@harbour.example", "L3", extension="4711"),
            person("Eve", "P9", "eve@harbour.example", "L1"),
        ],
        {"L1": "LOCAL_GATEWAY"},
    )
    steps = {(step.kind, step.subject): step for step in pull(archive, organisation, webex)}
    assert {key: step.outcome.value for key, step in steps.items()} == {
        ("location", "Austin HQ"): "changed",
        ("location", "Denver"): "unchanged",
        ("location", "London"): "vanished",
        ("number", ONE): "changed",
        ("number", TWO): "unchanged",
        ("number", THREE): "unchanged",
        ("user", "Dana Brandt"): "changed",
        ("user", "Eve"): "added",
        ("user", "Kit"): "vanished",
    }
    assert steps["location", "Austin HQ"].why == "name: Austin → Austin HQ, pstn: provider → local_gateway"
    assert steps["number", ONE].why == "location: Austin HQ → Denver"
    assert steps["user", "Dana Brandt"].why == "name: Dana Whitfield → Dana Brandt, location: Austin HQ → Denver"
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [row.name for row in all_locations(tx)] == ["Austin HQ", "Denver", "London"], "nothing is deleted"
        assert found_by_name(tx, "Denver").source_id == "L3"
        assert [(row.e164, row.location, row.label) for row in all_numbers(tx)] == [
            (ONE, "Denver", "Dana Brandt"),
            (TWO, "Austin HQ", "Eve"),
            (THREE, "Austin HQ", "Sales"),
        ]
        assert found_by(tx, "eve@harbour.example").primary_number == TWO
        assert "Webex says so" in [stretch.reason for stretch in past_of(tx, ONE).stretches]


def test_a_number_that_moves_has_to_be_authorised_again(
    archive: Archive, organisation: OrganisationRow, webex: FakeWebex
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, ONE, location="Boston", label="Kit", state=NumberState.AUTHORISED)
        add_number(tx, TWO, location="AUSTIN", label="Front desk", state=NumberState.AUTHORISED)
        add_number(tx, FOUR, state=NumberState.AUTHORISED)
    steps = {step.subject: step for step in pull(archive, organisation, webex)}
    assert steps[ONE].why == "location: Boston → Austin, state: authorised → unauthorised"
    assert steps[TWO].outcome.value == "unchanged"
    assert steps[FOUR].outcome.value == "vanished"
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert {row.e164: row.state for row in all_numbers(tx)} == {
            ONE: "unauthorised",
            TWO: "authorised",
            THREE: "unauthorised",
            FOUR: "authorised",
        }


def test_what_was_entered_before_is_recognised_and_what_webex_does_not_say_stays(
    archive: Archive, organisation: OrganisationRow, webex: FakeWebex
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_location(tx, Location("austin", street="Old street", pstn=Pstn.OTHER))
        add_location(tx, Location("London", main_number="+442079460000", pstn=Pstn.LOCAL_GATEWAY))
        add_number(tx, ONE)
        add_user(tx, User("D. Whitfield", "dana@harbour.example", primary_number=ONE))
        add_user(tx, User("Kit", extension="9"))
    pull(archive, organisation, webex)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        austin, london = (read(row) for row in all_locations(tx))
        assert (austin.name, austin.street, austin.pstn) == ("Austin", "200 Congress, Floor 3", Pstn.PROVIDER)
        assert (london.main_number, london.pstn, london.country) == ("+442079460000", Pstn.LOCAL_GATEWAY, "GB")
        assert sorted((row.name, row.source_id, row.extension) for row in all_users(tx)) == [
            ("Dana Whitfield", "P1", "4711"),
            ("Kit", "P2", "9"),
        ]


def test_a_number_that_a_user_of_webexs_gave_up_is_nobodys(
    archive: Archive, organisation: OrganisationRow, webex: FakeWebex
) -> None:
    pull(archive, organisation, webex)
    webex.lists["/v1/telephony/config/numbers"] = [number(ONE, "L1"), number(THREE, "L1")]
    steps = {step.subject: step for step in pull(archive, organisation, webex)}
    assert steps[ONE].why == "assigned to: Dana Whitfield → –"
    assert steps[THREE].outcome.value == "unchanged", "a desk that Webex says nothing of stays"
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert found_by(tx, "dana@harbour.example").primary_number == ""


def test_one_item_that_can_not_be_read_or_taken_costs_the_others_nothing(
    archive: Archive, organisation: OrganisationRow, webex: FakeWebex
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_user(tx, User("Somebody", "taken@harbour.example"), "P7")
    webex.say(
        [{"id": "L1"}, {"name": 5, "id": "L2"}, "what?", location("Austin", "L3", "Texas"), location("Boston", "L4")],
        [number(ONE, "L4"), {"phoneNumber": 5}, number("nonsense", "L4")],
        [
            person("Dana", "P1", "taken@harbour.example", "L4"),
            person("", "P2", "", "L4"),
            person("Kit", "P3", "", "L4"),
        ],
        {"L4": "SOMETHING_NEW"},
    )
    steps = pull(archive, organisation, webex)
    assert [step.subject for step in steps if step.outcome == "added"] == ["Boston", ONE, "Kit"]
    refused = [step.why for step in steps if step.outcome == "refused"]
    assert len(refused) == 8
    assert sum("can't be read" in why for why in refused) == 4
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read(found_by_name(tx, "Boston")).pstn is Pstn.OTHER, "whatever it is, it is not the provider's own"


@pytest.mark.parametrize("fault", [503, 403, "cut", (429, 1)])
def test_what_did_not_come_whole_changes_nothing(
    archive: Archive, organisation: OrganisationRow, webex: FakeWebex, fault: object
) -> None:
    before = ledger_size(archive, organisation.id)
    webex.page = 100
    for good in range(4):  # Each of the lists, and the connection of the first location.
        webex.faults = ["serve"] * good + [fault] * 20
        with pytest.raises(NotReady):
            pull(archive, organisation, webex)
    assert ledger_size(archive, organisation.id) == before


def test_a_pstn_that_webex_does_not_tell_is_not_known(
    archive: Archive, organisation: OrganisationRow, webex: FakeWebex
) -> None:
    webex.say([AUSTIN], [], [], {})
    pull(archive, organisation, webex)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read(found_by_name(tx, "Austin")).pstn is None
