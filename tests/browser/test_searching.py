"""The screen that matters: results, conversation, record; by mouse, by keyboard, and through the browser's history."""

import re

from playwright.sync_api import Page, expect

from tests.browser.archive_to_show import LONG_WORDS
from tests.browser.conftest import Open, Site

COMPLIANCE = ("Quillbrook", "compliance")
LANTERNS = "/search?q=lanterns"


def hits(page: Page) -> list[str | None]:
    return [hit.get_attribute("data-hit") for hit in page.locator("a.hit").all()]


def opened(serial: str | None) -> str:
    return f"#m{serial}[aria-current]"


def test_a_search_is_typed_and_its_words_are_marked_in_results_and_conversation(open_page: Open) -> None:
    page = open_page("/search", *COMPLIANCE)
    page.get_by_label("Search line").fill("lanterns talk")
    page.get_by_label("Search line").press("Enter")
    expect(page.locator("#count")).to_have_text("220 messages")
    expect(page.locator("a.hit").first.locator("mark")).to_have_text(["talk", "lanterns"])
    page.locator("a.hit").first.click()
    expect(page.locator(".text[aria-current] mark")).to_have_text(["talk", "lanterns"])


def test_a_mark_is_seen_however_far_into_the_text_its_word_stands(open_page: Open, site: Site) -> None:
    page = open_page("/search?q=accounts", *COMPLIANCE)
    mark = page.locator(f"[data-hit='{site.shown.serials['long text']}'] mark").first
    excerpt = page.locator(f"[data-hit='{site.shown.serials['long text']}'] .excerpt")
    expect(mark).to_have_text("accounts")
    inner, outer = mark.bounding_box(), excerpt.bounding_box()
    assert inner
    assert outer
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]


def test_by_mouse_texts_open_without_a_new_page_and_the_back_button_closes_them(open_page: Open, site: Site) -> None:
    page = open_page(LANTERNS, *COMPLIANCE)
    loads = 0

    def count(_page: Page) -> None:
        nonlocal loads
        loads += 1

    page.on("domcontentloaded", count)
    first, second = hits(page)[:2]
    page.locator("a.hit").nth(0).click()
    expect(page.locator(opened(first))).to_be_in_viewport()
    expect(page.get_by_role("complementary", name="Record")).to_contain_text(f"Record #{first}", ignore_case=True)
    expect(page).to_have_url(f"{site.url}{LANTERNS}&serial={first}#m{first}")
    page.locator("a.hit").nth(1).click()
    expect(page.locator(opened(second))).to_be_visible()
    page.go_back()
    expect(page.locator(opened(first))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Open a text to read it")).to_be_visible()
    page.go_forward()
    expect(page.locator(opened(first))).to_be_visible()
    assert loads == 0
    page.reload()
    expect(page.locator(opened(first))).to_be_in_viewport()
    expect(page.locator(f"a.hit[aria-current][data-hit='{first}']")).to_be_visible()


def test_by_keyboard_one_seeks_moves_opens_and_asks_for_help(open_page: Open) -> None:
    page = open_page(LANTERNS, *COMPLIANCE)
    serials = hits(page)
    page.keyboard.press("/")
    expect(page.get_by_label("Search line")).to_be_focused()
    page.keyboard.type("jk?")
    expect(page.get_by_label("Search line")).to_have_value("jk?")
    page.get_by_label("Search line").blur()
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(page.locator(f"a.hit[data-hit='{serials[at]}']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(opened(serials[1]))).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()
    page.get_by_role("button", name="Keyboard help").click()
    page.get_by_label("Use these keys in this browser").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("a.hit:focus")).to_have_count(0)


def test_more_results_are_added_below_and_the_first_of_them_is_in_focus(open_page: Open) -> None:
    page = open_page(LANTERNS, *COMPLIANCE)
    before = hits(page)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("a.hit")).to_have_count(2 * len(before))
    after = hits(page)
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)
    expect(page.locator("a.hit").nth(len(before))).to_be_focused()
    days = page.locator("[data-day]").evaluate_all("heads => heads.map(head => head.dataset.day)")
    assert days == sorted(set(days), reverse=True)


def test_from_hit_to_hit_within_a_conversation(open_page: Open) -> None:
    page = open_page(f"{LANTERNS}+turn", *COMPLIANCE)
    page.locator("a.hit").nth(3).click()
    expect(page.locator(".talk-head")).to_contain_text(re.compile(r"hit \d+ of \d+"))
    here = page.locator(".text[aria-current]").get_attribute("id")
    page.get_by_role("link", name="Previous hit in this conversation").click()
    expect(page.locator(f".text[aria-current]:not(#{here})")).to_be_in_viewport()
    page.get_by_role("link", name="Next hit in this conversation").click()
    expect(page.locator(f"#{here}[aria-current]")).to_be_visible()


