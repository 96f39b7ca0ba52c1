import io
import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.spam.finding import compare_new
from archive.spam.model import NewReport, Said, Source
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.spam.reporting import WORDS, compared, read, sent, taken, told
from tests.taking_in import HOSTILE, OTHER, OWN, own_number, trail


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    own_number(archive, organisation)
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))


def test_the_queue_is_empty_then_shows_what_is_due_first(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    assert "Nobody has complained" in dana.get("/spam-reports").text
    (serial,) = sent(archive, organisation, (3, WORDS))
    compared(archive, organisation, told())
    taken(archive, organisation, told(source=Source.CARRIER, reporter="+14155550177"))
    page = dana.get("/spam-reports").text
    assert page.index("being looked for") < page.index(f"#{serial}"), "a carrier's complaint is due sooner"
    assert "100 % likely" in page
    assert 'class="count">2<' in page
    for hidden in ("parcel", "555-0188", "555-0177"):
        assert hidden not in page, "what people wrote, and who, takes opening it"
    assert "No report fits" in dana.get("/spam-reports?state=dismissed").text
    assert "being looked for" not in dana.get("/spam-reports?source=api").text
    assert "No report fits" in dana.get("/spam-reports?who=mine").text
    for wrong in ("state=x", "after=x", "order=x", "source=x"):
        assert dana.get(f"/spam-reports?{wrong}").status_code == 400


def test_a_report_is_read_taken_up_and_confirmed(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    (serial,) = sent(archive, organisation, (4, WORDS))
    here = f"/spam-reports/{compared(archive, organisation, told()).row.id}"
    page = dana.get(here).text
    for words in (WORDS, "+1 (415) 555-0188", "Same parties · 3 minutes apart · 100\N{NO-BREAK SPACE}% of the words"):
        assert words in page
    assert f'<a href="/messages/{serial}">Text #{serial}</a>' in page
    assert len(trail(archive, organisation, "spam.viewed")) == 1
    assert dana.post(f"{here}/state", {"state": "investigating"}).headers["Location"] == here
    assert dana.post(f"{here}/state", {"state": "dismissed"}).status_code == 400
    dana.post(f"{here}/note", {"note": "Called <b>Kit</b>"})
    dana.post(f"{here}/state", {"state": "confirmed", "note": "No consent"})
    page = dana.get(here).text
    for words in ("Confirmed", "Called &lt;b&gt;Kit&lt;/b&gt;", "No consent", "Open it again", "Dana"):
        assert words in page
    assert dana.post(f"{here}/state", {"state": "new"}).status_code == 409
    assert dana.post(f"{here}/note", {"note": ""}).status_code == 400
    assert "No report fits" in dana.get("/spam-reports").text


def test_handling_and_actions(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    report_id = taken(archive, organisation, told())
    here = f"/spam-reports/{report_id}"
    person = re.search(r'<option value="(per_\w+)">Dana', dana.get(here).text)
    assert person
    dana.post(f"{here}/handling", {"assignee": person[1], "due_on": "2026-12-01", "fee_tier": "tier-2"})
    row = read(archive, organisation, report_id).row
    assert (row.assignee, str(row.due_on), row.fee_tier) == (person[1], "2026-12-01", "tier-2")
    assert "Tier 2" in dana.get("/spam-reports?who=mine").text
    assert dana.post(f"{here}/handling", {"assignee": "", "due_on": "2020-01-01"}).status_code == 400
    assert dana.post(f"{here}/handling", {"assignee": "per_x", "due_on": "2026-12-01"}).status_code == 400
    for action, words in (("number-suspended", "The number is suspended."), ("opted-out", "not to be texted any more")):
        dana.post(f"{here}/act", {"action": action})
        assert words in dana.get(here).text
        dana.post(f"{here}/act", {"action": action})
        assert "notice warn" in dana.get(here).text
    assert "Do something about it" not in dana.get(here).text


def test_looking_again_finds_what_came_in_since(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    here = f"/spam-reports/{compared(archive, organisation, told()).row.id}"
    assert "No text of this number is like" in dana.get(here).text
    (serial,) = sent(archive, organisation, (0, WORDS))
    dana.post(f"{here}/compare")
    assert f"Text #{serial}" in dana.get(here).text


def test_the_queue_is_paged_by_cursor(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    ids = [taken(archive, organisation, told(words=str(at))) for at in range(53)]
    address, seen = "/spam-reports?order=oldest", []
    while address:
        page = dana.get(address.replace("&amp;", "&")).text
        seen += re.findall(r'href="/spam-reports/(spm_\w+)"', page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = found[1] if found else ""
    assert seen == ids


def test_a_complaint_that_was_told_is_entered(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    assert "Take in complaints" in dana.get("/spam-reports/new").text
    form = {"own_number": OWN, "reporter": OTHER, "on": "2026-11-20", "at": "07:00", "zone": "eastern", "words": "Pay"}
    address = dana.post("/spam-reports/new", form).headers["Location"]
    assert "Entered here" in dana.get(address).text
    dana.post("/spam-reports/new", form)
    assert "The same was reported before." in dana.get(address).text
    for wrong in ({"own_number": ""}, {"reporter": "x"}, {"on": "x"}, {"zone": "x"}, {"at": "99:99"}):
        assert dana.post("/spam-reports/new", {**form, **wrong}).status_code == 400


def test_a_list_is_looked_at_before_it_counts(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    lines = f'number,text,reference\n{OWN},"Pay,\nnow",C-1\n+12125550199,x,C-2\n'
    page = dana.post("/spam-reports/new/list", {"file": (io.BytesIO(lines.encode()), "list.csv")}).text
    assert "Take in 1 complaint" in page
    assert "is not one of the organisation" in page
    assert trail(archive, organisation, "spam.reported") == []
    dana.post("/spam-reports/new/import", {"content": lines.replace("\n", "\r\n")})
    assert "1 new, 0 known already, 1 refused." in dana.get("/spam-reports").text
    dana.post("/spam-reports/new/import", {"content": lines})
    assert "0 new, 1 known already, 1 refused." in dana.get("/spam-reports").text
    for wrong in (b"", b"\xff", b"a\n1\n", b"x" * 300_001):
        answer = dana.post("/spam-reports/new/list", {"file": (io.BytesIO(wrong), "list.csv")})
        assert answer.status_code in {400, 413}
        assert "e-file" in answer.text
    assert dana.post("/spam-reports/new/import", {"content": "nonsense"}).status_code == 400


def test_who_may_see_and_who_may_change(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation)
    report_id = taken(archive, organisation, told())
    here = f"/spam-reports/{report_id}"
    auditor = signed_in_browser(app, archive, organisation.id, "ada@harbour.example", frozenset({Role.AUDITOR}))
    page = auditor.get(here).text
    assert WORDS in page
    assert "<textarea" not in page
    for path in ("/state", "/note", "/handling", "/act", "/compare"):
        assert auditor.post(here + path, {"state": "investigating"}).status_code == 403
    assert auditor.get("/spam-reports/new").status_code == 403
    kit = signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))
    assert kit.get("/spam-reports").status_code == kit.get(here).status_code == 403
    assert kit.post("/spam-reports/new", {"own_number": OWN}).headers["Location"] == "/spam-reports/new"


def test_hostile_words_are_shown_harmlessly(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    for words in HOSTILE.values():
        said = Said(OTHER, words=words[:2_000].replace("\ud83d", ""), reference=words[:50].replace("\ud83d", ""))
        report_id = taken(archive, organisation, NewReport(Source.API, OWN, said))
        compare_new(archive.transactions, organisation.id)
        page = dana.get(f"/spam-reports/{report_id}")
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_the_packet_is_taken_by_those_who_may_read_texts(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    here = f"/spam-reports/{compared(archive, organisation, told()).row.id}"
    assert f'href="{here}/packet.zip"' in dana.get(here).text
    for ending, media, start in (("zip", "application/zip", b"PK"), ("pdf", "application/pdf", b"%PDF")):
        answer = dana.get(f"{here}/packet.{ending}")
        assert (answer.status_code, answer.mimetype, answer.data[: len(start)]) == (200, media, start)
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="evidence-spm_')
    assert len(trail(archive, organisation, "spam.packet-made")) == 2
    assert dana.get("/spam-reports/spm_nothing/packet.zip").status_code == 404
