import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.people import list_people
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.wiring import Archive
from tests.browsing import Browser, settled_person, signed_in_browser

LEE = "lee@harbour.example"


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    _, password = settled_person(archive, organisation.id, "dana@harbour.example")
    browser = Browser(app)
    browser.sign_in("dana@harbour.example", password)
    return browser


@pytest.fixture
def lee(archive: Archive, organisation: OrganisationRow) -> str:
    return settled_person(archive, organisation.id, LEE, frozenset({Role.AUDITOR}))[0]


def roles_of(archive: Archive, organisation: OrganisationRow, person_id: str) -> frozenset[Role]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return next(row.role_set for row in list_people(tx) if row.id == person_id)


def one_time_password(page: str) -> str:
    return page.partition('id="one-time-password">')[2].partition("<")[0]


def test_everybody_is_listed_with_role_and_last_sign_in(dana: Browser, lee: str) -> None:
    page = dana.get("/people").text
    for words in ("Lee", LEE, "Auditor", "never", "23 Nov 2026, 09:00:00 UTC"):
        assert words in page


def test_a_new_person_s_password_is_shown_once_and_opens_the_archive(app: Flask, dana: Browser) -> None:
    answer = dana.post("/people", {"name": "Lee", "email": LEE, "role": "administrator,compliance"})
    password = one_time_password(answer.text)
    assert answer.status_code == 200
    assert password
    assert password not in dana.get("/people").text
    assert Browser(app).sign_in(LEE, password).status_code == 303


def test_a_wrong_form_says_what_is_wrong_with_each_field(dana: Browser) -> None:
    answer = dana.post("/people", {"name": "", "email": "lee", "role": "Emperor"})
    assert answer.status_code == 400
    for words in ("Type the name", "Type an address like", "Choose a role."):
        assert words in answer.text
    assert "Choose a role." in dana.post("/people", {"name": "L", "email": LEE, "role": "emperor"}).text


def test_an_address_in_use_is_told(dana: Browser, lee: str) -> None:
    answer = dana.post("/people", {"name": "Lee", "email": LEE.upper(), "role": "auditor"})
    assert answer.status_code == 409
    assert "in use already" in answer.text


def test_roles_are_changed(archive: Archive, organisation: OrganisationRow, dana: Browser, lee: str) -> None:
    assert dana.post(f"/people/{lee}/role", {"role": "compliance,ingest"}).headers["Location"] == "/people"
    assert roles_of(archive, organisation, lee) == {Role.COMPLIANCE, Role.INGEST}
    assert "Lee is now: Compliance officer, Import." in dana.get("/people").text


def test_a_person_is_disabled_enabled_and_given_a_new_password(app: Flask, dana: Browser, lee: str) -> None:
    reset = one_time_password(dana.post(f"/people/{lee}/password").text)
    browser = Browser(app)
    assert browser.sign_in(LEE, reset).status_code == 303
    dana.post(f"/people/{lee}/disable")
    assert "Disabled" in dana.get("/people").text
    assert browser.get("/password").status_code == 303
    assert Browser(app).sign_in(LEE, reset).status_code == 401
    enabled = one_time_password(dana.post(f"/people/{lee}/enable").text)
    assert Browser(app).sign_in(LEE, enabled).status_code == 303


def test_the_last_administrator_can_t_leave(archive: Archive, organisation: OrganisationRow, dana: Browser) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        me = list_people(tx)[0].id
    for path, form in (("disable", {}), ("role", {"role": "auditor"})):
        answer = dana.post(f"/people/{me}/{path}", form)
        assert answer.status_code == 409
        assert "the last administrator" in answer.text


def test_an_auditor_looks_and_changes_nothing(
    app: Flask, archive: Archive, organisation: OrganisationRow, dana: Browser
) -> None:
    auditor = signed_in_browser(app, archive, organisation.id, LEE, frozenset({Role.AUDITOR}))
    page = auditor.get("/people")
    assert page.status_code == 200
    assert "Add a person" not in page.text
    for path in ("/people", "/people/per_x/disable", "/people/per_x/role", "/keys"):
        assert auditor.post(path, {"role": "auditor"}).status_code == 403


def test_a_compliance_officer_does_not_see_people(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    officer = signed_in_browser(app, archive, organisation.id, LEE, frozenset({Role.COMPLIANCE}))
    answer = officer.get("/people")
    assert answer.status_code == 403
    assert "people.read" in answer.text
    assert 'href="/people"' not in answer.text
