import html
import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import take_in, text

HERE = "/search/saved"
COMPLIANCE = frozenset({Role.COMPLIANCE})


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example", COMPLIANCE)


@pytest.fixture
def noor(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "noor@harbour.example", COMPLIANCE)


def save(browser: Browser, name: str = "Wires", q: str = "wire -test", **more: str) -> int:
    return browser.post(HERE, {"name": name, "q": q, **more}).status_code


def address(browser: Browser, name: str = "Wires") -> str:
    found = re.search(rf'href="({HERE}/svs_[0-9a-z]+)">{re.escape(html.escape(name))}<', browser.get(HERE).text)
    assert found, name
    return found[1]


def test_a_search_is_saved_from_its_own_page_and_run_from_there(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, [text(1, "a wire")])
    page = dana.get("/search?q=wire+-test&sort=best").text
    assert 'name="back" value="/search?q=wire+-test&amp;sort=best"' in page
    back = "/search?q=wire+-test&sort=best"
    answer = dana.post(HERE, {"name": "Wires & fees", "q": "wire -test", "sort": "best", "back": back})
    assert (answer.status_code, answer.headers["Location"]) == (303, back)
    page = dana.get(back).text
    assert "Saved as “Wires &amp; fees”." in page
    assert '<a href="/search?q=wire+-test&amp;sort=best">Wires &amp; fees</a>' in page
    ran = dana.get(address(dana, "Wires & fees"))
    assert (ran.status_code, ran.headers["Location"]) == (303, back)


def test_an_empty_list_says_what_will_be_here(dana: Browser) -> None:
    assert "No saved searches yet" in dana.get(HERE).text
    assert "Searches that you save, and those that others share, will be here" in dana.get("/search").text


def test_what_is_private_stays_so_and_what_is_shared_names_its_owner(dana: Browser, noor: Browser) -> None:
    save(dana)
    save(dana, "Ours", shared="true")
    page = noor.get(HERE).text
    assert "Ours" in page and "shared by Dana" in page
    assert "Wires" not in page
    assert "Rename or share" not in page
    assert noor.get(address(dana)).status_code == 404
    assert noor.post(f"{address(dana, 'Ours')}/delete").status_code == 403
    assert noor.post(address(dana, "Ours"), {"name": "Mine"}).status_code == 403


def test_it_is_renamed_shared_and_deleted(dana: Browser, noor: Browser) -> None:
    save(dana)
    where = address(dana)
    dana.post(where, {"name": "Wires of ours", "shared": "true"})
    page = dana.get(HERE).text
    assert "“Wires of ours” is changed; everybody who may search sees it." in page
    assert address(noor, "Wires of ours") == where
    dana.post(where, {"name": "Wires of ours"})
    assert "only you see it" in dana.get(HERE).text
    assert noor.get(where).status_code == 404
    answer = dana.post(f"{where}/delete")
    assert answer.status_code == 303
    assert "“Wires of ours” is deleted." in dana.get(HERE).text
    assert dana.get(where).status_code == dana.post(f"{where}/delete").status_code == 404


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": ""}, "A name has up to 100 characters"),
        ({"name": "x" * 101}, "A name has up to 100 characters"),
        ({"name": "\u2028"}, "A name has up to 100 characters"),
        ({"q": ""}, "Type the search line"),
        ({"q": "frm:x"}, "There is no field frm:. Did you mean from:?"),
        ({"sort": "sideways"}, "Choose from the list."),
        ({"name": "WIRES"}, "There is a saved search “WIRES” already."),
    ],
    ids=str,
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(
    dana: Browser, form: dict[str, str], says: str
) -> None:
    save(dana)
    answer = dana.post(HERE, {"name": "Another", "q": "refund", "shared": "true", **form})
    assert answer.status_code in {400, 409}
    assert says in answer.text
    assert 'name="shared" value="true" checked' in answer.text
    if "q" not in form:
        assert 'value="refund"' in answer.text


def test_a_name_that_is_taken_is_said_on_renaming_too(dana: Browser) -> None:
    save(dana)
    save(dana, "Refunds")
    assert dana.post(address(dana, "Refunds"), {"name": "wires"}).status_code == 303
    page = dana.get(HERE).text
    assert "There is a saved search “wires” already." in page
    assert "Refunds" in page


def test_the_browser_is_sent_back_to_this_archive_only(dana: Browser) -> None:
    for number, back in enumerate(("https://evil.example/", "//evil.example", "javascript:alert(1)")):
        answer = dana.post(HERE, {"name": f"N{number}", "q": "x", "back": back})
        assert answer.headers["Location"] == HERE


def test_a_hostile_name_and_line_are_shown_and_harm_nothing(dana: Browser) -> None:
    save(dana, "<script>alert(1)</script>", '"<b>&\u202e\x1b[31m"')
    page = dana.get(HERE).text
    assert "<script>alert" not in page and "<b>&" not in page and "\x1b" not in page
    assert "&lt;script&gt;alert(1)" in dana.get("/search").text


def test_who_may_not_search_saves_nothing(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    roles = frozenset({Role.ADMINISTRATOR})
    browser = signed_in_browser(app, archive, organisation.id, "ada@harbour.example", roles)
    assert browser.get(HERE).status_code == 403
    assert save(browser) == 403
