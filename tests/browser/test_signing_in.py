"""Getting in and out, and the colours that one has chosen."""

from playwright.sync_api import expect

from tests.browser.conftest import Open, Site, sign_in

COMPLIANCE = ("Quillbrook", "compliance")


def test_who_knows_the_password_comes_to_the_page_that_they_wanted_and_out_again(open_page: Open, site: Site) -> None:
    page = open_page("/quarantine")
    expect(page).to_have_url(f"{site.url}/sign-in?next=/quarantine")
    sign_in(page, *site.shown.logins[COMPLIANCE])
    expect(page).to_have_url(f"{site.url}/quarantine")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_who_does_not_is_told_nothing_about_why(open_page: Open, site: Site) -> None:
    page = open_page("/sign-in")
    said = []
    for email in (site.shown.logins["Tamarack", "auditor"][0], "nobody@tamarackrow.example"):
        sign_in(page, email, "a wrong password")
        expect(page.get_by_role("alert")).to_be_visible()
        said.append(page.get_by_role("alert").inner_text())
        expect(page.get_by_label("E-mail address")).to_have_value(email)
        expect(page.get_by_label("Password")).to_have_value("")
    assert said[0] == said[1]


def test_guessing_on_is_slowed_down_and_says_until_when(open_page: Open) -> None:
    page = open_page("/sign-in")
    for _ in range(6):
        sign_in(page, "guessed@tamarackrow.example", "a wrong password")
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Try again after")
    expect(page.get_by_role("alert")).to_contain_text("UTC")


def test_a_colour_scheme_that_is_chosen_stays_and_the_device_may_choose_again(open_page: Open) -> None:
    page = open_page("/numbers", *COMPLIANCE, color_scheme="light")
    canvas = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(canvas)
    page.get_by_role("button", name="Dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_title("Numbers · Textarchive")
    page.goto("/integrity")
    assert page.evaluate(canvas) != light
    page.get_by_role("button", name="Light colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(canvas) == light
    page.get_by_role("button", name="Colours as the device").click()
    expect(page.get_by_role("button", name="Colours as the device")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(canvas) != light
