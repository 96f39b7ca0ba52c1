"""The pages of brands, campaigns and providers, as an administrator, a compliance officer and an auditor see them."""

import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.campaigns.reading import list_brands, list_campaigns, read_campaign
from archive.core.actor import OPERATOR
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.campaigns.making import ATT, BRAND, CAMPAIGN, active_campaign, registered
from tests.taking_in import own_number

FORM = {name: "true" if value is True else value for name, value in CAMPAIGN.items()}


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    administrator = frozenset({Role.ADMINISTRATOR})
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", administrator)


@pytest.fixture
def campaign_id(archive: Archive, organisation: OrganisationRow) -> str:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return active_campaign(tx)


def test_from_a_brand_to_a_number_that_may_text(kit: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation)
    assert "It begins with the brand" in kit.get("/campaigns").text
    brand = kit.post("/brands", BRAND).headers["Location"]
    kit.post(f"{brand}/registration", {"registry_id": "BUTNE6G", "identity": "VERIFIED", "score": "80"})
    assert "BUTNE6G" in kit.get(brand).text
    answer = kit.post("/campaigns", {**FORM, "name": "Care", "brand": brand.rpartition("/")[2]})
    page = answer.headers["Location"]
    kit.post(f"{page}/numbers", {"numbers": "+12125550123"})
    kit.post(f"{page}/state", {"to": "registry//submitted"})
    kit.post(f"{page}/registration", {"registry_id": "CT8MUVN"})
    for to in ("registry//active", "provider//accepted", "dca//complete"):
        assert f'value="{to}"' in kit.get(page).text
        kit.post(f"{page}/state", {"to": to, "reason": "By telephone"})
    shown = kit.get(page).text
    assert "Its numbers may text." in shown
    assert "By telephone" in shown
    assert "40,000" not in shown
    assert "200,000 texts a day" in shown
    number = re.search(r'href="(/numbers/num_\w+)"', shown)
    assert number
    history = kit.get(number[1]).text
    assert "Registered" in history
    assert f'href="{page}"' in history
    kit.post(f"{page}/state", {"to": "own//paused"})
    assert "Its numbers may not text. It is paused by hand." in kit.get(page).text


