"""A search is kept under a name, found again by others, and certified for a stranger."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from archive.search.statement import check_statement
from tests.browser.conftest import Open, Site
from tests.browser.test_proving import public_key

COMPLIANCE, AUDITOR = ("Quillbrook", "compliance"), ("Quillbrook", "auditor")


def save(page: Page, name: str, *, shared: bool = False) -> None:
    page.locator("summary").filter(has_text="Save this search").click()
    expect(page.get_by_label("Name of this search")).to_be_focused()
    page.keyboard.type(name)
    if shared:
        page.get_by_label("For everybody who may search here, not only for me").check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=f"Saved as “{name}”.")).to_be_visible()


def saved_names(page: Page) -> list[str]:
    page.goto("/search")
    page.locator("summary").filter(has_text="Saved searches").click()
    return page.locator(".links a").all_inner_texts()


def test_a_search_is_saved_shared_run_by_another_renamed_and_deleted(open_page: Open, site: Site) -> None:
    mine = open_page("/search?q=lanterns+direction:in&sort=oldest", *COMPLIANCE)
    save(mine, "Lanterns that came in")
    expect(mine).to_have_url(f"{site.url}/search?q=lanterns+direction%3Ain&sort=oldest")
    theirs = open_page("/search", *AUDITOR)
    assert "Lanterns that came in" not in saved_names(theirs)

    mine.goto("/search/saved")
    row = mine.get_by_role("row").filter(has_text="Lanterns that came in")
    expect(row).to_contain_text("Only you")
    row.locator("summary").filter(has_text="Rename or share").click()
    row.get_by_label("Name").fill("Incoming lanterns")
    row.get_by_label("For everybody who may search").check()
    row.get_by_role("button", name="Change Lanterns").click()
    expect(mine.get_by_role("status")).to_contain_text("everybody who may search sees it")

    assert "Incoming lanterns" in saved_names(theirs)
    theirs.get_by_role("link", name="Incoming lanterns").click()
    expect(theirs.get_by_label("Search line")).to_have_value("lanterns direction:in")
    expect(theirs.locator("#count")).to_have_text("110 messages")
    expect(theirs).to_have_url(re.compile("sort=oldest"))
    theirs.goto("/search/saved")
    expect(theirs.get_by_role("row").filter(has_text="Incoming lanterns")).to_contain_text("shared by Imogen Talwar")
    expect(theirs.locator("summary").filter(has_text="Delete Incoming lanterns")).to_have_count(0)

    row = mine.get_by_role("row").filter(has_text="Incoming lanterns")
    row.locator("summary").filter(has_text="Delete").click()
    row.get_by_role("button", name="Delete Incoming lanterns").click()
    expect(mine.get_by_role("status")).to_contain_text("“Incoming lanterns” is deleted.")
    assert "Incoming lanterns" not in saved_names(theirs)


def test_what_is_opened_to_save_is_closed_by_escape_and_by_opening_another(open_page: Open) -> None:
    page = open_page("/search?q=lanterns", *COMPLIANCE)
    page.locator("summary").filter(has_text="Save this search").click()
    expect(page.get_by_label("Name of this search")).to_be_visible()
    page.locator("summary").filter(has_text="Certify this search").click()
    expect(page.get_by_label("Name of this search")).to_be_hidden()
    expect(page.get_by_role("button", name="Make the statement")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Make the statement")).to_be_hidden()
    expect(page.locator("summary").filter(has_text="Certify this search")).to_be_focused()


def test_a_name_that_is_taken_is_said_and_nothing_typed_is_lost(open_page: Open) -> None:
    page = open_page("/search?q=lanterns+talk&sort=best", *COMPLIANCE)
    save(page, "Taken")
    page.locator("summary").filter(has_text="Save this search").click()
    page.get_by_label("Name of this search").fill("taken")
    page.get_by_role("button", name="Save the search").click()
    name = page.get_by_label("Name", exact=True).last
    expect(name).to_have_value("taken")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Search line")).to_have_value("lanterns talk")
    name.fill("Free")
    page.get_by_role("button", name="Save the search").click()
    expect(page.get_by_role("row").filter(has_text="Free")).to_contain_text("Best match")


def test_a_search_without_hits_is_certified_into_a_file_that_is_good_elsewhere(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/search?q=xyzzy", *COMPLIANCE)
    expect(page.locator("#count")).to_have_text("0 messages")
    page.locator("summary").filter(has_text="Certify this search").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the statement").click()
    assert re.fullmatch(r"search-stm_[0-9a-z]+\.json", download.value.suggested_filename)
    path = tmp_path / "statement.json"
    download.value.save_as(path)
    stated = check_statement(path.read_text(), public_key(page))
    assert (stated.query, stated.count, stated.coverage.complete) == ("xyzzy", 0, True)
    assert stated.by.name == "Imogen Talwar"
    trail = open_page("/audit?kind=search.certified", *AUDITOR)
    expect(trail.get_by_role("row").nth(1)).to_contain_text("query: xyzzy")
    expect(trail.get_by_role("row").nth(1)).to_contain_text(stated.id)
