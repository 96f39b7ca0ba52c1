"""The wizard in a real browser, with JavaScript and without: back and forward, a signature, the order."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site
from tests.browser.letters_to_show import WIZARD
from tests.browser.test_accessible import faults_of

ADMINISTRATOR = ("Tamarack", "administrator")


def choose(page: Page, *numbers: str) -> None:
    for number in numbers:
        page.get_by_role("checkbox", name=number).check()
    page.get_by_role("button", name="Next").click()


def in_order(page: Page, *, look: bool) -> None:
    """axe-core looks once at every step; it needs JavaScript itself."""
    if look:
        assert faults_of(page) == []
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("scripted", [True, False])
def test_numbers_are_authorised_step_by_step(open_page: Open, site: Site, scripted: bool) -> None:
    location, needs, plain = WIZARD[scripted]
    page = open_page("/authorise", *ADMINISTRATOR, **({} if scripted else {"java_script_enabled": False}))
    page.get_by_role("button", name=f"Choose {location}").click()
    expect(page.get_by_role("heading", name=f"Authorise numbers: {location}")).to_be_visible()
    expect(page.get_by_text("It is authorised already.")).to_be_visible()
    in_order(page, look=scripted)
    choose(page, needs, plain)
    expect(page.get_by_role("heading", name="The letter for these numbers")).to_be_visible()
    in_order(page, look=scripted)
    page.get_by_label("First name").fill("Mara")
    page.get_by_label("Last name").fill("Lindqvist")
    page.get_by_role("button", name="Back to the numbers").click()
    expect(page.get_by_role("checkbox", name=needs)).to_be_checked()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_label("Last name")).to_have_value("Lindqvist")
    page.get_by_label("Title", exact=True).fill("Chief Compliance Officer")
    page.get_by_label("E-mail address").fill("mara@t.example")
    page.get_by_role("button", name="Read the letter").click()
    expect(page.get_by_text("The order also authorises 1 number that needs no letter.")).to_be_visible()
    in_order(page, look=scripted)
    page.go_back()
    expect(page.get_by_label("Last name")).to_have_value("Lindqvist")
    page.go_forward()
    for box in page.get_by_role("checkbox").all():
        if box.is_visible():
            box.check()
    page.get_by_label("Signature", exact=True).fill("Mara Lindqvist")
    page.get_by_role("button", name="Sign, and authorise 2 numbers").click()
    expect(page.get_by_text("2 numbers are authorised by this order.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Order A-0000")
    in_order(page, look=scripted)
    page.get_by_role("link", name="Authorise more").click()
    page.get_by_role("button", name=f"Choose {location}").click()
    expect(page.get_by_role("heading", name="Nothing to authorise here")).to_be_visible()


def test_without_a_letter_it_is_confirmed_and_placed(open_page: Open, site: Site) -> None:
    location, number = WIZARD["plain"]
    page = open_page("/authorise", *ADMINISTRATOR)
    page.get_by_role("button", name=f"Choose {location}").click()
    choose(page, number)
    in_order(page, look=True)
    page.get_by_role("button", name="Authorise 1 number").click()
    expect(page.get_by_text("1 number is authorised by this order.")).to_be_visible()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_role("heading", name="Numbers", level=1)).to_be_visible()
