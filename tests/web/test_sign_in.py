import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.sessions import list_sessions
from archive.access.throttle import EMAIL_LIMIT
from archive.core.actor import OPERATOR
from archive.wiring import Archive
from tests.browsing import Browser, settled_person, signed_in_browser

DANA = "dana@harbour.example"


@pytest.fixture
def password(archive: Archive, organisation: OrganisationRow) -> str:
    return settled_person(archive, organisation.id, DANA)[1]


def test_the_page_asks_for_address_and_password(browser: Browser) -> None:
    page = browser.get("/sign-in?next=/search?q=wire").text
    assert 'name="email"' in page
    assert 'value="/search?q=wire"' in page


def test_signing_in_leads_to_where_somebody_wanted_to_go(browser: Browser, password: str) -> None:
    answer = browser.post("/sign-in", {"email": DANA, "password": password, "next": "/people"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/people")
    page = browser.get("/people")
    assert page.status_code == 200
    assert "Harbour Wealth" in page.text


@pytest.mark.parametrize("other", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(browser: Browser, password: str, other: str) -> None:
    answer = browser.post("/sign-in", {"email": DANA, "password": password, "next": other})
    assert answer.headers["Location"] == "/"
    assert "evil" not in browser.get("/sign-in", query_string={"next": other}).text


def test_a_wrong_password_is_told_and_never_sent_back(browser: Browser, password: str) -> None:
    answer = browser.sign_in(DANA, "wrong-password-7")
    assert answer.status_code == 401
    assert "do not go together" in answer.text
    assert DANA in answer.text
    assert "wrong-password-7" not in answer.text
    assert browser.cookie("session") is None


def test_an_empty_form_says_what_is_missing(browser: Browser) -> None:
    answer = browser.sign_in("", "")
    assert answer.status_code == 400
    assert "Type your e-mail address." in answer.text
    assert "Type your password." in answer.text


def test_too_many_attempts_say_when_to_try_again(browser: Browser, password: str) -> None:
    for _ in range(EMAIL_LIMIT):
        browser.sign_in(DANA, "wrong")
    answer = browser.sign_in(DANA, password)
    assert answer.status_code == 429
    assert "Try again after 09:15:01 UTC." in answer.text
    assert answer.headers["Retry-After"] == "901"


def test_signing_in_changes_session_and_form_token(browser: Browser, password: str) -> None:
    before = browser.token()
    browser.sign_in(DANA, password)
    first = browser.cookie("session")
    assert browser.client.post("/sign-out", data={"csrf_token": before}).status_code == 400
    browser.sign_in(DANA, password)
    assert browser.cookie("session") not in {first, None}
    browser.client.set_cookie("session", first or "")
    assert browser.get("/people").status_code == 303


def test_signing_out_ends_the_session_on_the_server(browser: Browser, password: str) -> None:
    browser.sign_in(DANA, password)
    token = browser.cookie("session")
    answer = browser.post("/sign-out")
    assert answer.headers["Location"] == "/sign-in"
    assert browser.cookie("session") in {None, ""}
    browser.client.set_cookie("session", token or "")
    assert browser.get("/people").status_code == 303


def test_the_start_leads_to_the_first_page_that_is_open(
    app: Flask, archive: Archive, browser: Browser, password: str
) -> None:
    assert browser.get("/").headers["Location"] == "/sign-in?next=/"
    browser.sign_in(DANA, password)
    assert browser.get("/").headers["Location"] == "/search"


def test_a_theme_is_remembered_and_leads_back(browser: Browser) -> None:
    answer = browser.post("/theme", {"theme": "dark", "back": "/sign-in?next=/people"})
    assert answer.headers["Location"] == "/sign-in?next=/people"
    assert 'data-theme="dark"' in browser.get("/sign-in").text
    browser.post("/theme", {"theme": "<script>", "back": "//evil.example"})
    assert 'data-theme="dark"' in browser.get("/sign-in").text


def test_one_s_own_password_is_changed_and_other_sessions_end(app: Flask, browser: Browser, password: str) -> None:
    elsewhere = Browser(app)
    elsewhere.sign_in(DANA, password)
    browser.sign_in(DANA, password)
    words = "several words of mine"
    for old, new, again, told in (
        ("wrong", words, words, "The present password is not right."),
        (password, "short", "short", "12 to 256 characters"),
        (password, words, "other", "This is not the same."),
    ):
        refused = browser.post("/password", {"password": old, "new_password": new, "new_password_again": again})
        assert refused.status_code == 400
        assert told in refused.text
        assert words not in refused.text
    done = browser.post("/password", {"password": password, "new_password": words, "new_password_again": words})
    assert done.headers["Location"] == "/"
    assert "Your password is changed" in browser.get("/password").text
    assert elsewhere.get("/password").status_code == 303


def test_one_s_other_sessions_are_listed_and_ended(app: Flask, browser: Browser, password: str) -> None:
    elsewhere = Browser(app)
    elsewhere.sign_in(DANA, password, headers={"User-Agent": "A tablet"})
    browser.sign_in(DANA, password)
    page = browser.get("/password").text
    assert "A tablet" in page
    address = page.partition('action="/sessions/')[2].partition('"')[0]
    assert browser.post(f"/sessions/{address}").headers["Location"] == "/password"
    assert elsewhere.get("/password").status_code == 303


def test_nobody_ends_a_colleague_s_session(
    app: Flask, archive: Archive, organisation: OrganisationRow, browser: Browser, password: str
) -> None:
    browser.sign_in(DANA, password)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        mine = list_sessions(tx)[0].id
    colleague = signed_in_browser(app, archive, organisation.id, "lee@harbour.example")
    assert colleague.post(f"/sessions/{mine}/revoke").status_code == 404
    assert browser.get("/password").status_code == 200
