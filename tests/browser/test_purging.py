"""What somebody does who looks after retention: see what goes, let a batch go, stop everything, fetch a certificate."""

import re

from playwright.sync_api import expect

from archive.access.organisations import list_organisations
from archive.retention.purge import carry_out
from archive.wiring import build
from tests.browser.conftest import Open, Site
from tests.browser.test_accessible import faults_of

RIPE = ("Ripe", "administrator")


def test_a_batch_that_waits_is_found_and_approved_with_its_number(open_page: Open, site: Site) -> None:
    page = open_page("/search", *RIPE)
    page.get_by_role("link", name=re.compile("^Retention")).click()
    expect(page.get_by_role("img", name=re.compile("Texts that have had their time"))).to_be_visible()
    page.get_by_role("link", name=re.compile("^Purge batches")).click()
    page.locator(f"a[href$='{site.shown.serials['batch approved']}']").first.click()
    expect(page.get_by_text("The retention policy was changed since the plan was made")).to_be_visible()
    field = page.get_by_label("so many texts and items it takes")
    field.fill("7")
    page.get_by_role("button", name="Approve the destruction").click()
    expect(page.locator("#e-count")).to_contain_text("takes 2 texts and items, not 7")
    expect(field).to_have_value("7")
    field.fill("2")
    page.get_by_role("button", name="Approve the destruction").click()
    expect(page.get_by_role("status")).to_contain_text("Approved")
    expect(page.locator(".track")).to_contain_text("Approved by First Person")


def test_purging_is_stopped_and_let_go_on(open_page: Open) -> None:
    page = open_page("/retention/batches", *RIPE)
    page.get_by_label("Why it is stopped").fill("Something looks wrong")
    page.get_by_role("button", name="Stop purging").click()
    expect(page.get_by_role("region", name="Purging is stopped")).to_contain_text("By First Person")
    assert faults_of(page) == []
    region = page.get_by_role("region", name="Purging is stopped")
    asked = region.get_by_label("so many texts and items go at once")
    asked.fill(re.findall(r"\d+", region.locator("label").inner_text())[0])
    region.get_by_role("button", name="Let it go on").click()
    expect(page.get_by_role("status")).to_contain_text("Purging goes on")


def test_a_certificate_is_fetched_on_paper_and_signed(open_page: Open, site: Site) -> None:
    page = open_page(f"/retention/batches/{site.shown.serials['batch certified']}", *RIPE)
    for name, begins in (("Signed certificate (JSON)", b"{"), ("To print (PDF)", b"%PDF-")):
        with page.expect_download() as waited:
            page.get_by_role("link", name=name).click()
        assert waited.value.path().read_bytes().startswith(begins)


def test_what_was_found_is_held_with_its_search_line(open_page: Open) -> None:
    page = open_page("/search?q=ripe+planned", *RIPE)
    page.get_by_role("link", name="Hold these results").click()
    expect(page.get_by_label("Search", exact=True)).to_have_value("ripe planned")
    page.get_by_label("Matter", exact=True).fill("Another matter")
    page.get_by_label("Reason").fill("Counsel asked for it")
    page.get_by_role("button", name="Show what it would cover").click()
    expect(page.get_by_role("button", name="Place the hold on 2 texts")).to_be_visible()


def test_a_batch_that_runs_is_followed_until_it_is_certified(open_page: Open, site: Site) -> None:
    """Last of all, since it is not to be had again."""
    batch_id = str(site.shown.serials["batch running"])
    page = open_page(f"/retention/batches/{batch_id}", *RIPE)
    steps = page.locator(".track li.done")
    expect(page.get_by_text("Texts being destroyed")).to_be_visible()
    expect(steps).to_have_count(2)
    archive = build(site.shown.settings)
    try:
        with archive.transactions.glance() as session:
            row = next(row for row in list_organisations(session) if row.name == "Ripe Harbour")
        carry_out(archive, row, batch_id)
    finally:
        archive.engine.dispose()
    expect(page.get_by_text("Texts destroyed")).to_be_visible()
    expect(steps).to_have_count(11)
    expect(page.get_by_role("heading", name="Certificate")).to_be_visible()
