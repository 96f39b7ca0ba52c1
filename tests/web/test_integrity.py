import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.ledger.note import VerifierKey, open_checkpoint
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import take_in, text


@pytest.fixture
def lee(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "lee@harbour.example", frozenset({Role.AUDITOR}))


def vkey(page: str) -> VerifierKey:
    return VerifierKey.parse(page.partition('id="vkey"')[2].partition('value="')[2].partition('"')[0])


def test_nothing_is_signed_at_first(lee: Browser, organisation: OrganisationRow) -> None:
    page = lee.get("/integrity").text
    assert organisation.origin in page
    assert "not yet" in page
    assert "Sign now" in page
    assert "--org &#39;Harbour Wealth&#39;" in page


def test_signing_now_covers_everything_and_its_note_opens_with_the_public_key(
    lee: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, [text(number, "x") for number in range(3)])
    lee.post("/integrity/sign")
    page = lee.get("/integrity").text
    assert "The checkpoint below covers every entry." in page
    assert "Sign now" not in page
    size = int(page.partition("/integrity/checkpoints/")[2].partition('"')[0])
    answer = lee.get(f"/integrity/checkpoints/{size}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{size}.checkpoint"'
    assert answer.mimetype == "text/plain"
    assert open_checkpoint(answer.text, vkey(page)).size == size
    assert archive.vault.names(organisation.public_id)
    lee.post("/integrity/sign")
    assert "Everything was signed already." in lee.get("/integrity").text


def test_older_checkpoints_are_read_page_by_page(lee: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    for number in range(27):
        take_in(archive, organisation, [text(number, "x")])
        lee.post("/integrity/sign")
    first = lee.get("/integrity").text
    rest = first.partition('href="/integrity?before=')[2].partition('"')[0]
    second = lee.get(f"/integrity?before={rest}").text
    assert first.count("Download<") - second.count("Download<") == 23
    assert 'rel="next"' not in second


def test_what_was_never_signed_is_not_found(lee: Browser) -> None:
    for wrong in (0, 1, 2**63 - 1, 2**63, "x"):
        assert lee.get(f"/integrity/checkpoints/{wrong}").status_code == 404
    assert lee.get("/integrity?before=x").status_code == 400


def test_who_may_not_see_it_is_refused(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    ingest = signed_in_browser(app, archive, organisation.id, "in@harbour.example", frozenset({Role.INGEST}))
    assert ingest.get("/integrity").status_code == 403
    assert ingest.post("/integrity/sign").status_code == 403
