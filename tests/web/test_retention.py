import re
from datetime import date

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.core.clock import system_clock
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, place_hold
from archive.retention.horizon import Horizon, Span, grain_of, spans_of
from archive.retention.policies import policies_in_force
from archive.web.horizon import grid_step, horizon_chart
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import take_in, text
from tests.web.test_holds import words


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))


def periods(archive: Archive, organisation: OrganisationRow) -> list[str]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return [str(policy.period) for policy in policies_in_force(tx)]


def test_a_longer_policy_is_in_force_at_once(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    page = words(dana.get("/retention").text)
    assert "every text 400 days 1 the start" in page
    assert "3 years SEC Rule 17a-4(b)(4)" in page
    assert dana.post("/retention/policies", {"amount": "3", "unit": "years"}).status_code == 303
    number = {"amount": "6", "unit": "years", "number": "(212) 555-0123"}
    assert dana.post("/retention/policies", number).status_code == 303
    assert periods(archive, organisation) == ["3 years", "6 years"]
    page = words(dana.get("/retention").text)
    assert "every text 3 years 2" in page and "+1 (212) 555-0123 6 years 3" in page


def test_a_shorter_one_is_counted_and_allowed_by_a_second_person(
    dana: Browser, kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    dana.post("/retention/policies", {"amount": "3", "unit": "years"})
    take_in(archive, organisation, [text(0, "Hello")])
    shorter = {"amount": "400", "unit": "days", "existing": "yes"}
    refused = dana.post("/retention/policies", shorter)
    assert (refused.status_code, "may be shorter" in refused.text) == (409, True)
    assert dana.post("/retention/proposals", shorter).status_code == 303
    assert "You proposed it, so somebody else allows it." in words(dana.get("/retention").text)
    page = kit.get("/retention").text
    assert "Proposed: 400 days for every text" in words(page)
    assert "1 text goes sooner 0 of them have had their time by it" in words(page)
    proposal = re.search(r"/retention/proposals/(rpp_\w+)/allow", page)
    assert proposal
    address = f"/retention/proposals/{proposal[1]}"
    assert dana.post(f"{address}/allow", {"sooner": "1"}).status_code == 403
    wrong = kit.post(f"{address}/allow", {"sooner": "0"})
    assert (wrong.status_code, "1 texts would go sooner, not 0" in wrong.text) == (409, True)
    assert kit.post(f"{address}/allow", {"sooner": "one"}).status_code == 400
    assert kit.post(f"{address}/allow", {"sooner": "1"}).status_code == 303
    assert periods(archive, organisation) == ["400 days"]
    assert "what was here already is dated by it, too" in kit.get("/retention").text


def test_a_proposal_is_refused_or_taken_back(
    dana: Browser, kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    dana.post("/retention/policies", {"amount": "3", "unit": "years"})
    for browser, button in ((kit, "Refuse it"), (dana, "Take it back")):
        dana.post("/retention/proposals", {"amount": "400", "unit": "days"})
        page = browser.get("/retention").text
        assert button in page
        proposal = re.findall(r"/retention/proposals/(rpp_\w+)/refuse", page)
        assert browser.post(f"/retention/proposals/{proposal[0]}/refuse").status_code == 303
    assert periods(archive, organisation) == ["3 years"]
    assert "Proposed:" not in dana.get("/retention").text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"amount": "399", "unit": "days"}, "400 to 36,600 days"),
        ({"amount": "1", "unit": "years"}, "2 to 100 years"),
        ({"amount": "500", "unit": "years"}, "At most 100 years"),
        ({"amount": "x", "unit": "days"}, "Type a number"),
        ({"amount": "", "unit": "days"}, "Type a number"),
        ({"amount": "500", "unit": "days", "number": "+12125550123", "campaign": "C"}, "not for both"),
    ],
)
def test_a_mistake_is_pointed_at(dana: Browser, form: dict[str, str], said: str) -> None:
    for path in ("/retention/policies", "/retention/proposals"):
        answer = dana.post(path, form)
        assert answer.status_code == 400
        error = re.search(r'id="e-amount">([^<]+)<', answer.text)
        assert error and said in error[1]


def test_who_may_only_look_sees_no_forms(
    app: Flask, archive: Archive, organisation: OrganisationRow, dana: Browser
) -> None:
    auditor = signed_in_browser(app, archive, organisation.id, "ana@harbour.example", frozenset({Role.AUDITOR}))
    assert "Keep longer" not in auditor.get("/retention").text
    assert auditor.post("/retention/policies", {"amount": "3", "unit": "years"}).status_code == 403
    dana.post("/retention/policies", {"amount": "3", "unit": "years"})
    dana.post("/retention/proposals", {"amount": "400", "unit": "days"})
    page = auditor.get("/retention").text
    assert "Proposed:" in page and "Allow it" not in page and "Refuse it" not in page
    proposal = "/retention/proposals/rpp_x"
    assert auditor.post(f"{proposal}/refuse").status_code == 403
    assert auditor.post(f"{proposal}/allow", {"sooner": "0"}).status_code == 403


def test_the_page_draws_what_goes_when_and_says_it_in_a_table(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    assert "As soon as there are texts" in dana.get("/retention").text
    take_in(archive, organisation, [text(number, "wire" if number < 2 else "else") for number in range(5)])
    place_hold(archive, organisation.id, OPERATOR, HoldOrder("A matter", Predicate("wire"), "Counsel"))
    page = dana.get("/retention").text
    assert "5, of which 2 are held" in page
    assert re.search(r"<title>27 Dec 2027 to 2 Jan 2028: 5 texts, 2 of them held</title>", page)
    assert "27 Dec 2027 3 2 5" in words(page)
    assert 'fill="url(#held)"' in page
    assert "style=" not in page
    assert "moves on" not in page
    dana.post("/retention/policies", {"amount": "3", "unit": "years"})
    assert "moves on" in dana.get("/retention").text


@pytest.mark.parametrize(("most", "step"), [(0, 1), (5, 1), (6, 2), (10, 2), (11, 5), (25, 5), (26, 10), (2_500, 500)])
def test_five_lines_reach_up_to_the_highest_bar(most: int, step: int) -> None:
    assert grid_step(most) == step


@pytest.mark.parametrize(
    ("last", "labels"),
    [
        (date(2027, 12, 30), ["Dec", "2027", "Feb", "Mar", "Apr", "May"]),
        (date(2031, 12, 30), ["2027", "Jul", "2028", "Jul", "2029", "Jul"]),
        (date(2040, 12, 30), ["2026", "2027", "2028", "2029", "2030", "2031"]),
    ],
)
def test_below_the_axis_months_or_years_are_named(last: date, labels: list[str]) -> None:
    today = date(2026, 11, 25)
    grain = grain_of(today, last)
    spans = tuple(Span(first, end, 1, 0) for first, end in spans_of(grain, today, last))
    chart = horizon_chart(system_clock(), Horizon(grain, spans, 0, 0, 0))
    assert [mark["label"] for mark in chart["marks"]][:6] == labels
    assert len(chart["bars"]) == len(chart["rows"]) == len(spans)
