"""axe-core finds nothing: on no page, in no state of it, neither wide nor narrow, neither light nor dark."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site, sign_in
from tests.browser.imports_to_show import TABLE

AXE = Path(__file__).with_name("axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The scheme changes colours and nothing else, so the second look is at colours.
OF_COLOUR = ["color-contrast", "link-in-text-block"]
SIZES = ((1440, 900), (390, 844))

Q_COMPLIANCE, T_COMPLIANCE = ("Quillbrook", "compliance"), ("Tamarack", "compliance")
AUDITOR, ADMINISTRATOR = ("Quillbrook", "auditor"), ("Tamarack", "administrator")
NOTHING, RIPE, STOP = ("Nothing", "administrator"), ("Ripe", "administrator"), ("Stop", "administrator")
FUSS = ("Fuss", "administrator")

PAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "signing in": ("/sign-in", ()),
    "an error for nobody": ("/nothing-here", ()),
    "results": ("/search?q=lanterns+turn", Q_COMPLIANCE),
    "an opened text": ("/search?q=lanterns&serial={middle of a long conversation}", Q_COMPLIANCE),
    "a text that waits for its checkpoint": ("/search?q=juniper&serial={not signed yet}", T_COMPLIANCE),
    "a text of its own": ("/messages/{middle of a long conversation}", Q_COMPLIANCE),
    "a text from right to left": ("/messages/{hostile right to left}", Q_COMPLIANCE),
    "a text with hostile media": ("/messages/{hostile media}", Q_COMPLIANCE),
    "a text with reports on it": ("/messages/{reported text}", T_COMPLIANCE),
    "a text of ten thousand characters": ("/search?q=accounts&serial={long text}", Q_COMPLIANCE),
    "best matches": ("/search?q=lanterns+OR+lamps&sort=best", Q_COMPLIANCE),
    "saved searches": ("/search/saved", Q_COMPLIANCE),
    "no saved searches": ("/search/saved", NOTHING),
    "pictures": ("/search?q=flag:mms", Q_COMPLIANCE),
    "an unreadable search": ("/search?q=wire+(refund", Q_COMPLIANCE),
    "a search without results": ("/search?q=xyzzy", Q_COMPLIANCE),
    "an archive without texts": ("/search", NOTHING),
    "quarantine": ("/quarantine", Q_COMPLIANCE),
    "an empty quarantine": ("/quarantine", NOTHING),
    "alerts": ("/alerts", T_COMPLIANCE),
    "holds": ("/holds", T_COMPLIANCE),
    "no holds": ("/holds", NOTHING),
    "a hold": ("/holds/{hold in force}", T_COMPLIANCE),
    "a hold to be released": ("/holds/{hold asked}", ADMINISTRATOR),
    "a held text": ("/messages/{not signed yet}", T_COMPLIANCE),
    "retention with a proposal": ("/retention", T_COMPLIANCE),
    "retention without changing it": ("/retention", AUDITOR),
    "what goes when": ("/retention", RIPE),
    "an empty horizon": ("/retention", NOTHING),
    "purge batches": ("/retention/batches", RIPE),
    "purge batches without changing them": ("/retention/batches", AUDITOR),
    "no purge batches": ("/retention/batches", NOTHING),
    "a batch that waits": ("/retention/batches/{batch waiting}", RIPE),
    "a batch that runs": ("/retention/batches/{batch running}", RIPE),
    "a batch that is planned": ("/retention/batches/{batch planned}", RIPE),
    "a certified batch": ("/retention/batches/{batch certified}", RIPE),
    "the vault": ("/vault", RIPE),
    "an empty vault": ("/vault", NOTHING),
    "placing a hold on what was found": ("/holds?query=wire+OR+refund", T_COMPLIANCE),
    "integrity": ("/integrity", Q_COMPLIANCE),
    "integrity before the first checkpoint": ("/integrity", NOTHING),
    "jobs and health": ("/health", ADMINISTRATOR),
    "the runs of a job": ("/health?job=tidy", AUDITOR),
    "a job without runs": ("/health?job=wake", AUDITOR),
    "opt-outs": ("/opt-outs", STOP),
    "no opt-outs": ("/opt-outs", NOTHING),
    "opt-outs without changing them": ("/opt-outs", AUDITOR),
    "reporting spam": ("/report-spam", ()),
    "thanks for reporting spam": ("/report-spam/thanks", ()),
    "spam reports": ("/spam-reports", FUSS),
    "decided spam reports": ("/spam-reports?state=confirmed", FUSS),
    "no spam reports": ("/spam-reports", NOTHING),
    "a decided spam report": ("/spam-reports/{report decided}", FUSS),
    "a spam report about an unknown text": ("/spam-reports/{report unknown}", FUSS),
    "a spam report that is looked into": ("/spam-reports/{report open}", FUSS),
    "taking complaints in": ("/spam-reports/new", FUSS),
    "numbers": ("/numbers", ADMINISTRATOR),
    "no numbers": ("/numbers", NOTHING),
    "eligibility of numbers": ("/eligibility", ADMINISTRATOR),
    "eligibility without changing it, of numbers": ("/eligibility", T_COMPLIANCE),
    "a number": ("/numbers/{number}", ADMINISTRATOR),
    "a number without changing it": ("/numbers/{number}", T_COMPLIANCE),
    "numbers without changing them": ("/numbers", Q_COMPLIANCE),
    "authorising: locations": ("/authorise", ADMINISTRATOR),
    "authorising without numbers": ("/authorise", NOTHING),
    "an order": ("/authorise/orders/1", T_COMPLIANCE),
    "campaigns": ("/campaigns", ADMINISTRATOR),
    "no campaigns": ("/campaigns", NOTHING),
    "campaigns without changing them": ("/campaigns", AUDITOR),
    "an active campaign": ("/campaigns/{campaign active}", ADMINISTRATOR),
    "health of a campaign": ("/campaigns/{campaign active}/health", ADMINISTRATOR),
    "health of a campaign without texts": ("/campaigns/{campaign draft}/health", ADMINISTRATOR),
    "a draft of a campaign": ("/campaigns/{campaign draft}", ADMINISTRATOR),
    "a campaign that is changed": ("/campaigns/{campaign active}/edit", ADMINISTRATOR),
    "a new campaign": ("/campaigns/new", ADMINISTRATOR),
    "brands": ("/brands", ADMINISTRATOR),
    "no brands": ("/brands", NOTHING),
    "a brand": ("/brands/{brand}", ADMINISTRATOR),
    "a new brand": ("/brands/new", NOTHING),
    "imports": ("/imports", ADMINISTRATOR),
    "no imports": ("/imports", NOTHING),
    "an import": ("/imports/{import}", T_COMPLIANCE),
    "profiles of tables": ("/imports/profiles", ADMINISTRATOR),
    "providers": ("/providers", ADMINISTRATOR),
    "no providers": ("/providers", NOTHING),
    "providers without changing them": ("/providers", AUDITOR),
    "letters": ("/letters", ADMINISTRATOR),
    "no letters": ("/letters", NOTHING),
    "letters without signing them": ("/letters", T_COMPLIANCE),
    "a letter": ("/letters/{letter}", ADMINISTRATOR),
    "a letter that was drawn and revoked": ("/letters/{letter revoked}", T_COMPLIANCE),
    "a letter to be filled in": ("/letters/new?numbers={number that needs a letter}", ADMINISTRATOR),
    "a letter to be uploaded": ("/letters/upload", ADMINISTRATOR),
    "no numbers for a letter": ("/letters/new", NOTHING),
    "a number that needs a letter": ("/numbers/{id that needs a letter}", ADMINISTRATOR),
    "locations": ("/locations", ADMINISTRATOR),
    "no locations": ("/locations", NOTHING),
    "a location": ("/locations/{location}", ADMINISTRATOR),
    "a location without changing it": ("/locations/{location}", T_COMPLIANCE),
    "users": ("/users", ADMINISTRATOR),
    "no users": ("/users", NOTHING),
    "a user": ("/users/{user}", ADMINISTRATOR),
    "users without changing them": ("/users", T_COMPLIANCE),
    "a user without changing it": ("/users/{user}", T_COMPLIANCE),
    "the trail": ("/audit", AUDITOR),
    "an empty part of the trail": ("/audit?kind=import.finished", AUDITOR),
    "people": ("/people", ADMINISTRATOR),
    "people without changing them": ("/people", AUDITOR),
    "keys": ("/keys", ADMINISTRATOR),
    "no keys": ("/keys", NOTHING),
    "the account": ("/password", ADMINISTRATOR),
    "not permitted": ("/people", Q_COMPLIANCE),
    "not found": ("/messages/999999", Q_COMPLIANCE),
}


def faults_of(page: Page) -> list[str]:
    """At every width and in both schemes."""
    page.evaluate(AXE.read_text())
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"scrolls sideways at {width}"
        page.emulate_media(color_scheme="light")
        found += _axe(page, {"type": "tag", "values": TAGS}, f"light {width}")
        page.emulate_media(color_scheme="dark")
        found += _axe(page, {"type": "rule", "values": OF_COLOUR}, f"dark {width}")
    return found


def _axe(page: Page, only: dict[str, Any], where: str) -> list[str]:
    options = {"runOnly": only, "resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    if only["type"] == "rule":
        del options["rules"]
    violations = page.evaluate("options => axe.run(options).then(done => done.violations)", options)
    return [f"{where}: {one['id']}: {node['html'][:200]}" for one in violations for node in one["nodes"]]


@pytest.mark.parametrize("name", PAGES)
def test_page(name: str, open_page: Open, site: Site) -> None:
    path, who = PAGES[name]
    page = open_page(path.format_map(site.shown.serials), *who)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert faults_of(page) == []


def _filters(page: Page) -> None:
    page.get_by_text("Add a filter").click()


def _keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def _everything_unfolded(page: Page) -> None:
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")


def _nobody_of_that_name(page: Page) -> None:
    sign_in(page, "nobody@example.com", "a wrong password")
    expect(page.get_by_role("alert")).to_be_visible()


def _sent_empty(page: Page) -> None:
    """The browser's own check is off, so that the archive's is seen."""
    form = page.locator("main form").filter(has=page.locator(".button.primary")).last
    form.evaluate("form => { form.noValidate = true }")
    form.locator(".button.primary").click()
    expect(page.locator(".field-error").first).to_be_visible()


def _key_made(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Seen by axe")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("#new-key")).to_be_visible()


def _person_added(page: Page) -> None:
    form = page.locator("form[action='/people']")
    form.get_by_label("Name").fill("Seen by axe")
    form.get_by_label("E-mail address").fill("axe@nothing.example")
    form.get_by_role("button", name="Add the person").click()
    expect(page.locator("#one-time-password")).to_be_visible()


def _first_sign_in(page: Page) -> None:
    form = page.locator("form[action='/people']")
    form.get_by_label("Name").fill("New by axe")
    form.get_by_label("E-mail address").fill("new@nothing.example")
    form.get_by_role("button", name="Add the person").click()
    password = page.locator("#one-time-password").inner_text()
    page.context.clear_cookies()
    page.goto("/sign-in")
    sign_in(page, "new@nothing.example", password)
    expect(page.get_by_role("heading", name="Choose a password of your own")).to_be_visible()


def _retried(page: Page) -> None:
    page.get_by_role("row").nth(1).get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_visible()


def _looked_at(page: Page) -> None:
    table = b"name,country\nSeen by axe,US\nNowhere,USA\n"
    file: Any = {"name": "locations.csv", "mimeType": "text/csv", "buffer": table}
    page.get_by_label("CSV file").set_input_files(files=file)
    page.get_by_role("button", name="Look at what would happen").click()
    expect(page.get_by_role("button", name="Take in 1 line")).to_be_visible()


def _taken_in(page: Page) -> None:
    _looked_at(page)
    page.get_by_role("button", name="Take in 1 line").click()
    expect(page.get_by_role("status")).to_contain_text("This is what became of the table")


def _approved_with_nothing(page: Page) -> None:
    form = page.locator("form[action$='/approve']")
    form.evaluate("form => { form.noValidate = true }")
    form.get_by_role("button").click()
    expect(page.locator("#e-count")).to_be_visible()


def _looked_again(page: Page) -> None:
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("status")).to_contain_text("all of it is gone")


def _unfolded(name: str) -> Callable[[Page], None]:
    def unfold(page: Page) -> None:
        page.locator("summary").filter(has_text=name).click()

    return unfold


def _saved(page: Page) -> None:
    """One's own, with all that can be done with it open, and what was said about it."""
    page.get_by_label("Name", exact=True).fill("Seen by axe")
    page.get_by_label("Search line").fill("lanterns -flag:mms")
    page.get_by_role("button", name="Save the search").click()
    expect(page.get_by_role("status")).to_be_visible()
    _everything_unfolded(page)


