import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.http.headers import CONTENT_SECURITY_POLICY, HEADERS
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser

ANSWERS = ["/", "/sign-in", "/healthz", "/people", "/nothing-here", "/api/v1/nothing-here", "/api/v1/messages"]


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_carries_every_header(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer.headers


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")
    assert not {"unsafe-inline", "unsafe-eval", "http", "*"} & set(CONTENT_SECURITY_POLICY.replace("'", " ").split())


def test_no_page_needs_what_the_policy_forbids(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example")
    for path in ("/people", "/keys", "/password", "/nothing-here"):
        page = dana.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page
        assert "//fonts." not in page


def test_static_files_are_kept_for_ever_under_their_hash_and_briefly_under_another(
    app: Flask, browser: Browser
) -> None:
    address = app.jinja_env.globals["asset"]("css/tokens.css")  # type: ignore[operator]
    kept = browser.get(address)
    assert kept.status_code == 200
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    old = browser.get("/static/000000000000/css/tokens.css")
    assert "max-age=60" in old.headers["Cache-Control"]
    assert "immutable" not in old.headers["Cache-Control"]


def test_what_a_style_sheet_refers_to_has_the_address_that_a_page_preloads(app: Flask, browser: Browser) -> None:
    sheet = app.jinja_env.globals["asset"]("css/tokens.css")  # type: ignore[operator]
    font = app.jinja_env.globals["asset"]("font/inter-latin.woff2")  # type: ignore[operator]
    assert '"../font/inter-latin.woff2"' in browser.get(sheet).text
    assert sheet.rsplit("/", 2)[0] == font.rsplit("/", 2)[0]
    assert browser.get(font).mimetype == "font/woff2"
