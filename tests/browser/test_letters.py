"""Signing a letter in a real browser: with a drawn signature, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site
from tests.browser.test_accessible import faults_of

ADMINISTRATOR = ("Tamarack", "administrator")


def fill_in(page: Page) -> None:
    for label, words in (("First name", "Mara"), ("Last name", "Lindqvist"), ("E-mail address", "mara@t.example")):
        page.get_by_label(label).fill(words)
    page.get_by_label("Title", exact=True).fill("Chief Compliance Officer")
    page.get_by_role("button", name="Read the letter").click()
    expect(page.get_by_role("heading", name="Read and sign")).to_be_visible()


def agree(page: Page) -> None:
    for box in page.get_by_role("checkbox").all():
        if box.is_visible():
            box.check()


def draw(page: Page) -> None:
    board = page.locator("svg.draw")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box
    for start in (20, 140):
        page.mouse.move(box["x"] + start, box["y"] + 30)
        page.mouse.down()
        page.mouse.move(box["x"] + start + 40, box["y"] + 70)
        page.mouse.move(box["x"] + start + 90, box["y"] + 40)
        page.mouse.up()


def test_a_letter_is_read_and_signed_by_hand(open_page: Open, site: Site) -> None:
    page = open_page("/letters/new?numbers={number that needs a letter}".format_map(site.shown.serials), *ADMINISTRATOR)
    fill_in(page)
    expect(page.get_by_text("+1 (212) 555-4430")).to_be_visible()
    assert faults_of(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    agree(page)
    draw(page)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#f-drawn")).to_have_value("")
    draw(page)
    drawn = page.locator("#f-drawn").input_value()
    assert re.fullmatch(r"M[\d L]+M[\d L]+", drawn)
    page.get_by_role("button", name="Sign the letter").click()
    expect(page.get_by_text("The letter is signed. It covers 1 number.")).to_be_visible()
    expect(page.locator("svg.signature path")).to_have_attribute("d", drawn)
    assert faults_of(page) == []


@pytest.mark.parametrize("scripted", [False, True])
def test_a_letter_is_signed_by_typing_and_mistakes_are_said(open_page: Open, site: Site, scripted: bool) -> None:
    options = {} if scripted else {"java_script_enabled": False}
    page = open_page("/letters/new?numbers=%2B12125554410", *ADMINISTRATOR, **options)
    fill_in(page)
    expect(page.locator("svg.draw")).to_be_visible(visible=scripted)
    agree(page)
    page.get_by_label("Signature", exact=True).fill("Somebody Else")
    page.get_by_role("button", name="Sign the letter").click()
    expect(page.get_by_text("not the signer's name")).to_be_visible()
    page.get_by_label("Signature", exact=True).fill("Mara Lindqvist")
    page.get_by_role("button", name="Sign the letter").click()
    expect(page.get_by_text("The letter is signed")).to_be_visible()
    expect(page.locator("p.signature.typed")).to_have_text("Mara Lindqvist")
