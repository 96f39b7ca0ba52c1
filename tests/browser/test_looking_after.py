"""What an administrator does: people, keys, numbers, quarantine; and the trail that all of it leaves."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site, sign_in

ADMINISTRATOR = ("Tamarack", "administrator")
PERMISSIONS = ["clipboard-read", "clipboard-write"]


def add_person(page: Page, name: str, email: str, role: str) -> str:
    """The one-time password."""
    form = page.locator("form[action='/people']")
    form.get_by_label("Name").fill(name)
    form.get_by_label("E-mail address").fill(email)
    form.get_by_label("Role").select_option(role)
    form.get_by_role("button", name="Add the person").click()
    return page.locator("#one-time-password").inner_text()


def choose_password(page: Page, present: str, new: str, again: str) -> None:
    page.get_by_label("One-time password").fill(present)
    page.get_by_label("New password", exact=True).fill(new)
    page.get_by_label("New password, once more").fill(again)
    page.get_by_role("button", name="Change the password").click()


def test_a_person_is_added_chooses_a_password_changes_role_and_is_disabled(open_page: Open, site: Site) -> None:
    page = open_page("/people", *ADMINISTRATOR)
    password = add_person(page, "Odile Marsh", "odile@tamarackrow.example", "Compliance officer")
    page.goto("/people")
    expect(page.locator("#one-time-password")).to_have_count(0)

    theirs = open_page("/sign-in")
    sign_in(theirs, "odile@tamarackrow.example", password)
    theirs.goto("/search")
    expect(theirs.get_by_role("heading", name="Choose a password of your own")).to_be_visible()
    choose_password(theirs, password, "lanterns over the harbour", "another")
    expect(theirs.locator("#e-new_password_again")).to_be_visible()
    choose_password(theirs, password, "lanterns over the harbour", "lanterns over the harbour")
    expect(theirs).to_have_url(f"{site.url}/search")

    row = page.get_by_role("row").filter(has_text="odile@tamarackrow.example")
    row.get_by_label("Role of Odile Marsh").select_option("Auditor")
    row.get_by_role("button", name="Change the role of Odile Marsh").click()
    expect(page.get_by_role("status")).to_contain_text("Odile Marsh is now: Auditor")
    theirs.goto("/audit")
    expect(theirs.get_by_role("row").nth(2)).to_contain_text("Roles changed")
    row.locator("summary").filter(has_text="Disable").click()
    row.get_by_role("button", name="Disable Odile Marsh").click()
    expect(page.get_by_role("status")).to_contain_text("disabled and signed out")
    theirs.goto("/audit")
    expect(theirs.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_address_that_is_taken_is_said_beside_the_field_and_nothing_typed_is_lost(open_page: Open) -> None:
    page = open_page("/people", *ADMINISTRATOR)
    form = page.locator("form[action='/people']")
    form.get_by_label("Name").fill("Luc Again")
    form.get_by_label("E-mail address").fill("luc@tamarackrow.example")
    form.get_by_role("button", name="Add the person").click()
    expect(form.get_by_label("E-mail address")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Name")).to_have_value("Luc Again")


def test_a_key_is_made_copied_used_and_stops_when_it_is_revoked(open_page: Open) -> None:
    page = open_page("/keys", *ADMINISTRATOR, permissions=PERMISSIONS)
    page.get_by_label("Name", exact=True).fill("Weekly report")
    page.get_by_role("checkbox", name=re.compile("^Search texts")).check()
    page.get_by_role("button", name="Make the key").click()
    page.get_by_role("button", name="Copy the key").click()
    expect(page.locator("[data-copy=new-key]")).to_have_text("Copied")
    key = page.evaluate("navigator.clipboard.readText()")
    assert key == page.locator("#new-key").inner_text()
    assert key.startswith("ta_")

    def asked() -> int:
        return page.request.get("/api/v1/search?q=rent", headers={"Authorization": f"Bearer {key}"}).status

    assert asked() == 200
    page.goto("/keys")
    assert key not in page.content()
    row = page.get_by_role("row").filter(has_text="Weekly report")
    expect(row).not_to_contain_text("never never")
    row.locator("summary").click()
    row.get_by_role("button", name=re.compile("Revoke")).click()
    expect(page.get_by_role("status")).to_contain_text("“Weekly report” is revoked")
    assert asked() == 401


def test_a_number_is_added_authorised_and_refused_when_it_is_none(open_page: Open) -> None:
    page = open_page("/numbers", *ADMINISTRATOR)
    form = page.locator("form[action='/numbers']")
    form.get_by_label("Number").fill("+44 20 7946 0000 000")
    form.get_by_label("Location").fill("Halifax, NS")
    form.get_by_role("button", name="Add the number").click()
    expect(form.get_by_label("Number")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Location")).to_have_value("Halifax, NS")
    form.get_by_label("Number").fill("902 555 0142")
    form.get_by_role("button", name="Add the number").click()
    row = page.get_by_role("row").filter(has_text="+1 (902) 555-0142")
    expect(row).to_contain_text("Not authorised")
    row.get_by_role("button", name=re.compile("^Authorise")).click()
    expect(page.get_by_role("row").filter(has_text="+1 (902) 555-0142").locator(".badge")).to_have_text("Authorised")


def test_what_is_in_quarantine_is_retried_one_by_one_and_all_at_once(open_page: Open) -> None:
    page = open_page("/quarantine", *ADMINISTRATOR)
    rows = page.get_by_role("row")
    waiting = rows.count() - 1
    rows.nth(1).get_by_role("button", name=re.compile("^Retry")).click()
    expect(page.get_by_role("status")).to_contain_text("It still can't be read")
    expect(page.locator(".custody li").first).to_contain_text("Luc Desrosiers-Wong")
    page.get_by_role("link", name="Back to the quarantine").click()
    page.get_by_role("button", name=f"Retry all {waiting} items").click()
    expect(page.get_by_role("status")).to_contain_text(f"{waiting} still can't be read")


def test_the_trail_shows_what_was_just_done_and_by_whom(open_page: Open, site: Site) -> None:
    page = open_page("/search?q=thermostat", *ADMINISTRATOR)
    page.goto("/audit?kind=search.run")
    newest = page.get_by_role("row").nth(1)
    expect(newest).to_contain_text("Luc Desrosiers-Wong")
    expect(newest).to_contain_text("query: thermostat")
    page.get_by_label("What").select_option("Audit trail viewed")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(f"{site.url}/audit?kind=trail.viewed&actor=")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Audit trail viewed")


def test_what_a_role_does_not_include_is_neither_offered_nor_opened(open_page: Open) -> None:
    page = open_page("/people", "Tamarack", "compliance")
    expect(page.get_by_role("heading", name="Not permitted")).to_be_visible()
    expect(page.get_by_role("link", name="People")).to_have_count(0)


def test_the_api_describes_itself_to_who_asks(open_page: Open) -> None:
    page = open_page("/sign-in")
    answer = page.request.get("/api/v1/search?q=rent")
    assert answer.status == 401
    assert json.loads(answer.text())["type"] == "/problems/not-signed-in"