def _menu(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".menu summary").click()


def _previewed(page: Page) -> None:
    page.set_input_files("#f-file", files=[{"name": "acme.csv", "mimeType": "text/csv", "buffer": TABLE}])
    page.get_by_label("Profile of the table").select_option("Acme Mobile export")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview-title")).to_be_visible()


STATES: dict[str, tuple[str, tuple[str, ...], Callable[[Page], None]]] = {
    "the preview of a file": ("/imports", ADMINISTRATOR, _previewed),
    "a refused sign-in": ("/sign-in", (), _nobody_of_that_name),
    "the filters": ("/search?q=lanterns", Q_COMPLIANCE, _filters),
    "saving a search": ("/search?q=lanterns", Q_COMPLIANCE, _unfolded("Save this search")),
    "certifying a search": ("/search?q=lanterns", Q_COMPLIANCE, _unfolded("Certify this search")),
    "saved searches to run": ("/search?q=lanterns", Q_COMPLIANCE, _unfolded("Saved searches")),
    "a saved search unfolded": ("/search/saved", T_COMPLIANCE, _saved),
    "a search that can't be saved": ("/search/saved", Q_COMPLIANCE, _sent_empty),
    "the help on keys": ("/search?q=lanterns", Q_COMPLIANCE, _keys),
    "the menu of narrow screens": ("/search?q=lanterns", Q_COMPLIANCE, _menu),
    "people unfolded": ("/people", ADMINISTRATOR, _everything_unfolded),
    "keys unfolded": ("/keys", ADMINISTRATOR, _everything_unfolded),
    "a record unfolded": ("/messages/{long text}", Q_COMPLIANCE, _everything_unfolded),
    "a person that can't be added": ("/people", ADMINISTRATOR, _sent_empty),
    "a key that can't be made": ("/keys", ADMINISTRATOR, _sent_empty),
    "an opt-out that can't be added": ("/opt-outs", STOP, _sent_empty),
    "withdrawing an opt-out": ("/opt-outs", STOP, _everything_unfolded),
    "a number that can't be added": ("/numbers", ADMINISTRATOR, _sent_empty),
    "a location that can't be added": ("/locations", ADMINISTRATOR, _sent_empty),
    "a user that can't be added": ("/users", ADMINISTRATOR, _sent_empty),
    "a table that is looked at": ("/locations", NOTHING, _looked_at),
    "a table that is taken in": ("/locations", NOTHING, _taken_in),
    "a password that can't be changed": ("/password", ADMINISTRATOR, _sent_empty),
    "a key that is made": ("/keys", ADMINISTRATOR, _key_made),
    "a person who is added": ("/people", NOTHING, _person_added),
    "a password that must be chosen": ("/people", NOTHING, _first_sign_in),
    "gaps unfolded": ("/completeness", ("Gapwater", "administrator"), _everything_unfolded),
    "a batch unfolded": ("/retention/batches/{batch certified}", RIPE, _everything_unfolded),
    "the horizon as a table": ("/retention", RIPE, _everything_unfolded),
    "a batch that can't be approved": ("/retention/batches/{batch waiting}", RIPE, _approved_with_nothing),
    "a batch looked at again": ("/retention/batches/{batch certified}", RIPE, _looked_again),
    "a quarantined item that was retried": ("/quarantine", ADMINISTRATOR, _retried),
}


@pytest.mark.parametrize("name", STATES)
def test_state(name: str, open_page: Open, site: Site) -> None:
    path, who, bring_about = STATES[name]
    page = open_page(path.format_map(site.shown.serials), *who)
    bring_about(page)
    assert faults_of(page) == []


def test_axe_is_awake(open_page: Open) -> None:
    page = open_page("/sign-in")
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    found = {fault.split(": ")[1] for fault in faults_of(page)}
    assert {"label", "color-contrast"} <= found
