import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.ledger.checkpoints import bring_up
from archive.ledger.note import VerifierKey
from archive.ledger.proofs import check_proof
from archive.ledger.standing import standing
from archive.ledger.tree import ProofError
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import HOSTILE, take_in, take_in_hostile, text, trail


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))


def public_key(archive: Archive, organisation: OrganisationRow) -> VerifierKey:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return VerifierKey.parse(standing(tx, organisation.origin).public_key)


def test_a_text_has_an_address_of_its_own(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    serial = take_in(archive, organisation, [text(1, "The refund came", campaign="C8K2L9", status="delivered")])[0]
    page = dana.get(f"/messages/{serial}").text
    for words in (f"Text #{serial}", "The refund came", "C8K2L9", "delivered", "GSM-7", "unknown number", "SM000001"):
        assert words in page
    assert "printed by Dana" in page
    assert [entry.subject for entry in trail(archive, organisation, "message.viewed")] == [f"message:{serial}"]


def test_the_record_says_what_signs_for_it(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    serial = take_in(archive, organisation, [text(1, "hello")])[0]
    assert "Sealed, checkpoint pending" in dana.get(f"/messages/{serial}").text
    covered = bring_up(archive.transactions, organisation.id, organisation.origin)
    take_in(archive, organisation, [text(2, "later")])
    bring_up(archive.transactions, organisation.id, organisation.origin)
    page = dana.get(f"/messages/{serial}").text
    assert "Sealed and verified" in page
    assert f"Under checkpoint {covered.size}, signed" in page


def test_the_record_says_when_it_goes_and_why(
    dana: Browser, archive: Archive, organisation: OrganisationRow, clock
) -> None:
    serial = take_in(archive, organisation, [text(1, "hello")])[0]
    clock.advance(minutes=20)
    page = dana.get(f"/messages/{serial}").text
    for words in ("28 Dec 2027", "policy version 1", "400 days", "after it was received.", "Day 0 of 400"):
        assert words in page


def test_custody_names_who_had_it_in_hand(
    app: Flask, dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    serial, other = take_in(archive, organisation, [text(1, "hello"), text(2, "there")])
    lee = signed_in_browser(app, archive, organisation.id, "lee@harbour.example", frozenset({Role.AUDITOR}))
    lee.get(f"/messages/{serial}/proof")
    lee.get(f"/messages/{other}")
    page = dana.get(f"/messages/{serial}").text
    custody = page.partition("Chain of custody")[2]
    steps = (
        "Text opened by Dana",
        "Proof made by Lee",
        "Covered by a signed checkpoint",
        "Sealed",
        "Received by the operator",
    )
    places = [custody.index(step) for step in steps]
    assert places == sorted(places)
    assert "Text opened by Lee" not in custody


def test_a_proof_from_the_page_is_checked_without_the_archive(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    key = public_key(archive, organisation)
    for name, serial in take_in_hostile(archive, organisation).items():
        answer = dana.get(f"/messages/{serial}/proof")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="message-{serial}.proof"'
        proven = check_proof(answer.text, key)
        assert proven.record["clear"]["seq"] == serial
        assert proven.record["content"].get("text", "") == HOSTILE.get(name, "")
    with pytest.raises(ProofError):
        check_proof(answer.text.replace("twilio", "twilit"), key)
    made = trail(archive, organisation, "proof.made")
    assert len(made) == len(HOSTILE) + 1
    assert made[0].actor.startswith("person:")


def test_a_long_conversation_is_read_on_in_both_directions(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    serials = take_in(archive, organisation, [text(number, f"number {number}") for number in range(60)])
    page = dana.get(f"/messages/{serials[30]}").text
    assert f'href="/messages/{serials[5]}">Earlier texts' in page
    assert f'href="/messages/{serials[55]}">Later texts' in page
    assert "Earlier texts" not in dana.get(f"/messages/{serials[3]}").text
    assert "Later texts" not in dana.get(f"/messages/{serials[-1]}").text


def test_what_is_not_a_text_is_not_found(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    quarantined = take_in(archive, organisation, [b"{nope"])[0]
    for wrong in (quarantined, 1, 4711, 2**63 - 1, 2**63, 10**30, "x", "-1"):
        assert dana.get(f"/messages/{wrong}").status_code == 404, wrong
        assert dana.get(f"/messages/{wrong}/proof").status_code == 404, wrong
    assert trail(archive, organisation, "message.viewed") == []
