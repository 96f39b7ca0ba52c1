"""The conditions that are asked of each number: where it is, and whether its user has a primary number."""

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import Conflict
from archive.core.fates import Outcome
from archive.eligibility.model import Holder, Place, Standing, judge_holder, judge_number, judge_place
from archive.locations.actions import add_location, change_location, found_by_name
from archive.locations.model import Location, Pstn
from archive.numbers.actions import add_number, assign, set_state
from archive.numbers.eligible import findings_of, overall
from archive.numbers.importing import take_table
from archive.numbers.model import NumberState
from archive.numbers.store import number_by_e164
from archive.numbers.table import read_table
from archive.users.actions import add_user, change_user, found_by
from archive.users.model import User
from archive.wiring import Archive
from tests.items import OWN_NUMBER, ledger_size

AUTHORISED, SUSPENDED = NumberState.AUTHORISED, NumberState.SUSPENDED
GOOD = Location("Austin", country="US", pstn=Pstn.PROVIDER)


@pytest.mark.parametrize("country", ["US", "CA"])
def test_a_location_of_the_us_or_canada_on_the_providers_network_is_good(country: str) -> None:
    finding = judge_place(Place("Austin", country, True))
    assert (finding.standing, finding.next_step) == (Standing.MET, "")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("London", "GB", True), "is in GB"),
        (Place("San Juan", "PR", None), "is in PR"),
        (Place("Austin", "US", False), "not on the provider's telephone network"),
        (Place("Austin", "", False), "not on the provider's telephone network"),
    ],
    ids=str,
)
def test_what_is_known_to_be_wrong_of_a_location_is_broken(place: Place, words: str) -> None:
    finding = judge_place(place)
    assert finding.standing is Standing.BROKEN
    assert words in finding.because
    assert finding.next_step.endswith(".")


@pytest.mark.parametrize("place", [None, Place("Austin"), Place("Austin", "US"), Place("Austin", "", True)], ids=str)
def test_what_nobody_has_said_of_a_location_is_open(place: Place | None) -> None:
    finding = judge_place(place)
    assert finding.standing is Standing.OPEN
    assert finding.next_step.endswith(".")


def test_a_holder_has_a_primary_number_or_not_or_is_not_known() -> None:
    holders = (Holder("Dana", True), Holder("Dana", False), None)
    assert [judge_holder(one).standing for one in holders] == [Standing.MET, Standing.BROKEN, Standing.OPEN]
    assert [finding.rule for finding in judge_number(None, None)] == ["location", "primary-number"]


@pytest.mark.parametrize(
    ("location", "user", "words"),
    [
        (Location("Austin", country="GB", pstn=Pstn.PROVIDER), None, "is in GB"),
        (Location("Austin", country="US", pstn=Pstn.OTHER), None, "telephone network"),
        (GOOD, User("Dana"), "Dana has no primary number"),
    ],
)
def test_a_number_that_breaks_one_is_refused_by_every_way_to_authorise(
    archive: Archive, organisation: OrganisationRow, location: Location, user: User | None, words: str
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        waiting = add_number(tx, OWN_NUMBER, location="Austin", label="Dana").id
        suspended = add_number(tx, "+12125550124", location="austin", label="Dana", state=AUTHORISED).id
        set_state(tx, suspended, SUSPENDED)
        change_location(tx, found_by_name(tx, "Austin").id, country=location.country, pstn=location.pstn)
        if user:
            add_user(tx, user)
    before = ledger_size(archive, organisation.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for number_id in (waiting, suspended):
            with pytest.raises(Conflict, match="can't be authorised") as refused:
                set_state(tx, number_id, AUTHORISED)
            assert words in refused.value.message
            assert refused.value.next_step
        with pytest.raises(Conflict):
            add_number(tx, "+12125550125", location="AUSTIN", label="dana", state=AUTHORISED)
        table = (
            f"number,location,label,state\n{OWN_NUMBER},Austin,Dana,authorised\n+12125550126,Austin,Dana,authorised\n"
        )
        fates = take_table(tx, read_table(table.encode()))
    assert [fate.outcome for fate in fates] == [Outcome.REFUSED, Outcome.REFUSED]
    assert ledger_size(archive, organisation.id) == before, "nothing was changed"


def test_a_line_is_judged_by_where_and_whose_the_number_will_be(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_location(tx, GOOD)
        add_location(tx, Location("London", country="GB"))
        add_number(tx, OWN_NUMBER, location="London")
        add_user(tx, User("Dana"))
        outcomes = [
            take_table(tx, read_table(f"number,{line}\n".encode()))[0].outcome
            for line in (
                f"location,label,state\n{OWN_NUMBER},Austin,Dana,authorised",
                f"location,label,state\n{OWN_NUMBER},London,Kit,authorised",
                f"location,label,state\n{OWN_NUMBER},Austin,Kit,authorised",
            )
        ]
    assert outcomes == [Outcome.REFUSED, Outcome.REFUSED, Outcome.CHANGED]


def test_what_is_unknown_refuses_nothing_and_what_is_mended_no_more(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert add_number(tx, OWN_NUMBER, state=AUTHORISED).state == "authorised"
        number = add_number(tx, "+12125550124", location="Austin", label="Front desk", state=AUTHORISED).id
        set_state(tx, number, SUSPENDED)
        dana = add_user(tx, User("Dana")).id
        assign(tx, number, label="Dana")
        with pytest.raises(Conflict):
            set_state(tx, number, AUTHORISED)
        change_user(tx, dana, primary_number="+12125550124")
        assert set_state(tx, number, AUTHORISED).state == "authorised"


def test_numbers_that_are_authorised_stay_so(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, OWN_NUMBER, location="Austin", label="Dana", state=AUTHORISED)
        change_location(tx, found_by_name(tx, "Austin").id, country="GB")
        add_user(tx, User("Dana"))
        row = number_by_e164(tx, OWN_NUMBER)
        assert row
        assert row.state == "authorised"
        standings = {finding.rule: finding.standing.value for finding in findings_of(tx, row)}
    assert standings == {
        **dict.fromkeys(("add-on", "plan", "calling-plan"), "open"),
        **dict.fromkeys(("location", "primary-number"), "broken"),
    }


def test_all_numbers_together_say_by_whom_a_condition_is_not_met(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        assert [(each.standing, each.numbers) for each in overall(tx)] == [(Standing.OPEN, 0)] * 2
        austin = add_location(tx, GOOD).id
        london = add_location(tx, Location("London", country="GB")).id
        for at, (location, label) in enumerate(
            [("Austin", "Dana"), ("London", "Dana"), ("London", "Kit"), ("Boston", ""), ("", "")]
        ):
            add_number(tx, f"+1212555013{at}", location=location, label=label)
        dana = add_user(tx, User("Dana", primary_number="+12125550130")).id
        kit = add_user(tx, User("Kit")).id
        released = add_number(tx, "+12125550139", location="London", label="Kit").id
        set_state(tx, released, NumberState.RELEASED)
        places, holders = overall(tx)
        boston = found_by_name(tx, "Boston").id
        assert found_by(tx, "Dana").id == dana
    assert (places.standing, places.numbers) == (Standing.BROKEN, 5)
    assert [(one.id, one.finding.standing.value, one.numbers) for one in places.subjects] == [
        (london, "broken", 2),
        (boston, "open", 1),
        ("", "open", 1),
    ]
    assert austin not in {one.id for one in places.subjects}
    assert [(one.id, one.finding.standing.value, one.numbers) for one in holders.subjects] == [
        (kit, "broken", 1),
        ("", "open", 2),
    ]
