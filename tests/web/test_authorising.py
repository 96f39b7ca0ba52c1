import html
import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.eligibility.actions import enter_facts
from archive.eligibility.model import Facts, Plan
from archive.locations.actions import add_location
from archive.locations.model import Location
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.letters.signing import NEEDS, PLAIN, standing

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
DONE = "+12125550126"
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
LETTER = {
    "numbers": [NEEDS],
    "legal_name": "Harbour Wealth, LLC",
    "provider": "Twilio",
    "first_name": "Kit",
    "last_name": "Oduya",
    "title": "COO",
    "email": "kit@harbour.example",
}
SIGNED = {"authority": "yes", "consent": "yes", "typed": "Kit Oduya"}


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_location(tx, Location("Austin", street="500 Main Street", city="Austin", region="TX"))
        add_number(tx, NEEDS, location="Austin", state=NumberState.LOA_REQUIRED)
        add_number(tx, PLAIN, location="Austin")
        add_number(tx, DONE, location="Austin", state=NumberState.AUTHORISED)
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", ADMINISTRATOR)


def hidden(page: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page) if name != "csrf_token"}


def step(browser: Browser, path: str, form: dict[str, object]) -> str:
    answer = browser.post(path, form)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_from_a_location_over_a_letter_to_an_order(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    assert 'value="Austin"' in kit.get("/authorise").text
    assert step(kit, "/authorise/location", {"location": "Austin"}) == "/authorise/numbers"
    page = kit.get("/authorise/numbers").text
    assert re.findall(r'name="numbers" value="(\+\d+)"', page) == [NEEDS, PLAIN]
    assert "It is authorised already." in page
    assert step(kit, "/authorise/numbers", {"numbers": [NEEDS, PLAIN]}) == "/authorise/letter"
    page = kit.get("/authorise/letter").text
    assert 'value="500 Main Street"' in page, "the address of the location is suggested"
    assert step(kit, "/authorise/letter", LETTER) == "/authorise/check"
    page = kit.get("/authorise/check").text
    assert "also authorises 1 number" in page
    assert "Sign, and authorise 2 numbers" in page
    order = step(kit, "/authorise/order", {**hidden(page), **SIGNED})
    assert order == "/authorise/orders/1"
    summary = kit.get(order).text
    for words in ("Order A-00001", "2 numbers are authorised", "by the letter", "without a letter", "Authorise more"):
        assert words in summary
    assert standing(archive, organisation, NEEDS)[0] is NumberState.AUTHORISED
    assert standing(archive, organisation, PLAIN) == (NumberState.AUTHORISED, None)
    assert step(kit, "/authorise/order", {**hidden(page), **SIGNED}) == order, "sent again it is the same order"
    assert "A-00001" in kit.get("/authorise").text


def test_without_a_letter_it_is_looked_at_once_more(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    step(kit, "/authorise/location", {"location": "Austin"})
    assert step(kit, "/authorise/numbers", {"numbers": [PLAIN]}) == "/authorise/check"
    assert kit.get("/authorise/letter").headers["Location"] == "/authorise/check"
    page = kit.get("/authorise/check").text
    assert "1 number will be authorised" in page
    assert standing(archive, organisation, PLAIN)[0] is NumberState.UNAUTHORISED
    assert "none was needed" in kit.get(step(kit, "/authorise/order", hidden(page))).text


def test_back_and_forward_lose_nothing(kit: Browser) -> None:
    step(kit, "/authorise/location", {"location": "Austin"})
    step(kit, "/authorise/numbers", {"numbers": [NEEDS]})
    half = {**LETTER, "title": "", "carrier": "A <carrier>", "back": "yes"}
    assert step(kit, "/authorise/letter", half) == "/authorise/numbers"
    page = kit.get("/authorise/numbers").text
    assert f'value="{NEEDS}" checked' in page
    assert "1 number is chosen" in kit.get("/authorise").text
    letter = kit.get("/authorise/letter").text
    assert 'value="A &lt;carrier&gt;"' in letter
    assert 'value="Oduya"' in letter
    assert kit.get("/authorise/check").headers["Location"] == "/authorise/letter", "it is not filled in yet"
    wrong = kit.post("/authorise/letter", {**LETTER, "title": ""})
    assert wrong.status_code == 400
    assert "Say what who signs is at the organisation" in wrong.text
    step(kit, "/authorise/letter", LETTER)
    assert step(kit, "/authorise/back", {}) == "/authorise/letter"
    assert 'value="COO"' in kit.get("/authorise/letter").text
    step(kit, "/authorise/afresh", {})
    assert "is chosen" not in kit.get("/authorise").text
    assert kit.get("/authorise/numbers").headers["Location"] == "/authorise"


def test_mistakes_in_signing_leave_everything_as_it_was(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    step(kit, "/authorise/location", {"location": "Austin"})
    step(kit, "/authorise/numbers", {"numbers": [NEEDS]})
    step(kit, "/authorise/letter", LETTER)
    page = hidden(kit.get("/authorise/check").text)
    for form, status, words in (
        ({**SIGNED, "consent": ""}, 400, "sign the letter on paper"),
        ({**SIGNED, "typed": "Somebody"}, 400, "not the signer"),
        ({**SIGNED, "seen": "0" * 64}, 409, "has changed since it was shown"),
    ):
        answer = kit.post("/authorise/order", {**page, **form})
        assert answer.status_code == status
        assert words in answer.text
    assert standing(archive, organisation, NEEDS) == (NumberState.LOA_REQUIRED, None)
    assert kit.post("/authorise/order", {"draft": "x"}).status_code == 400


def test_what_another_administrator_has_authorised_meanwhile_is_said(
    kit: Browser, app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    noor = signed_in_browser(app, archive, organisation.id, "noor@harbour.example", ADMINISTRATOR)
    pages = []
    for one in (kit, noor):
        step(one, "/authorise/location", {"location": "Austin"})
        step(one, "/authorise/numbers", {"numbers": [PLAIN]})
        pages.append(hidden(one.get("/authorise/check").text))
    step(kit, "/authorise/order", pages[0])
    refused = noor.post("/authorise/order", pages[1])
    assert refused.status_code == 409
    assert "can&#39;t be authorised now. It is authorised already." in refused.text


def test_whoever_may_not_text_is_refused_at_every_step(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    step(kit, "/authorise/location", {"location": "Austin"})
    step(kit, "/authorise/numbers", {"numbers": [PLAIN]})
    page = hidden(kit.get("/authorise/check").text)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        enter_facts(tx, Facts(plan=Plan.TRIAL))
    why = "only enterprise customers may text"
    assert why in kit.get("/authorise").text
    assert why in kit.get("/authorise/numbers").text
    for path, form in (("/authorise/numbers", {"numbers": [PLAIN]}), ("/authorise/order", page)):
        answer = kit.post(path, form)
        assert answer.status_code == 409
        assert why in answer.text
    assert standing(archive, organisation, PLAIN)[0] is NumberState.UNAUTHORISED


@pytest.mark.parametrize(
    "numbers", [[], ["<b>"], ["+12125559999"], [DONE], [f"+1212555{n}" for n in range(1000, 1201)]]
)
def test_what_can_not_be_chosen_is_refused(kit: Browser, numbers: list[str]) -> None:
    step(kit, "/authorise/location", {"location": "Austin"})
    answer = kit.post("/authorise/numbers", {"numbers": numbers})
    assert answer.status_code in {400, 404, 409}
    assert 'role="alert"' in answer.text
    assert kit.post("/authorise/location", {"location": "Nowhere"}).status_code == 404


def test_who_may_only_look_authorises_nothing(
    kit: Browser, app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    step(kit, "/authorise/location", {"location": "Austin"})
    step(kit, "/authorise/numbers", {"numbers": [PLAIN]})
    order = step(kit, "/authorise/order", hidden(kit.get("/authorise/check").text))
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    assert "A-00001" in dana.get(order).text
    assert "Authorise more" not in dana.get(order).text
    for path in ("", "/numbers", "/letter", "/check"):
        assert dana.get(f"/authorise{path}").status_code == 403
    for path in ("/location", "/numbers", "/letter", "/order", "/back", "/afresh"):
        assert dana.post(f"/authorise{path}", {}).status_code == 403
