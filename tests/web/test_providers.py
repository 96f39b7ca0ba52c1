"""The page of providers: whether an account works, and which texts were reported on and never came."""

import dataclasses
from collections.abc import Callable

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.providers.accounts import connect, list_accounts
from archive.providers.store import count
from archive.pulling.running import Puller
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.deliveries.saying import note_all, said, send


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        connect(tx, "twilio", "AC1", "the account's secret")
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))


@pytest.fixture
def came(archive: Archive, organisation: OrganisationRow) -> Callable[[str], None]:
    """`came("rejected")`: something came in, and that became of it."""

    def came(what: str) -> None:
        with archive.transactions.across() as session:
            count(session, organisation.id, "twilio", "AC1", what, archive.clock())

    return came


def pressed(kit: Browser) -> str:
    assert kit.post("/providers/twilio/AC1/test").status_code == 303
    return kit.get("/providers").text


def test_the_test_button_says_whether_anything_came_in_and_how(kit: Browser, came, clock) -> None:
    assert "Nothing has come in yet" in pressed(kit)
    came("rejected")
    assert "All that came in was refused" in pressed(kit)
    clock.advance(minutes=1)
    came("accepted")
    page = pressed(kit)
    assert "It works: the last request was signed" in page
    assert "1 in this hour, 0 in the hour before" in page
    assert kit.post("/providers/twilio/NOBODY/test").status_code == 404


def test_the_rate_is_that_of_this_hour_and_the_one_before(kit: Browser, came, clock, archive, organisation) -> None:
    steps = [(("accepted", "accepted", "rejected"), 0), (("accepted",), 1), ((), 1), (("accepted",), 3)]
    seen = []
    for things, hours in steps:
        clock.advance(hours=hours)
        for what in things:
            came(what)
        with archive.transactions.read(organisation.id, OPERATOR) as tx:
            [shown] = list_accounts(tx)
            seen.append((shown.this_hour, shown.hour_before))
    assert seen == [(2, 0), (1, 2), (0, 1), (1, 0)]


def test_texts_that_never_came_are_shown_until_they_come(kit: Browser, archive, organisation) -> None:
    assert "Texts that are missing" not in kit.get("/providers").text
    note_all(archive, organisation.id, said("SM7"), said("SM7", status="sent"), said("<b>SM8"))
    shown = kit.get("/providers").text
    assert "2 texts were reported on and never came." in shown
    assert "SM7" in shown
    assert "&lt;b&gt;SM8" in shown
    send(archive, organisation.id, "SM7")
    assert "1 text was reported on and never came." in kit.get("/providers").text


def test_what_became_of_a_text_stands_on_its_page(dana: Browser, archive, organisation, clock) -> None:
    serial = send(archive, organisation.id)
    assert "Delivery</h3>" not in dana.get(f"/messages/{serial}").text
    note_all(archive, organisation.id, said(status="sent", at=clock.now))
    note_all(
        *(archive, organisation.id),
        said(status="blocked", code="30007", category="filtered_spam", title="<i>Filtered", at=clock.now),
    )
    shown = dana.get(f"/messages/{serial}").text
    assert "Delivery</h3>" in shown
    assert "Blocked: it was filtered as spam" in shown
    assert "30007" in shown
    assert "&lt;i&gt;Filtered" in shown


def test_credentials_for_reading_are_entered_and_what_comes_of_it_is_shown(
    kit: Browser, dana: Browser, archive, organisation
) -> None:
    here, secret = "/providers/twilio/AC1/reading", "auth token of theirs"
    page = kit.get("/providers").text
    assert "not at all" in page
    assert "Fetch now" not in page
    assert dana.post(here, {"password_secret": secret}).status_code == 403
    assert kit.post(f"{here}/now").status_code == 404, "there are none yet"
    kit.post(here, {"password_key_sid": "SK1"})
    assert "&#39;secret&#39; is missing." in kit.get("/providers").text
    assert kit.post(here, {"password_secret": secret, "password_key_sid": ""}).status_code == 303
    page = kit.get("/providers").text
    assert "The last seven days are fetched within two minutes." in page
    assert "nothing yet" in page
    ready = dataclasses.replace(
        archive, settings=dataclasses.replace(archive.settings, provider_urls={"twilio": "http://127.0.0.1:9"})
    )
    Puller(ready, organisation.id, OPERATOR, sleep=lambda _seconds: None).run("twilio", "AC1")
    page = kit.get("/providers").text
    assert "Twilio did not answer" in page
    assert "Try again later." in page
    assert secret not in page
    kit.post(f"{here}/now", {"since": "2026-11-01", "until": "yesterday"})
    assert "Give a day as 2026-11-23." in kit.get("/providers").text
    kit.post(f"{here}/now", {"since": "2026-11-01", "until": ""})
    assert "It is fetched within two minutes." in kit.get("/providers").text
    kit.post(f"{here}/end")
    assert "not at all" in kit.get("/providers").text
