"""Somebody reports a text on a phone, with and without JavaScript; somebody else decides about a report."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Site

PHONE = {"width": 390, "height": 844}
FUSS = ("Fuss", "administrator")


@pytest.mark.parametrize("script", [True, False])
def test_a_text_is_reported_on_a_phone(open_page: Open, script: bool) -> None:
    page = open_page("/report-spam", java_script_enabled=script, viewport=PHONE, has_touch=True)
    page.get_by_label("The number that texted you").fill("(202) 555-0100")
    page.get_by_label("Day").fill("2026-01-31")
    page.get_by_label("Time", exact=True).fill("09:30")
    page.get_by_label("Your time zone").select_option("Pacific")
    page.get_by_label("What it says").fill("You have won")
    page.get_by_label("E-mail address").fill("kit@example.com")
    expect(page.get_by_label("Website")).not_to_be_in_viewport()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.get_by_role("link", name="Report another text").click()
    page.get_by_label("The number that texted you").fill("nobody")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_contain_text("can't be read yet")
    expect(page.get_by_label("The number that texted you")).to_have_value("nobody")


def test_a_report_is_taken_up_from_the_queue_and_its_packet_taken(open_page: Open, site: Site) -> None:
    page = open_page(f"/spam-reports/{site.shown.serials['report unknown']}", *FUSS, java_script_enabled=False)
    expect(page.get_by_text("No text of this number is like what was reported")).to_be_visible()
    page.get_by_role("button", name="Take it up").click()
    expect(page.get_by_text("The report is: Investigating.")).to_be_visible()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("To dismiss a report takes a note.")).to_be_visible()
    page.get_by_label("Note").fill("Somebody pretends to be this number.")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("Somebody pretends to be this number.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="All of it (ZIP)").click()
    assert download.value.suggested_filename.endswith(".zip")
    page.get_by_role("link", name="Back to the spam reports").click()
    page.get_by_role("link", name="Dismissed").click()
    expect(page.get_by_role("row")).to_have_count(2)