def test_a_long_conversation_is_read_in_pieces_in_the_order_of_time(open_page: Open, site: Site) -> None:
    page = open_page(f"/messages/{site.shown.serials['middle of a long conversation']}", *COMPLIANCE)
    times = page.locator(".talk-body .text").evaluate_all("texts => texts.map(text => text.id)")
    assert len(times) > 40
    days = page.locator(".talk-body h3").all_inner_texts()
    assert len(days) == len(set(days)) > 1
    page.get_by_role("link", name="Earlier texts").click()
    expect(page.locator(f"#{times[0]}[aria-current]")).to_be_visible()
    page.get_by_role("link", name="Later texts").click()
    expect(page.locator(f"#{times[0]}[aria-current]")).to_have_count(0)


def test_a_chip_takes_its_part_out_of_the_search(open_page: Open, site: Site) -> None:
    page = open_page("/search?q=lanterns+direction:in", *COMPLIANCE)
    expect(page.locator("#count")).to_have_text("110 messages")
    page.get_by_role("link", name="Remove direction in").click()
    expect(page).to_have_url(f"{site.url}{LANTERNS}")
    expect(page.locator(".chip")).to_have_count(1)
    page.get_by_role("link", name="Remove lanterns").click()
    expect(page).to_have_url(f"{site.url}/search")


def test_the_order_is_chosen_by_a_link_and_stays_for_the_next_search(open_page: Open) -> None:
    page = open_page(LANTERNS, *COMPLIANCE)
    order = page.get_by_role("navigation", name="Order")
    order.get_by_role("link", name="Oldest").click()
    expect(page).to_have_url(re.compile("sort=oldest"))
    days = page.locator("[data-day]").evaluate_all("heads => heads.map(head => head.dataset.day)")
    assert days == sorted(days)
    expect(order.get_by_role("link", name="Oldest")).to_have_attribute("aria-current", "true")
    page.get_by_label("Search line").fill("talk")
    page.get_by_label("Search line").press("Enter")
    expect(page).to_have_url(re.compile("sort=oldest"))
    order.get_by_role("link", name="Newest").click()
    expect(page).not_to_have_url(re.compile("sort="))


def test_the_best_match_comes_first_on_every_page_of_it(open_page: Open, site: Site) -> None:
    page = open_page("/search?q=lamps+OR+lanterns&sort=best", *COMPLIANCE)
    assert hits(page)[0] == str(site.shown.serials["long text"]), "lamps are rarer than lanterns"
    expect(page.locator("[data-day]")).to_have_text("Best match first · UTC")
    expect(page.locator("a.hit .at").first).to_have_text(re.compile(r"\d+ Jan 2026, \d\d:\d\d"))
    before = hits(page)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("a.hit")).to_have_count(2 * len(before))
    assert len(set(hits(page))) == len(hits(page))
    expect(page.locator("[data-day]")).to_have_count(1)
    page.locator("a.hit").first.click()
    expect(page.locator(opened(before[0]))).to_be_visible()
    expect(page).to_have_url(re.compile("sort=best"))


def test_what_cannot_be_read_is_shown_at_its_place(open_page: Open, site: Site) -> None:
    page = open_page("/search?q=wire+(refund", *COMPLIANCE)
    expect(page.get_by_role("alert").locator("mark")).to_have_text("(")
    expect(page.get_by_label("Search line")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page).to_have_url(f"{site.url}/search?q=wire+refund")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_hostile_texts_are_shown_and_do_nothing(open_page: Open, site: Site) -> None:
    hostile = [serial for name, serial in site.shown.serials.items() if name.startswith("hostile")]
    page = open_page(f"/messages/{hostile[0]}", *COMPLIANCE)
    for serial in hostile:
        page.goto(f"/messages/{serial}")
        expect(page.locator(opened(str(serial)))).to_be_visible()
        assert page.locator(".talk script").count() == 0


def test_ten_thousand_characters_are_all_there_and_fit(open_page: Open, site: Site) -> None:
    for width in (1440, 390):
        page = open_page(f"/messages/{site.shown.serials['long text']}", *COMPLIANCE,
                         viewport={"width": width, "height": 800})  # fmt: skip
        assert page.locator(".text[aria-current] .bubble").inner_text().strip() == LONG_WORDS.strip()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
