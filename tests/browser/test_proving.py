"""What one takes away from the pages to check elsewhere: checkpoints, proofs, paper."""

from pathlib import Path

from playwright.sync_api import Page, expect

from archive.ledger.note import VerifierKey, open_checkpoint
from archive.ledger.proofs import check_proof
from tests.browser.conftest import Open, Site

COMPLIANCE = ("Quillbrook", "compliance")


def downloaded(page: Page, name: str, folder: Path) -> str:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_text()


def public_key(page: Page) -> VerifierKey:
    page.goto("/integrity")
    return VerifierKey.parse(page.get_by_label("Public key").input_value())


def test_a_proof_from_the_record_pane_is_good_and_one_with_another_text_is_not(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/search?q=lanterns", *COMPLIANCE)
    page.locator("a.hit").first.click()
    text = page.locator(".text[aria-current] .bubble").inner_text().strip()
    proof = downloaded(page, "Download the proof", tmp_path)
    proven = check_proof(proof, public_key(page))
    assert proven.record["content"]["text"] == text


def test_the_checkpoint_that_is_shown_is_the_one_that_is_downloaded_and_is_signed(
    open_page: Open, tmp_path: Path
) -> None:
    page = open_page("/integrity", *COMPLIANCE)
    key = public_key(page)
    note = downloaded(page, "Last checkpoint", tmp_path)
    assert note.strip() == page.locator("#note").inner_text().strip()
    assert open_checkpoint(note, key).size > 0


def test_what_waits_for_its_checkpoint_says_so_until_it_is_signed(open_page: Open, site: Site) -> None:
    page = open_page(f"/messages/{site.shown.serials['not signed yet']}", "Tamarack", "compliance")
    record = page.get_by_role("complementary", name="Record")
    expect(record).to_contain_text("checkpoint pending")
    page.goto("/integrity")
    page.get_by_role("button", name="Sign now").click()
    expect(page.get_by_role("status")).to_contain_text("Signed")
    page.goto(f"/messages/{site.shown.serials['not signed yet']}")
    expect(record).to_contain_text("Sealed and verified")


def test_on_paper_there_is_the_conversation_with_its_record_and_nothing_to_click(open_page: Open, site: Site) -> None:
    page = open_page(f"/messages/{site.shown.serials['middle of a long conversation']}", *COMPLIANCE)
    page.emulate_media(media="print")
    expect(page.locator(".side")).to_be_hidden()
    expect(page.get_by_role("button").filter(visible=True)).to_have_count(0)
    expect(page.get_by_text("printed by Imogen Talwar")).to_be_visible()
    commitment = page.locator(".facts .only-print").last
    expect(commitment).to_be_visible()
    assert len(commitment.inner_text()) == 64
    body = page.locator(".talk-body").bounding_box()
    last = page.locator(".text").last.bounding_box()
    assert body
    assert last
    assert last["y"] + last["height"] <= body["y"] + body["height"] + 1, "a pane is cut off on paper"
    assert page.pdf(format="A4").startswith(b"%PDF")
