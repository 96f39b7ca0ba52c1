"""An organisation, or a number, that may not text is refused wherever somebody would authorise it, with the reason."""

import html
import io

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.core.errors import Conflict
from archive.eligibility.actions import enter_facts
from archive.eligibility.model import CallingPlan, Facts, Plan
from archive.locations.actions import add_location
from archive.locations.model import Location, Pstn
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.wiring import Archive
from tests.browsing import Browser, api_key, signed_in_browser
from tests.letters.signing import sign, standing

NEEDS, PLAIN, NEW = "+12125550123", "+12125550125", "+12125550127"
FINE = Facts(add_on=True, plan=Plan.ENTERPRISE, calling_plan=CallingPlan.US)
HERE = Location("Austin", country="US", pstn=Pstn.PROVIDER)
CASES = {
    "a trial": (Facts(True, Plan.TRIAL, CallingPlan.US), HERE, "The plan is trial"),
    "bought online": (Facts(True, Plan.ONLINE, CallingPlan.US), HERE, "The plan is online"),
    "no add-on": (Facts(False, Plan.ENTERPRISE, CallingPlan.US), HERE, "add-on is not bought"),
    "another country": (Facts(True, Plan.ENTERPRISE, CallingPlan.ELSEWHERE), HERE, "no calling plan of the United"),
    "a location abroad": (FINE, Location("Austin", country="DE", pstn=Pstn.PROVIDER), "Austin is in DE"),
    "a gateway of one's own": (
        FINE,
        Location("Austin", country="US", pstn=Pstn.LOCAL_GATEWAY),
        "Austin is not on the",
    ),
}


@pytest.fixture(params=CASES.values(), ids=CASES)
def because(request: pytest.FixtureRequest, archive: Archive, organisation: OrganisationRow) -> str:
    facts, location, why = request.param
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_location(tx, location)
        add_number(tx, NEEDS, location="Austin", state=NumberState.LOA_REQUIRED)
        add_number(tx, PLAIN, location="Austin")
        enter_facts(tx, facts)
    return str(why)


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))


def test_the_page_of_conditions_says_it(because: str, kit: Browser) -> None:
    assert because in html.unescape(kit.get("/eligibility").text)


def test_programs_are_refused(because: str, app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    client, key = app.test_client(), api_key(archive, organisation.id, "*")
    numbers = client.get("/api/v1/numbers", headers=key).json["numbers"]
    plain = next(number["id"] for number in numbers if number["number"] == PLAIN)
    new = {"number": NEW, "location": "Austin", "state": "authorised"}
    for path, body in (("", new), (f"/{plain}/state", {"state": "authorised"})):
        answer = client.post(f"/api/v1/numbers{path}", headers=key, json=body)
        assert answer.status_code == 409
        assert because in answer.json["detail"]
        assert answer.json["next_step"]


def test_a_table_is_refused_line_by_line(because: str, kit: Browser) -> None:
    lines = f"number,location,state\n{PLAIN},Austin,authorised\n{NEW},Austin,authorised\n".encode()
    page = html.unescape(kit.post("/numbers/import", {"file": (io.BytesIO(lines), "numbers.csv")}).text)
    assert page.count(because) == 2


def test_the_wizard_offers_none_of_its_numbers(because: str, kit: Browser) -> None:
    kit.post("/authorise/location", {"location": "Austin"})
    page = html.unescape(kit.get("/authorise/numbers").text)
    assert because in page
    assert 'name="numbers"' not in page


def test_a_letter_authorises_nothing(because: str, archive: Archive, organisation: OrganisationRow) -> None:
    with pytest.raises(Conflict, match=because):
        sign(archive, organisation, NEEDS)
    assert standing(archive, organisation, NEEDS) == (NumberState.LOA_REQUIRED, None)
