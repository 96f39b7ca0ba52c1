import html
import io
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.eligibility.actions import enter_facts
from archive.eligibility.model import Facts
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.numbers.store import number_by_e164
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.letters import papers
from tests.letters.signing import NEEDS, OTHER_NEEDS, PLAIN, sign
from tests.taking_in import trail

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')

DETAILS = {
    "numbers": [NEEDS],
    "legal_name": "Harbour <Wealth>, LLC",
    "provider": "Twilio",
    "first_name": "Kit",
    "last_name": "Oduya",
    "title": "Head of Telephony",
    "email": "kit@harbour.example",
    "street": "100 Congress Avenue",
}
SIGNED = {"authority": "yes", "consent": "yes", "typed": "Kit Oduya"}


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for number in (NEEDS, OTHER_NEEDS):
            add_number(tx, number, location="Austin", state=NumberState.LOA_REQUIRED)
        add_number(tx, PLAIN, location="Austin")
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))


def hidden(page: str) -> dict[str, str]:
    """What the page for signing sends along."""
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page) if name != "csrf_token"}


def state_of(archive: Archive, organisation: OrganisationRow, number: str) -> str:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        row = number_by_e164(tx, number)
        assert row
        return row.state


def test_a_letter_is_filled_in_read_and_signed(kit: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    assert "No letters yet" in kit.get("/letters").text
    assert "2 numbers need a letter" in kit.get("/letters").text
    new = kit.get(f"/letters/new?numbers={NEEDS.replace('+', '%2B')}").text
    assert re.findall(r'value="(\+\d+)" checked', new) == [NEEDS]
    assert 'value="kit@harbour.example"' in new, "who signs in is suggested as who signs"
    page = kit.post("/letters/read", DETAILS).text
    for words in ("Harbour &lt;Wealth&gt;, LLC", "+1 (212) 555-0123", "Head of Telephony", "8. End", "version 1"):
        assert words.replace("8. End", "End.") in page
    assert "+1 (212) 555-0124" not in page
    answer = kit.post("/letters", {**hidden(page), **SIGNED}, headers={"User-Agent": "A browser"})
    assert answer.status_code == 303, answer.text
    letter = kit.get(answer.headers["Location"]).text
    for words in (
        "The letter is signed. It covers 1 number.",
        "A browser",
        "127.0.0.1",
        "Kit Oduya",
        "Fresh",
        "Twilio",
    ):
        assert words in letter
    assert state_of(archive, organisation, NEEDS) == "authorised"
    (entry,) = trail(archive, organisation, "letter.signed")
    assert entry.detail["pdf_sha256"] in letter
    assert "Kit Oduya" in kit.get("/letters").text
    again = kit.post("/letters", {**hidden(page), **SIGNED})
    assert again.status_code == 409, "sent twice it is signed once"


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("authority", "A letter needs this declaration."),
        ("consent", "sign the letter on paper"),
        ("typed", "The signature is missing."),
    ],
)
def test_without_declaration_consent_or_signature_nothing_is_signed(
    kit: Browser, archive: Archive, organisation: OrganisationRow, left_out: str, words: str
) -> None:
    page = kit.post("/letters/read", DETAILS).text
    form = {name: value for name, value in {**hidden(page), **SIGNED}.items() if name != left_out}
    answer = kit.post("/letters", form)
    assert answer.status_code == 400
    assert words in answer.text
    assert "+1 (212) 555-0123" in answer.text, "the letter is still there to be read"
    assert state_of(archive, organisation, NEEDS) == "loa_required"


def test_a_drawn_signature_is_shown_as_it_was_drawn(kit: Browser) -> None:
    page = kit.post("/letters/read", DETAILS).text
    form = {**hidden(page), **SIGNED, "typed": "", "drawn": "M10 10L200 90"}
    location = kit.post("/letters", form).headers["Location"]
    assert '<path d="M10 10L200 90">' in kit.get(location).text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"numbers": []}, "Choose at least one number."),
        ({"numbers": ["+12125559999"]}, "is not one of the numbers"),
        ({"numbers": ["<b>"]}, "&lt;b&gt; is not one of the numbers"),
        ({"first_name": ""}, "Give the first name of who signs"),
        ({"email": "nobody"}, "Like name@example.com."),
        ({"title": "x" * 201}, "in one line of up to 200 characters"),
        ({"supersedes": "loa_nothing"}, "There is no such letter."),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_as_it_was_typed(
    kit: Browser, changed: dict[str, object], words: str
) -> None:
    answer = kit.post("/letters/read", {**DETAILS, **changed})
    assert answer.status_code in {400, 404}
    if "supersedes" not in changed:
        assert words in answer.text
    assert "Harbour &lt;Wealth&gt;, LLC" in answer.text


def test_what_was_filled_in_can_be_changed_before_it_is_signed(kit: Browser) -> None:
    page = kit.post("/letters/read", DETAILS).text
    back = kit.post("/letters/new", hidden(page)).text
    assert 'value="Head of Telephony"' in back
    assert re.findall(r'value="(\+\d+)" checked', back) == [NEEDS]


