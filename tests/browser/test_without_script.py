"""Everything that matters works in a browser that runs no script."""

import json
import re

from playwright.sync_api import expect

from tests.browser.conftest import Open, Site, sign_in


def test_from_signing_in_to_a_proof_the_quarantine_and_the_trail(open_page: Open, site: Site) -> None:
    page = open_page("/", java_script_enabled=False)
    sign_in(page, *site.shown.logins["Quillbrook", "administrator"])
    page.get_by_label("Search line").fill("lanterns")
    page.get_by_role("button", name="Search").click()
    page.locator("a.hit").first.click()
    record = page.get_by_role("complementary", name="Record")
    with page.expect_download() as download:
        record.get_by_role("link", name="Download the proof").click()
    assert download.value.suggested_filename.endswith(".proof")
    page.get_by_role("link", name="Quarantine").first.click()
    page.get_by_role("row").filter(has_text="Not UTF-8").get_by_role("link").click()
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("status")).to_contain_text("It still can't be read")
    page.get_by_role("link", name="Audit trail").first.click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Audit trail viewed")
    kinds = page.locator("td .mono").all_inner_texts()
    assert kinds.index("quarantine.retried") < kinds.index("proof.made") < kinds.index("message.viewed")


def test_the_filters_are_a_form(open_page: Open, site: Site) -> None:
    page = open_page("/search?q=lanterns", "Quillbrook", "compliance", java_script_enabled=False)
    page.get_by_text("Add a filter").click()
    page.get_by_label("Direction").select_option("Sent")
    page.get_by_label("Before this day, UTC").fill("2026-01-03")
    page.get_by_role("button", name="Add to the search").click()
    expect(page.get_by_label("Search line")).to_have_value("lanterns direction:out before:2026-01-03")
    expect(page.locator(".chip")).to_have_count(3)
    page.get_by_role("navigation", name="Order").get_by_role("link", name="Oldest").click()
    expect(page.locator(".day-head").first).to_contain_text("1 Jan 2026")


def test_a_search_is_counted_saved_run_and_certified(open_page: Open) -> None:
    page = open_page("/search?q=lanterns", "Quillbrook", "auditor", java_script_enabled=False)
    expect(page.locator("#count")).to_have_text("220 messages")
    page.get_by_text("Save this search").click()
    page.get_by_label("Name of this search").fill("Without a script")
    page.get_by_role("button", name="Save the search").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as “Without a script”.")
    page.goto("/search")
    page.get_by_text("Saved searches", exact=True).click()
    page.get_by_role("link", name="Without a script").click()
    expect(page.get_by_label("Search line")).to_have_value("lanterns")
    page.get_by_text("Certify this search").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the statement").click()
    assert json.loads(download.value.path().read_text())["format"] == "textarchive-search-statement-v1"


def test_on_a_narrow_screen_the_menu_opens_and_leads_on(open_page: Open) -> None:
    page = open_page("/search?q=lanterns", "Quillbrook", "compliance", java_script_enabled=False,
                     viewport={"width": 390, "height": 800})  # fmt: skip
    page.locator("a.hit").first.click()
    expect(page.locator(".text[aria-current]")).to_be_visible()
    page.get_by_role("link", name="Back to the results").click()
    expect(page.locator("a.hit").first).to_be_visible()
    page.locator("summary").filter(has_text="Menu").click()
    page.locator(".menu").get_by_role("link", name="Integrity").click()
    expect(page.get_by_role("heading", name="Integrity")).to_be_visible()


def test_a_late_job_is_found_from_any_page_and_the_runs_of_a_job_are_read(open_page: Open) -> None:
    page = open_page("/numbers", "Tamarack", "administrator", java_script_enabled=False)
    # No scheduler runs here, so that jobs of every second are late as well by and by.
    page.get_by_role("link", name=re.compile(r"Jobs and health \d+ late")).first.click()
    late = page.get_by_role("row").filter(has=page.get_by_role("link", name="sleep"))
    expect(late).to_contain_text("Late")
    page.get_by_role("link", name="tidy").click()
    runs = page.get_by_role("region", name="Runs of tidy")
    expect(runs.get_by_role("row")).to_have_count(1 + 25)
    runs.get_by_role("link", name="Older").click()
    expect(runs.get_by_role("row")).to_have_count(1 + 2)
    runs.get_by_role("link", name="Newest").click()
    expect(runs.get_by_role("row")).to_have_count(1 + 25)
