"""The walk of the source document: from an organisation that bought texting to a number that may text."""

import base64
import hmac
import json
from typing import Any

from playwright.sync_api import Page, expect

from archive.core.jcs import jcs
from tests.browser.conftest import Open, Site
from tests.campaigns.making import BRAND, CAMPAIGN

ADMINISTRATOR = ("Ferncliff", "administrator")
NEEDS_A_LETTER, *OTHERS = NUMBERS = ("+15125550161", "+15125550162", "+15125550163")
TABLE = "number,location,label,state\n" + "\n".join(
    f"{number},Austin office,Desk {at},{'loa_required' if number == NEEDS_A_LETTER else 'unauthorised'}"
    for at, number in enumerate(NUMBERS, 1)
)
SECRET = "what the registry signs with"


def test_from_the_add_on_to_a_number_that_may_text(open_page: Open, site: Site) -> None:
    page = open_page("/eligibility", *ADMINISTRATOR)
    say_what_was_bought(page)
    enter_the_location_and_its_numbers(page)
    authorise_with_a_letter(page)
    assert flags(page, site, "before") == ["no-active-campaign"]
    address = draft_a_campaign(page, site)
    hear_the_registry(page, site, address)
    assert flags(page, site, "after") == []
    page.goto("/numbers")
    expect(page.get_by_text("Registered", exact=True)).to_have_count(len(NUMBERS))


def say_what_was_bought(page: Page) -> None:
    page.locator("#f-add_on").select_option("yes")
    page.locator("#f-plan").select_option("enterprise")
    page.locator("#f-calling_plan").select_option("US")
    page.get_by_role("button", name="Record what is so").click()
    expect(page.get_by_text("The calling plan is one of US.")).to_be_visible()


def enter_the_location_and_its_numbers(page: Page) -> None:
    page.goto("/locations")
    page.get_by_label("Name").fill("Austin office")
    page.get_by_label("Country (optional)").fill("US")
    page.get_by_label("Telephone network (optional)").select_option("provider")
    page.get_by_role("button", name="Add the location").click()
    page.goto("/numbers")
    file = {"name": "numbers.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    page.get_by_label("CSV file").set_input_files(files=[file])
    page.get_by_role("button", name="Look at what would happen").click()
    page.get_by_role("button", name="Take in 3 lines").click()
    expect(page.get_by_text("This is what became of the table")).to_be_visible()


def authorise_with_a_letter(page: Page) -> None:
    page.goto("/authorise")
    page.get_by_role("button", name="Choose Austin office").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("First name").fill("Mara")
    page.get_by_label("Last name").fill("Lindqvist")
    page.get_by_label("Title", exact=True).fill("Chief Operating Officer")
    page.get_by_label("E-mail address").fill("mara@ferncliff.example")
    page.get_by_role("button", name="Read the letter").click()
    for box in page.get_by_role("checkbox").all():
        if box.is_visible():
            box.check()
    page.get_by_label("Signature", exact=True).fill("Mara Lindqvist")
    page.get_by_role("button", name="Sign, and authorise 3 numbers").click()
    expect(page.get_by_text("3 numbers are authorised by this order.")).to_be_visible()


def draft_a_campaign(page: Page, site: Site) -> str:
    """Drafted, checked, with a case open, submitted, and its numbers on it; the path of its page."""
    page.goto("/brands/new")
    fill(page, BRAND)
    page.get_by_role("button", name="Save the brand").click()
    page.locator("[name=registry_id]").fill("BFERN01")
    page.get_by_role("button", name="Note what the registry says").click()
    page.goto("/campaigns/new")
    page.get_by_label("Name", exact=True).fill("Care")
    fill(page, {**CAMPAIGN, "sample2": ""})
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("would be rejected")).to_be_visible()
    address = page.url.removeprefix(site.url)
    page.get_by_role("link", name="Change").click()
    page.locator("[name=sample2]").fill(CAMPAIGN["sample2"])
    page.get_by_role("button", name="Save the campaign").click()
    expect(page.get_by_text("Nothing that a machine can see would be rejected.")).to_be_visible()
    page.get_by_role("button", name="Open a case").click()
    expect(page.locator("#case .custody")).to_be_visible()
    for box in page.locator("form[action$='/numbers']").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Put these on it").click()
    move(page, address, "Registry", "Submitted")
    page.get_by_label("Its id at the registry").fill("CFERN01")
    page.get_by_role("button", name="Note the id").click()
    expect(page.get_by_text("Its numbers may not text.")).to_be_visible()
    return address


def move(page: Page, address: str, level: str, label: str) -> None:
    """Enter by hand what a level says."""
    page.goto(address)
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=level))
    row.get_by_text("Enter by hand").click()
    row.get_by_role("button", name=label).click()


def hear_the_registry(page: Page, site: Site, address: str) -> None:
    page.goto("/providers")
    page.get_by_label("Provider").select_option("tcr")
    page.get_by_label("Account").fill("SFERN01")
    page.get_by_label("Secret").fill(SECRET)
    page.get_by_role("button", name="Connect the account").click()
    hook = page.locator("#hook-1").inner_text()
    for event in ("CAMPAIGN_ADD", "CAMPAIGN_DCA_COMPLETE"):
        body = {"cspId": "SFERN01", "eventType": event, "campaignId": "CFERN01", "mock": False}
        assert tell(page, hook, body, "a stranger's") == 403
        assert tell(page, hook, body, SECRET) == 200
    page.goto(address)
    expect(page.get_by_text("Its numbers may text.")).to_be_visible()


def tell(page: Page, hook: str, body: dict[str, Any], secret: str) -> int:
    signature = base64.b64encode(hmac.digest(secret.encode(), hook.encode() + jcs(body), "sha1")).decode()
    headers = {"X-Registry-Signature": signature, "Content-Type": "application/json"}
    path = hook[hook.index("/hooks/") :]
    return page.request.post(path, data=json.dumps(body), headers=headers).status


def fill(page: Page, fields: dict[str, Any]) -> None:
    """The fields of the registry, by their names there."""
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if isinstance(value, bool):
            field.set_checked(value)
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def flags(page: Page, site: Site, provider_id: str) -> list[str]:
    """What the door says of a text that goes out from the number which needed a letter."""
    text = {
        **{"provider": "webex", "provider_id": provider_id, "direction": "outbound", "from": NEEDS_A_LETTER},
        **{"to": ["+15125550199"], "text": "Your appointment is tomorrow at ten."},
    }
    key = {"Authorization": f"Bearer {site.shown.serials['key of the walk']}"}
    answer = page.request.post("/api/v1/messages", data=text, headers=key)
    found: list[str] = answer.json()["outcomes"][0]["flags"]
    return found