def test_whoever_may_not_text_is_told_why(kit: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        enter_facts(tx, Facts(add_on=False))
    page = kit.post("/letters/read", DETAILS).text
    answer = kit.post("/letters", {**hidden(page), **SIGNED})
    assert answer.status_code == 409
    assert "add-on is not bought" in answer.text


def test_a_letter_is_taken_as_a_file_and_as_words_and_that_is_on_record(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    letter = sign(archive, organisation, NEEDS)
    pdf = kit.get(f"/letters/{letter.id}/letter.pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{letter.id}.pdf"'
    words = kit.get(f"/letters/{letter.id}/letter.txt")
    assert letter.evidence
    assert words.get_data(as_text=True) == letter.evidence.text
    assert [entry.detail["part"] for entry in trail(archive, organisation, "letter.opened")] == ["text", "pdf"]


def test_revoking_says_what_is_withdrawn(kit: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    letter = sign(archive, organisation, NEEDS, OTHER_NEEDS)
    page = kit.get(f"/letters/{letter.id}").text
    assert "2 numbers rest on this letter" in page
    assert kit.post(f"/letters/{letter.id}/revoke", {"reason": ""}).status_code == 400
    kit.post(f"/letters/{letter.id}/revoke", {"reason": "Dana <has> left"})
    shown = kit.get(f"/letters/{letter.id}").text
    for words in ("2 numbers are withdrawn", "Dana &lt;has&gt; left", "Revoked"):
        assert words in shown
    assert "Revoke the letter" not in shown
    assert kit.post(f"/letters/{letter.id}/revoke", {"reason": "Again"}).status_code == 409
    assert state_of(archive, organisation, NEEDS) == "loa_required"


def test_the_page_of_a_number_shows_its_letter_and_which_it_was(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        row = number_by_e164(tx, NEEDS)
        assert row
    assert "/letters/new?numbers=%2B12125550123" in kit.get(f"/numbers/{row.id}").text
    letter = sign(archive, organisation, NEEDS)
    assert kit.get(f"/numbers/{row.id}").text.count(f'href="/letters/{letter.id}"') == 2


def test_who_may_only_look_signs_and_revokes_nothing(
    kit: Browser, app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    letter = sign(archive, organisation, NEEDS)
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    assert "Dana Whitfield" in dana.get(f"/letters/{letter.id}").text
    assert "Revoke the letter" not in dana.get(f"/letters/{letter.id}").text
    assert "Sign a letter" not in dana.get("/letters").text
    assert dana.get("/letters/new").status_code == 403
    assert dana.post("/letters/read", DETAILS).status_code == 403
    assert dana.post(f"/letters/{letter.id}/revoke", {"reason": "x"}).status_code == 403
    assert kit.get("/letters/loa_none").status_code == 404


def test_a_compliance_officer_keeps_letters_longer_and_never_less_long(
    kit: Browser, app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    assert "kept for 4 years" in kit.get("/letters").text
    assert kit.post("/letters/policy", {"keep_years": "9"}).status_code == 403
    assert dana.post("/letters/policy", {"keep_years": "6", "valid_days": "365"}).status_code == 303
    assert 'value="365"' in dana.get("/letters").text
    for wrong, words in (("5", "can&#39;t be made less"), ("3", "From 4 to 100 years"), ("x", "From 4 to 100 years")):
        answer = dana.post("/letters/policy", {"keep_years": wrong, "valid_days": ""})
        assert answer.status_code in {400, 409}
        assert words in answer.text
    page = kit.post("/letters/read", DETAILS).text
    assert "this letter ends 365 days after" in page


def test_a_letter_on_paper_is_uploaded_and_shown(kit: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    assert "Scan of the signed letter" in kit.get("/letters/upload").text
    large = papers.scan() + b"\n%" + b"0" * 2_000_000

    def send(raw: bytes, **changed: object) -> TestResponse:
        form = {**DETAILS, "signed_on": "2026-11-20", "file": (io.BytesIO(raw), "scan.pdf"), **changed}
        answer = kit.post("/letters/upload", form, content_type="multipart/form-data")
        answer.request.input_stream.close()  # The client keeps what is large in a file.
        return answer

    for raw, words in ((papers.with_script(), "It holds scripts."), (b"", "The file is missing."), (b"x", "no PDF")):
        refused = send(raw)
        assert refused.status_code == 400
        assert words in refused.text
        assert 'value="Head of Telephony"' in refused.text
    assert "Choose the day" in send(papers.scan(), signed_on="").text
    assert send(b"0" * 5_400_000).status_code == 413
    taken = send(large)
    assert taken.status_code == 303, taken.text
    page = kit.get(taken.headers["Location"]).text
    for words in ("A letter on paper", "Uploaded by", "Kit Oduya", "20 Nov 2026"):
        assert words in page
    assert kit.get(f"{taken.headers['Location']}/letter.pdf").data == large
    assert state_of(archive, organisation, NEEDS) == "authorised"