def test_a_form_that_can_not_be_taken_is_shown_again_with_what_is_wrong(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    brand = kit.post("/brands", BRAND).headers["Location"].rpartition("/")[2]
    typed = {**FORM, "name": "", "brand": brand, "helpMessage": "x" * 400, "description": "<b>kept</b>"}
    answer = kit.post("/campaigns", typed)
    assert answer.status_code == 400
    assert "&lt;b&gt;kept&lt;/b&gt;" in answer.text
    assert "This has 400 characters; 320 is the most." in answer.text
    assert 'aria-invalid="true"' in answer.text
    refused = kit.post("/brands", {**BRAND, "website": "nowhere"})
    assert (refused.status_code, "whole address" in refused.text) == (400, True)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert (len(list_brands(tx)), len(list_campaigns(tx))) == (1, 0)


def test_what_the_registry_has_is_fixed_in_the_form_and_the_rest_can_be_changed(
    kit: Browser, archive: Archive, organisation: OrganisationRow, campaign_id: str
) -> None:
    form = kit.get(f"/campaigns/{campaign_id}/edit").text
    assert re.search(r'<textarea id="f-description"[^>]* disabled', form)
    assert not re.search(r'<textarea id="f-sample1"[^>]* disabled', form)
    changed = {name: FORM[name] for name in ("messageFlow", "sample1", "sample2", "optoutMessage", "autoRenewal")}
    changed |= {"helpMessage": "Quillbrook: call +1 512 555 0100 for help.", "name": "Care 2", "message_class": "C"}
    assert kit.post(f"/campaigns/{campaign_id}", changed).status_code == 303
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        campaign = read_campaign(tx, campaign_id)
    assert (campaign.name, campaign.caps.a_minute) == ("Care 2", 2_400)
    assert campaign.fields["description"] == CAMPAIGN["description"]
    assert campaign.fields["helpMessage"] == changed["helpMessage"]
    assert "optinMessage" not in campaign.fields


def test_what_a_draft_lacks_and_that_it_can_not_be_submitted(kit: Browser) -> None:
    brand = kit.post("/brands", BRAND).headers["Location"].rpartition("/")[2]
    page = kit.post("/campaigns", {"name": "Care", "brand": brand}).headers["Location"]
    shown = kit.get(page).text
    assert "The registry would not take it as it is" in shown
    kit.post(f"{page}/state", {"to": "registry//submitted"})
    assert "It can&#39;t be submitted yet. It lacks: Use case" in kit.get(page).text


@pytest.mark.parametrize("to", ["registry//draft", "moon//full", "carrier//approved", "dca/10017/complete", "own//"])
def test_a_state_that_can_not_be_is_refused_in_words(kit: Browser, campaign_id: str, to: str) -> None:
    answer = kit.post(f"/campaigns/{campaign_id}/state", {"to": to})
    assert answer.status_code in {303, 400}
    assert "Active" in kit.get(f"/campaigns/{campaign_id}").text


def test_a_carrier_that_said_nothing_yet_can_be_entered(kit: Browser, campaign_id: str) -> None:
    kit.post(f"/campaigns/{campaign_id}/state", {"to": f"carrier/{ATT}/suspended"})
    assert "Everybody lets it pass but AT&amp;T." in kit.get(f"/campaigns/{campaign_id}").text


def test_an_auditor_sees_everything_and_changes_nothing(
    app: Flask, archive: Archive, organisation: OrganisationRow, campaign_id: str
) -> None:
    noor = signed_in_browser(app, archive, organisation.id, "noor@harbour.example", frozenset({Role.AUDITOR}))
    for page in ("/campaigns", f"/campaigns/{campaign_id}", "/brands", "/providers"):
        shown = noor.get(page)
        assert shown.status_code == 200
        assert "<form" not in shown.text.partition("<main")[2].partition("</main>")[0]
    for page in (f"/campaigns/{campaign_id}/state", f"/campaigns/{campaign_id}/numbers", "/brands", "/providers"):
        assert noor.post(page, {"to": "own//paused"}).status_code == 403
    assert noor.get(f"/campaigns/{campaign_id}/edit").status_code == 403


def test_a_provider_account_is_connected_changed_and_ended(kit: Browser) -> None:
    typed = {"provider": "tcr", "account": "SBJAF5P", "signing_password": "short"}
    refused = kit.post("/providers", typed)
    assert refused.status_code == 400
    assert "short" not in refused.text.partition("<main")[2]
    kit.post("/providers", {**typed, "signing_password": "the first secret"})
    shown = kit.get("/providers").text
    assert "/hooks/tcr/SBJAF5P" in shown
    assert "the first secret" not in shown
    kit.post("/providers/tcr/SBJAF5P/secret", {"signing_password": "the next secret"})
    assert "The one before is valid as well until" in kit.get("/providers").text
    kit.post("/providers/tcr/SBJAF5P/secret/end")
    assert "The one before is valid as well until" not in kit.get("/providers").text
    kit.post("/providers/tcr/SBJAF5P/end")
    assert "No accounts yet" in kit.get("/providers").text
    assert kit.post("/providers/tcr/SBJAF5P/end").status_code == 404


def test_numbers_are_taken_off_on_the_page(
    kit: Browser, archive: Archive, organisation: OrganisationRow, campaign_id: str
) -> None:
    number_id = own_number(archive, organisation)
    page = f"/campaigns/{campaign_id}"
    kit.post(f"{page}/numbers", {"numbers": ["+12125550123"]})
    assert f'value="{number_id}"' in kit.get(page).text
    kit.post(f"{page}/numbers/remove", {"numbers": number_id})
    assert "None yet." in kit.get(page).text
    kit.post(f"{page}/numbers", {"numbers": ["+12125559999"]})
    assert "is not one of the numbers" in kit.get(page).text or kit.get(page).status_code == 200


def test_the_campaign_of_a_hostile_name_is_shown_as_it_is(
    kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        campaign_id, _ = registered(tx, referenceId="<script>")
    assert "<script>alert" not in kit.get(f"/campaigns/{campaign_id}").text
    assert "&lt;script&gt;" in kit.get(f"/campaigns/{campaign_id}").text


def test_a_support_case_on_the_page_and_its_count_in_the_navigation(
    kit: Browser, archive: Archive, organisation: OrganisationRow, campaign_id: str
) -> None:
    page = f"/campaigns/{campaign_id}"
    kit.post(f"{page}/cases", {"note": "Called <Noor>"})
    shown = kit.get(page).text
    assert "Called &lt;Noor&gt;" in shown
    assert "Open another case" not in shown
    case = re.search(r'action="(/support-cases/cas_\w+)"', shown)
    assert case
    kit.post(case[1], {"state": "sent", "reference": "700123"})
    assert "0 days since it was sent" in kit.get(page).text
    archive.clock.advance(days=29)  # type: ignore[attr-defined]
    kit = signed_in_browser(kit.client.application, archive, organisation.id, "ada@harbour.example")
    shown = kit.get(page).text
    assert "It was due" in shown
    assert "29 days since it was sent" in shown
    assert '<span class="count">1<span class="sr-only"> late</span>' in shown
    kit.post(case[1], {"state": "opened"})
    assert "can&#39;t become opened" in kit.get(page).text
    kit.post(case[1], {"state": "done", "note": "Approved"})
    assert "Open another case" in kit.get(page).text


def test_the_health_of_a_campaign_is_charts_with_their_tables(kit: Browser, campaign_id: str) -> None:
    shown = kit.get(f"/campaigns/{campaign_id}/health").text
    assert shown.count('<svg width="100%"') == 2
    assert shown.count("The same as a table") == 2
    assert "CAMPAIGN_DCA_COMPLETE" in shown
    assert f'href="/campaigns/{campaign_id}/health"' in kit.get(f"/campaigns/{campaign_id}").text
