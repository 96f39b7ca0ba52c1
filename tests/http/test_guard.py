from dataclasses import replace

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.people import disable_person, list_people, set_roles
from archive.access.roles import Permission, Role
from archive.access.sessions import IDLE
from archive.core.actor import OPERATOR
from archive.http.access import requires, signed_in
from archive.http.current import caller
from archive.wiring import Archive, build
from archive.wsgi import create_app
from tests.browsing import Browser, api_key, settled_person, signed_in_browser

DANA = "dana@harbour.example"


@pytest.fixture
def app(archive: Archive) -> Flask:
    """With a page and an API address that say who asks."""
    app = create_app(archive)
    app.add_url_rule("/whoami", "whoami", signed_in(lambda: str(caller().actor)))
    app.add_url_rule("/api/v1/whoami", "api_whoami", requires(Permission.MESSAGES_READ)(lambda: str(caller().actor)))
    return app


def test_a_program_with_a_key_is_let_in_and_named_by_it(
    app: Flask, archive: Archive, organisation: OrganisationRow, browser: Browser
) -> None:
    answer = browser.get("/api/v1/whoami", headers=api_key(archive, organisation.id, "messages.read"))
    assert answer.status_code == 200
    assert answer.text.startswith("key:apk_")


def test_a_key_without_the_scope_is_refused(
    app: Flask, archive: Archive, organisation: OrganisationRow, browser: Browser
) -> None:
    answer = browser.get("/api/v1/whoami", headers=api_key(archive, organisation.id, "messages.write"))
    assert answer.status_code == 403
    assert answer.json == {
        "type": "/problems/not-permitted",
        "title": "Not permitted",
        "status": 403,
        "detail": "This API key does not include messages.read.",
        "next_step": "Use a key with that scope.",
    }


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer ta_nonsense", "ta_nonsense"])
def test_without_a_good_key_the_api_says_how_to_send_one(browser: Browser, header: str) -> None:
    answer = browser.get("/api/v1/whoami", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_is_worth_nothing_to_the_api(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    dana = signed_in_browser(app, archive, organisation.id, DANA)
    assert dana.get("/whoami").status_code == 200
    assert dana.get("/api/v1/whoami").status_code == 401


def test_a_key_is_worth_nothing_to_pages(
    app: Flask, archive: Archive, organisation: OrganisationRow, browser: Browser
) -> None:
    answer = browser.get("/whoami", headers=api_key(archive, organisation.id))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/whoami")


def test_a_role_taken_away_counts_with_the_next_request(
    app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    settled_person(archive, organisation.id, "first@harbour.example")
    dana = signed_in_browser(app, archive, organisation.id, DANA)
    assert dana.get("/people").status_code == 200
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        row = next(row for row in list_people(tx) if row.email == DANA)
        set_roles(tx, row.id, {Role.COMPLIANCE})
    assert dana.get("/people").status_code == 403
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        disable_person(tx, row.id)
    assert dana.get("/whoami").status_code == 303


def test_half_an_hour_of_nothing_signs_out_and_use_keeps_signed_in(
    app: Flask, archive: Archive, organisation: OrganisationRow, clock
) -> None:
    dana = signed_in_browser(app, archive, organisation.id, DANA)
    for _ in range(3):
        clock.advance(minutes=29)
        assert dana.get("/whoami").status_code == 200
    clock.advance(seconds=IDLE.total_seconds())
    assert dana.get("/whoami").status_code == 303


def test_twelve_hours_sign_out_however_busy(app: Flask, archive: Archive, organisation: OrganisationRow, clock) -> None:
    dana = signed_in_browser(app, archive, organisation.id, DANA)
    for _ in range(25):
        clock.advance(minutes=28)
        assert dana.get("/whoami").status_code == 200
    clock.advance(minutes=20)
    assert dana.get("/whoami").status_code == 303


def test_cookies_are_out_of_reach_of_scripts_and_sites(
    app: Flask, archive: Archive, organisation: OrganisationRow, browser: Browser
) -> None:
    _, password = settled_person(archive, organisation.id, DANA)
    answer = browser.sign_in(DANA, password)
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("session="))
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_over_https_cookies_are_bound_to_the_host(archive: Archive, organisation: OrganisationRow) -> None:
    secure = build(replace(archive.settings, public_url="https://archive.example"), clock=archive.clock)
    _, password = settled_person(archive, organisation.id, DANA)
    browser = Browser(create_app(secure), "https://archive.example")
    answer = browser.sign_in(DANA, password)
    assert answer.status_code == 303
    for cookie in answer.headers.getlist("Set-Cookie"):
        if "Max-Age=0" not in cookie:
            assert cookie.startswith("__Host-"), cookie
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert browser.get("/people").status_code == 200
    secure.engine.dispose()


def test_a_changing_request_without_its_token_is_refused(
    app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    dana = signed_in_browser(app, archive, organisation.id, DANA)
    for form in ({}, {"csrf_token": "x"}, {"csrf_token": Browser(app).token()}):
        answer = dana.client.post("/sign-out", data=form)
        assert answer.status_code == 400
        assert "/problems/form-expired" in answer.text
    assert dana.get("/whoami").status_code == 200


@pytest.mark.parametrize(("site", "status"), [("cross-site", 400), ("same-site", 400), ("same-origin", 303)])
def test_the_browser_s_own_word_counts_too(browser: Browser, site: str, status: int) -> None:
    answer = browser.post("/theme", {"theme": "dark"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status


def test_the_api_needs_no_form_token(
    app: Flask, archive: Archive, organisation: OrganisationRow, browser: Browser
) -> None:
    answer = browser.client.post("/api/v1/messages", json={}, headers=api_key(archive, organisation.id))
    assert answer.status_code in {200, 201}


def test_a_one_time_password_opens_only_the_page_that_replaces_it(
    app: Flask, archive: Archive, organisation: OrganisationRow, browser: Browser
) -> None:
    settled_person(archive, organisation.id, "first@harbour.example")
    first = signed_in_browser(app, archive, organisation.id, DANA)
    form = {"name": "New", "email": "new@harbour.example", "role": "auditor"}
    page = first.post("/people", form).text
    password = page.partition('id="one-time-password">')[2].partition("<")[0]
    browser.sign_in("new@harbour.example", password)
    for path in ("/people", "/whoami"):
        assert browser.get(path).headers["Location"] == "/password"
    assert browser.get("/password").status_code == 200
    words = "several words of mine"
    browser.post("/password", {"password": password, "new_password": words, "new_password_again": words})
    assert browser.get("/whoami").status_code == 200


def test_the_address_is_the_client_s_only_behind_trusted_proxies(archive: Archive) -> None:
    for hops, seen in ((0, "127.0.0.1"), (1, "192.0.2.7")):
        app = create_app(build(replace(archive.settings, trusted_proxies=hops), clock=archive.clock))
        app.after_request(lambda response: (response.headers.add("X-Seen", _remote()), response)[1])
        answer = app.test_client().get("/healthz", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.7"})
        assert answer.headers["X-Seen"] == seen
        app.extensions["archive"].engine.dispose()


def _remote() -> str:
    from flask import request

    return request.remote_addr or ""
