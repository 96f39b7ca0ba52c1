import logging

import msgspec
import pytest
from flask import Flask
from sqlalchemy import text

from archive.access.roles import Permission
from archive.core import errors
from archive.core.errors import ArchiveError, Conflict, Damaged, NotReady
from archive.http.access import public, requires
from archive.http.problems import STATUS, status_of
from archive.wiring import Archive
from archive.wsgi import create_app
from tests.browsing import Browser

SECRET = "the wire goes out on Friday"


def fail_with(problem: Exception) -> Flask:
    raise problem


@pytest.fixture
def app(archive: Archive) -> Flask:
    app = create_app(archive)
    for name, problem in {
        "conflict": Conflict("It is gone.", "Start again."),
        "damaged": Damaged("The envelope does not open.", "Run verify."),
        "not-ready": NotReady("KMS is away.", "Wait."),
        "unexpected": RuntimeError(SECRET),
    }.items():
        app.add_url_rule(f"/{name}", name, public(lambda problem=problem: fail_with(problem)))
        app.add_url_rule(f"/api/v1/{name}", f"api_{name}", public(lambda problem=problem: fail_with(problem)))
    app.add_url_rule("/read", "read", requires(Permission.MESSAGES_READ)(lambda: ""))
    return app


def test_every_kind_of_error_has_a_status_and_a_slug_of_its_own() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ArchiveError)]
    assert set(kinds) == set(STATUS)
    assert len({kind.slug for kind in kinds}) == len(kinds)


def test_a_descendant_has_the_status_of_its_nearest_ancestor() -> None:
    class StillConflict(Conflict):
        slug = "still-conflict"

    assert status_of(StillConflict(""))[0] == 409


def test_programs_get_a_problem_with_a_stable_type_and_a_next_step(browser: Browser) -> None:
    answer = browser.get("/api/v1/conflict")
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert msgspec.json.decode(answer.data) == {
        "type": "/problems/conflict",
        "title": "Not possible in this state",
        "status": 409,
        "detail": "It is gone.",
        "next_step": "Start again.",
    }


def test_people_get_a_page_that_says_the_same(browser: Browser) -> None:
    answer = browser.get("/conflict")
    assert (answer.status_code, answer.mimetype) == (409, "text/html")
    for words in ("It is gone.", "Start again.", "/problems/conflict"):
        assert words in answer.text


@pytest.mark.parametrize("path", ["/unexpected", "/api/v1/unexpected"])
def test_the_unexpected_is_answered_without_details_and_logged_without_content(
    browser: Browser, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = browser.get(f"{path}?q=alimony", headers={"User-Agent": "alimony"})
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert SECRET not in caplog.text
    assert "alimony" not in caplog.text
    assert "RuntimeError" in caplog.text
    reference = caplog.records[-1].getMessage().partition(":")[0]
    assert reference in answer.text


@pytest.mark.parametrize(("name", "status"), [("damaged", 500), ("not-ready", 503)])
def test_our_own_faults_are_told_and_logged(
    browser: Browser, name: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    answer = browser.get(f"/api/v1/{name}")
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["instance"] in caplog.text


def test_what_is_not_there_looks_the_same_to_everybody(browser: Browser) -> None:
    assert browser.get("/nothing").status_code == 404
    assert browser.get("/api/v1/nothing").content_type == "application/problem+json"
    wrong_method = browser.client.put("/api/v1/messages")
    assert wrong_method.status_code == 405
    assert "POST" in wrong_method.headers["Allow"]


def test_who_wanted_a_page_is_led_back_to_it(browser: Browser) -> None:
    assert browser.get("/read?q=a&b=c").headers["Location"] == "/sign-in?next=/read%3Fq%3Da%26b%3Dc"


@pytest.mark.tampers
def test_a_failing_database_is_told_without_its_help(
    browser: Browser, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    with archive.engine.begin() as connection:
        connection.execute(text("DROP TABLE person_session"))
    browser.client.set_cookie("session", SECRET)
    answer = browser.get("/people")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "reference" in answer.text
    assert "person_session" not in answer.text + caplog.text


def test_a_page_takes_no_large_body(browser: Browser) -> None:
    answer = browser.client.post("/sign-in", data={"email": "a" * 1_100_000})
    assert answer.status_code == 413
    assert "/problems/too-large" in answer.text
