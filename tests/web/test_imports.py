"""Files through a page: previewed, imported, and what became of each item; profiles of tables."""

import io
import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.intake.files import FORMATS
from archive.web.import_words import format_labels
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.items import OWN_NUMBER, STRANGER, own_number

TABLE = f"Sender,Receiver,Words\n{STRANGER},{OWN_NUMBER},<b>Hello</b>\n{STRANGER},{STRANGER},Whose?\n".encode()


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    own_number(archive, organisation.id)
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))


def send(browser: Browser, do: str, content: bytes = TABLE, **more: str) -> tuple[int, str, str]:
    """(status, page, where it leads)."""
    answer = browser.post("/imports", {"file": (io.BytesIO(content), "C:/old/export.csv"), "do": do, **more})
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def test_a_table_is_previewed_by_a_profile_and_imported(kit: Browser, dana: Browser) -> None:
    assert "No imports yet" in kit.get("/imports").text
    columns = {"column_from": "Sender", "column_to": "Receiver", "column_text": "Words"}
    refused = kit.post("/imports/profiles", {"name": "Acme", **columns, "zone": "Mars"})
    assert refused.status_code == 400
    assert "The time zone is not known" in refused.text
    assert 'value="Receiver"' in refused.text
    assert kit.post("/imports/profiles", {"name": "Acme", **columns, "constant_provider": "acme"}).status_code == 303
    assert "<code>Receiver</code>" in kit.get("/imports/profiles").text
    status, page, _ = send(kit, "preview", profile="Acme")
    assert status == 200
    assert "Preview of export.csv" in page
    assert "Nothing is stored yet. The file has 2 items:" in page
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page
    assert "1 × This row doesn&#39;t say whether it came in or went out" in page
    assert "No imports yet" in kit.get("/imports").text
    status, _, address = send(kit, "import", profile="Acme")
    assert status == 303
    shown = kit.get(address).text
    assert "This row doesn&#39;t say whether it came in" in shown
    assert re.search(r'href="/quarantine/\d+"', shown)
    table = dana.get(f"{address}/fates.csv")
    assert table.headers["Content-Disposition"].endswith('-fates.csv"')
    assert table.text.splitlines()[1].startswith("export.csv,line 2,stored,")
    assert '"status":"quarantined"' in dana.get(f"{address}/fates.jsonl").text
    assert "Hello" not in table.text
    assert "export.csv" in dana.get("/imports").text


def test_what_is_wrong_is_said_beside_the_file(kit: Browser, dana: Browser) -> None:
    for content, more, said in (
        (TABLE, {}, "no column for to and text; its columns are Sender, Receiver, Words"),
        (b"", {}, "is empty"),
        (b"Dear all", {}, "in no format that is known here"),
        (TABLE, {"number": "555"}, "is not a number"),
        (TABLE, {"profile": "Nobody&#39;s"}, "There is no profile"),
    ):
        status, page, _ = send(kit, "preview", content, **more)
        assert status in (400, 404)
        assert said in page
        assert send(kit, "import", content, **more)[0] == status
    assert "No imports yet" in kit.get("/imports").text
    assert kit.post("/imports", {"do": "preview"}).status_code == 400
    assert send(dana, "import")[0] == 403
    assert "Import a file" not in dana.get("/imports").text
    assert kit.get("/imports/imp_of_nobody").status_code == 404


def test_a_profile_is_renamed_and_removed(kit: Browser) -> None:
    kit.post("/imports/profiles", {"name": "Acme", "column_other": "A", "column_text": "B", "constant_own": OWN_NUMBER})
    found = re.search(r'action="(/imports/profiles/prf_\w+)"', kit.get("/imports/profiles").text)
    assert found
    assert kit.post(found[1], {"name": "Twilio"}).status_code == 303
    assert "comes with the archive" in kit.get("/imports/profiles").text
    assert kit.post(found[1], {"name": "Acme Mobile"}).status_code == 303
    assert "Acme Mobile" in kit.get("/imports").text
    assert kit.post(f"{found[1]}/remove").status_code == 303
    assert kit.post(f"{found[1]}/remove").status_code == 404


def test_every_format_has_a_name_for_people(app: Flask) -> None:
    with app.test_request_context():
        assert format_labels().keys() == {"auto", *FORMATS}
