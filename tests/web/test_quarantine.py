import json

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.intake.model import Arrival
from archive.intake.quarantine import keep
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import take_in, text, trail

BROKEN = b'{"provider": "twilio", "text": "<script>\x07 secret words'


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))


def refused_by_older_rules(archive: Archive, organisation: OrganisationRow, *numbers: int) -> list[int]:
    """What today's rules can read and those of the day on which it came could not."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        raw = [json.dumps(text(number, f"words {number}")).encode() for number in numbers]
        arrivals = [Arrival(item, None, "`provider` is missing", tx.now, "api") for item in raw]
        return [outcome.serial or 0 for outcome in keep(tx, arrivals, [str(OPERATOR)] * len(raw))]


def test_an_empty_quarantine_says_so(dana: Browser) -> None:
    assert "Nothing is waiting" in dana.get("/quarantine").text


def test_items_are_listed_with_their_reasons_and_counted_in_the_frame(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    seqs = take_in(archive, organisation, [BROKEN, {"text": "words"}, b"\xff", b"[1]"])
    page = dana.get("/quarantine").text
    for words in (
        "Not JSON",
        "Field missing",
        "“provider” is missing.",
        "Not UTF-8",
        "Not an object",
        "Retry all 4 items",
    ):
        assert words in page
    assert all(f'href="/quarantine/{seq}"' in page for seq in seqs)
    assert '<span class="count">4<' in dana.get("/search").text


def test_an_item_is_shown_as_received_and_looking_is_recorded(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    seq, binary = take_in(archive, organisation, [BROKEN, b"\xff\xfe\x00 bytes"])
    page = dana.get(f"/quarantine/{seq}").text
    assert "&lt;script&gt;␇ secret words" in page
    assert "<script>\x07" not in page
    assert "\ufffd\ufffd␀ bytes" in dana.get(f"/quarantine/{binary}").text
    viewed = trail(archive, organisation, "quarantine.viewed")
    assert [(entry.subject, entry.detail) for entry in viewed] == [
        (f"quarantine:{binary}", {"content": True}),
        (f"quarantine:{seq}", {"content": True}),
    ]


def test_an_administrator_sees_that_it_came_and_not_what_it_says(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    seq = take_in(archive, organisation, [BROKEN])[0]
    page = kit.get(f"/quarantine/{seq}").text
    assert "secret words" not in page
    assert "does not include reading texts" in page
    assert f'action="/quarantine/{seq}/retry"' in page
    assert trail(archive, organisation, "quarantine.viewed")[0].detail == {"content": False}


def test_a_very_long_item_is_shown_in_part(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    seq = take_in(archive, organisation, [b"x" * 100_000])[0]
    page = dana.get(f"/quarantine/{seq}").text
    assert "The first 20 kB of 100 kB are shown" in page
    assert len(page) < 60_000


def test_a_retry_that_fails_again_is_counted_and_told(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    seq = take_in(archive, organisation, [BROKEN])[0]
    answer = dana.post(f"/quarantine/{seq}/retry")
    assert answer.headers["Location"] == f"/quarantine/{seq}"
    page = dana.get(f"/quarantine/{seq}").text
    assert "It still can&#39;t be read" in page
    assert "Dana" in page.partition("Attempts")[2]
    retried = trail(archive, organisation, "quarantine.retried")
    assert [(entry.subject, entry.detail["outcome"]) for entry in retried] == [(f"quarantine:{seq}", "quarantined")]


def test_a_retry_that_works_archives_it_once(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    seq, same = refused_by_older_rules(archive, organisation, 1, 2)
    dana.post(f"/quarantine/{seq}/retry")
    page = dana.get(f"/quarantine/{seq}").text
    assert "A retry archived it as" in page
    serial = page.partition('href="/messages/')[2].partition('"')[0]
    assert "words 1" in dana.get(f"/messages/{serial}").text
    again = dana.post(f"/quarantine/{seq}/retry")
    assert again.status_code == 303
    assert "retried already" in dana.get("/quarantine").text
    assert f'href="/quarantine/{seq}"' not in dana.get("/quarantine").text
    assert f'href="/quarantine/{same}"' in dana.get("/quarantine").text


def test_all_are_retried_each_by_itself(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, [BROKEN, text(3, "words 3")])
    refused_by_older_rules(archive, organisation, 1, 2, 3)
    assert dana.post("/quarantine/retry").headers["Location"] == "/quarantine"
    page = dana.get("/quarantine").text
    assert "Retried. 2 archived; 1 archived already; 1 still can&#39;t be read." in page
    assert "Retry the 1 item" in page


def test_retrying_nothing_says_so(dana: Browser) -> None:
    dana.post("/quarantine/retry")
    assert "Nothing was waiting." in dana.get("/quarantine").text


def test_many_items_are_read_page_by_page(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    seqs = take_in(archive, organisation, [f"broken {number}".encode() for number in range(60)])
    first = dana.get("/quarantine").text
    assert f'href="/quarantine?before={seqs[10]}"' in first
    second = dana.get(f"/quarantine?before={seqs[10]}").text
    assert f'href="/quarantine/{seqs[9]}"' in second
    assert f'href="/quarantine/{seqs[10]}"' not in second
    assert 'rel="prev"' in second


def test_who_may_not_retry_is_not_offered_it(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    seq = take_in(archive, organisation, [BROKEN])[0]
    lee = signed_in_browser(app, archive, organisation.id, "lee@harbour.example", frozenset({Role.AUDITOR}))
    assert "/retry" not in lee.get("/quarantine").text + lee.get(f"/quarantine/{seq}").text
    assert lee.post(f"/quarantine/{seq}/retry").status_code == 403
    assert lee.post("/quarantine/retry").status_code == 403
    ingest = signed_in_browser(app, archive, organisation.id, "in@harbour.example", frozenset({Role.INGEST}))
    assert ingest.get("/quarantine").status_code == 403


def test_what_is_not_there_is_not_found(dana: Browser) -> None:
    for wrong in (0, 4711, 2**63, "x"):
        assert dana.get(f"/quarantine/{wrong}").status_code == 404
    assert dana.post("/quarantine/4711/retry").status_code == 404
