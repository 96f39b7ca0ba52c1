"""The pages of the locations, and the upload of a table: looked at first, taken in then."""

import io
import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.web.tables import LARGEST
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import own_number, trail


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))


def upload(browser: Browser, file: bytes):
    return browser.post("/locations/import", {"file": (io.BytesIO(file), "l.csv")}, content_type="multipart/form-data")


def test_a_location_is_added_opened_and_changed(kit: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    assert "No locations yet" in kit.get("/locations").text
    number_id = own_number(archive, organisation)
    page = kit.get("/locations").text
    address = re.search(r'href="(/locations/loc_\w+)"', page)
    assert address, "the number brought its location along"
    assert f'href="/numbers/{number_id}"' in kit.get(address[1]).text
    form = {"name": "Austin <HQ>", "street": "200 Congress", "region": "TX", "country": "us", "pstn": "provider"}
    assert kit.post(address[1], form).headers["Location"] == address[1]
    shown = kit.get(address[1]).text
    for words in ("Austin &lt;HQ&gt;", "200 Congress, TX", "the provider&#39;s own", "Front desk", "austin"):
        assert words in shown
    assert "Austin &lt;HQ&gt;" in kit.get("/numbers").text
    assert kit.post("/locations", {"name": "Boston"}).headers["Location"] == "/locations"
    assert [entry.detail["name"] for entry in trail(archive, organisation, "location.added")] == ["Boston", "Austin"]
    assert "Austin &lt;HQ&gt;" in kit.get("/audit?kind=location.changed").text


@pytest.mark.parametrize(
    ("form", "field", "status"),
    [
        ({"name": ""}, "name", 400),
        ({"name": "x" * 201}, "name", 400),
        ({"name": "AUSTIN"}, "name", 409),
        ({"name": "Boston", "country": "USA"}, "country", 400),
        ({"name": "Boston", "main_number": "<b>"}, "main_number", 400),
        ({"name": "Boston", "city": "a\x01"}, "city", 400),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(kit: Browser, form: dict[str, str], field: str, status: int) -> None:
    kit.post("/locations", {"name": "Austin"})
    answer = kit.post("/locations", form)
    assert answer.status_code == status
    assert f'id="e-{field}"' in answer.text
    kit.post("/locations", {"name": "Chicago"})
    address = re.findall(r'href="(/locations/loc_\w+)"', kit.get("/locations").text)[-1]
    answer = kit.post(address, form)
    assert answer.status_code == status
    assert f'id="e-{field}"' in answer.text


def test_who_may_only_look_is_offered_nothing(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    page = dana.get("/locations").text
    assert "Add a location" not in page
    assert "CSV" not in page
    assert dana.post("/locations", {"name": "x"}).status_code == 403
    assert upload(dana, b"name\nAustin\n").status_code == 403


def test_a_table_is_looked_at_first_and_taken_in_then(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    looked = upload(kit, '\ufeffname,country\n"Austin, ""<TX>""",US\nBoston,USA\n'.encode())
    assert looked.status_code == 200
    assert "nothing is changed yet" in looked.text
    assert "two letters" in looked.text
    assert "Take in 1 line" in looked.text
    assert trail(archive, organisation, "location.added") == []
    hidden = re.search(r'name="content" value="([^"]*)"', looked.text)
    assert hidden
    content = hidden[1].replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("\n", "\r\n")
    done = kit.post("/locations/import", {"content": content}, content_type="multipart/form-data")
    assert "This is what became of the table" in done.text
    assert "Take in" not in done.text
    assert [entry.detail["name"] for entry in trail(archive, organisation, "location.added")] == ['Austin, "<TX>"']
    again = upload(kit, b"name\n" + b'"Austin, ""<TX>"""\n')
    assert "Take in" not in again.text, "there is nothing to do"


@pytest.mark.parametrize(
    ("file", "status", "words"),
    [
        (b"", 400, "Choose a CSV file"),
        (b"x,y\n", 400, "names no column"),
        (b"name\n\xff", 400, "not UTF-8"),
        (b"name\n" + b"x" * LARGEST, 413, "larger than a page can take"),
        (b"name\n" + b"x\n" * 2_001, 413, "more lines than a page can take"),
        (b"name\n", 200, "No lines in the table"),
    ],
)
def test_a_file_that_can_not_be_taken_says_why(kit: Browser, file: bytes, status: int, words: str) -> None:
    answer = upload(kit, file)
    assert answer.status_code == status
    assert words in answer.text


def test_a_long_table_shows_what_was_refused_first(kit: Browser) -> None:
    lines = [f"Place {at}," for at in range(300)] + ["Nowhere,USA"]
    answer = upload(kit, ("name,country\n" + "\n".join(lines)).encode())
    assert "101 more lines are not shown." in answer.text
    rows = answer.text.partition("<tbody>")[2]
    assert rows.index("Nowhere") < rows.index("Place 0")
