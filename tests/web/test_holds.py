import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.holds.reading import read_holds
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import OTHER, take_in, text, trail


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))


@pytest.fixture
def serials(archive: Archive, organisation: OrganisationRow) -> list[int]:
    return take_in(archive, organisation, [text(0, "The refund is late"), text(1, "Good morning")])


FORM = {
    "matter": "Miller <v> Harbour",
    "reason": "Letter of counsel",
    "party": OTHER,
    "query": "refund*",
    "standing": "yes",
}


def words(page: str) -> str:
    """What a reader reads: without marks and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def placed(browser: Browser) -> str:
    """The address of a new hold."""
    answer = browser.post("/holds", FORM)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_what_a_hold_would_cover_is_shown_before_it_is_placed(
    dana: Browser, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    assert "Nothing is held" in dana.get("/holds").text
    preview = dana.post("/holds/preview", FORM)
    assert "1 text is covered 0 of them under another hold already" in words(preview.text)
    assert "Place the hold on 1 text" in words(preview.text)
    assert 'name="query" value="refund*"' in preview.text
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read_holds(tx) == []
    address = placed(dana)
    page = dana.get(address)
    assert "Miller &lt;v&gt; Harbour" in page.text
    assert "1 text is preserved." in page.text
    assert f"refund* with:{OTHER} and what comes in later" in words(page.text)
    listed = words(dana.get("/holds").text)
    assert "Miller &lt;v&gt; Harbour" in listed and "In force" in listed


def test_dates_serials_and_a_conversation_are_part_of_the_form(
    dana: Browser, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    form = {"matter": "M", "reason": "R", "query": "refund OR morning", "after": "2026-11-01", "before": "2026-12-01"}
    page = dana.get(dana.post("/holds", form).headers["Location"]).text
    assert "(refund OR morning) after:2026-11-01 before:2026-12-01 only what was here" in words(page)
    form = {"matter": "M", "reason": "R", "serials": f"{serials[1]}, 7777", "conversation_of": str(serials[0])}
    page = dana.get(dana.post("/holds", form).headers["Location"]).text
    assert "one conversation · 2 chosen texts" in words(page)
    assert 'name="conversation_of" type="text" value="5"' in dana.get("/holds?conversation_of=5").text


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"matter": ""}, "matter", "Name the case"),
        ({"reason": ""}, "reason", "Say why"),
        ({"query": "held:yes"}, "query", "can&#39;t depend on what is held"),
        ({"query": '"open'}, "query", "never closed"),
        ({"party": "+1 415"}, "query", "no whole telephone number"),
        ({"query": "", "party": ""}, "query", "nothing of what it covers"),
        ({"serials": "five"}, "serials", "Write serials"),
        ({"conversation_of": "999999"}, "query", "no message 999999"),
        ({"after": "yesterday"}, "after", "Choose a day"),
    ],
)
def test_a_mistake_is_pointed_at_and_nothing_is_lost(
    dana: Browser, serials: list[int], change: dict[str, str], field: str, said: str
) -> None:
    for path in ("/holds/preview", "/holds"):
        answer = dana.post(path, {**FORM, **change})
        assert answer.status_code in (400, 404)
        error = re.search(rf'id="e-{field}">([^<]+)<', answer.text)
        assert error and said in error[1]
        assert 'value="Letter of counsel"' in answer.text or "reason" in change


def test_a_release_takes_two_people_and_the_number_that_it_frees(
    dana: Browser, kit: Browser, archive: Archive, organisation: OrganisationRow, serials: list[int]
) -> None:
    address = placed(dana)
    assert dana.post(f"{address}/release", {"reason": ""}).status_code == 400
    assert dana.post(f"{address}/release", {"reason": "Settled <out> of court"}).status_code == 303
    hers = words(dana.get(address).text)
    assert "You asked for it, so somebody else allows it." in hers and "Allow the release" not in hers
    assert dana.post(f"{address}/release/allow", {"freed": "1"}).status_code == 403
    his = words(kit.get(address).text)
    assert "Asked for by Dana: Settled &lt;out&gt; of court" in his
    assert "1 text is under this hold 1 of them under no other" in his
    wrong = kit.post(f"{address}/release/allow", {"freed": "2"})
    assert (wrong.status_code, "would free 1 texts, not 2" in wrong.text) == (409, True)
    assert kit.post(f"{address}/release/allow", {"freed": "x"}).status_code == 400
    assert kit.post(f"{address}/release/allow", {"freed": "1"}).status_code == 303
    assert "Released. 1 text is free." in words(kit.get(address).text)
    assert trail(archive, organisation, "hold.released")[0].detail["freed"] == 1


def test_a_release_is_refused_or_taken_back(dana: Browser, kit: Browser, serials: list[int]) -> None:
    address = placed(dana)
    for browser, button in ((kit, "Refuse the release"), (dana, "Take it back")):
        dana.post(f"{address}/release", {"reason": "Settled"})
        assert button in browser.get(address).text
        assert browser.post(f"{address}/release/refuse").status_code == 303
        assert "The hold stays in force." in browser.get(address).text
    assert kit.post(f"{address}/release/refuse").status_code == 409


def test_an_administrator_sees_a_hold_but_not_its_words(kit: Browser, dana: Browser, serials: list[int]) -> None:
    address = placed(dana)
    page = kit.get(address).text
    assert "refund" not in page and OTHER not in page
    assert "a search that your role does not show" in page
    assert "Place a hold" not in kit.get("/holds").text
    assert kit.post("/holds", FORM).status_code == 403
    assert kit.post("/holds/preview", FORM).status_code == 403
    assert kit.post(f"{address}/release", {"reason": "Settled"}).status_code == 403


def test_the_record_of_a_held_text_says_so(dana: Browser, serials: list[int]) -> None:
    before = words(dana.get(f"/messages/{serials[0]}").text)
    assert "Goes on 28 Dec 2027 because policy version 1 keeps a text for 400 days after it was received." in before
    address = placed(dana)
    page = dana.get(f"/messages/{serials[0]}").text
    assert "Stays until released, because it is held for Miller &lt;v&gt; Harbour" in words(page)
    assert "without the hold it would go on 28 Dec 2027" in words(page)
    assert f'href="{address}"' in page
    assert f'href="/holds?conversation_of={serials[0]}"' in page


def test_the_trail_leads_to_a_hold(
    app: Flask, archive: Archive, organisation: OrganisationRow, dana: Browser, serials: list[int]
) -> None:
    address = placed(dana)
    auditor = signed_in_browser(app, archive, organisation.id, "ana@harbour.example", frozenset({Role.AUDITOR}))
    assert f'href="{address}"' in auditor.get("/audit?kind=hold.placed").text
    assert "Place a hold" not in auditor.get("/holds").text
    assert auditor.post(f"{address}/release/refuse").status_code == 403
    assert auditor.get("/holds/hld_nothing").status_code == 404
