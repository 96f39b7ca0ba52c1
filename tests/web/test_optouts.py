import io
import re

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.taking_in import OTHER, OWN, own_number, take_in, text, trail

OUT = {"direction": "outbound", "from": OWN, "to": [OTHER]}


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))


def test_one_is_added_shown_and_withdrawn(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation)
    assert "Nobody has opted out" in dana.get("/opt-outs").text
    form = {"party": "415 555 0188", "own_number": OWN, "note": "On the telephone"}
    assert dana.post("/opt-outs", form).headers["Location"] == "/opt-outs"
    page = dana.get("/opt-outs").text
    for words in (
        "1 opt-out in force",
        "+1 (415) 555-0188 is not to be texted any more.",
        "added or decided by a person",
    ):
        assert words in page
    assert dana.post("/opt-outs", form).status_code == 409
    address = re.search(r'action="(/opt-outs/\d+/withdraw)"', page)
    assert address
    dana.post(address[1], {"note": ""})
    assert "1 opt-out in force" in dana.get("/opt-outs").text
    dana.post(address[1], {"note": "Signed again"})
    assert "they may be texted again" in dana.get("/opt-outs").text
    assert dana.post(address[1], {"note": "Twice"}).status_code == 404


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"party": "", "note": "x"}, "Type a number like"),
        ({"party": "<b>", "note": "x"}, "&lt;b&gt;"),
        ({"party": OTHER, "note": ""}, "Say how you know"),
        ({"party": OTHER, "note": "x" * 501}, "Say how you know"),
        ({"party": OTHER, "note": "x", "own_number": "+12125550199"}, "is not one of the organisation"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(dana: Browser, form: dict[str, str], words: str) -> None:
    answer = dana.post("/opt-outs", form)
    assert answer.status_code == 400
    assert words in answer.text


def test_violations_are_listed_and_suspicions_decided(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    texts = [text(1, "Stop!"), text(30, "But why?", **OUT), text(31, "leave me alone", **{"from": "+14155550177"})]
    serials = take_in(archive, organisation, texts)
    page = dana.get("/opt-outs").text
    assert "1 text went out after an opt-out" in page
    assert f'<a href="/messages/{serials[1]}">#{serials[1]}</a>' in page
    assert "1 text waits for a decision" in page
    assert '<span class="count">1<span class="sr-only"> waiting</span></span>' in page
    address = f"/opt-outs/suspicions/{serials[2]}"
    dana.post(address, {"confirmed": "false"})
    assert "waits for a decision" not in dana.get("/opt-outs").text
    dana.post(address, {"confirmed": "true"})
    assert "This was decided already." in dana.get("/opt-outs").text
    assert [entry.detail["confirmed"] for entry in trail(archive, organisation, "optout.decided")] == [False]
    assert "after opt out" in dana.get(f"/messages/{serials[1]}").text


def test_a_list_is_imported_and_exported(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    lines = b"party,said_at\n+14155550188,2026-11-20T10:00:00Z\nnobody,2026-11-20T10:00:00Z\n"
    dana.post("/opt-outs/import", {"file": (io.BytesIO(lines), "list.csv")})
    page = dana.get("/opt-outs").text
    assert "1 new, 0 known already. Line 3: &#39;nobody&#39; is not a telephone number." in page
    answer = dana.post("/opt-outs/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="opt-outs.csv"'
    assert answer.text.splitlines()[1].startswith("+14155550188,,opt-out,2026-11-20T10:00:00.000000Z,import")
    assert trail(archive, organisation, "optout.exported")[0].detail == {"count": 1}
    for wrong in (b"\xff", b"a,b\n1,2\n"):
        dana.post("/opt-outs/import", {"file": (io.BytesIO(wrong), "list.csv")})
        assert "notice bad" in dana.get("/opt-outs").text
    dana.post("/opt-outs/import")
    assert "has no columns" in dana.get("/opt-outs").text


def test_the_reach_is_shown_and_changed(dana: Browser) -> None:
    assert "may still be texted from the others" in dana.get("/opt-outs").text
    dana.post("/opt-outs/reach", {"everywhere": "true"})
    assert "An opt-out counts for all numbers now." in dana.get("/opt-outs").text
    dana.post("/opt-outs/reach", {"everywhere": "false"})
    assert "may still be texted from the others" in dana.get("/opt-outs").text


def test_pages_lead_on(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, [text(at, "stop", **{"from": f"+1415555{at:04}"}) for at in range(51)])
    page = dana.get("/opt-outs").text
    older = re.search(r'href="(/opt-outs\?after=\d+)"', page)
    assert older
    assert "+1 (415) 555-0000" not in page
    assert "+1 (415) 555-0000" in dana.get(older[1]).text
    assert dana.get("/opt-outs?after=x").status_code == 400


def test_an_auditor_sees_and_changes_nothing_and_an_administrator_does_not_see(
    app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    (serial,) = take_in(archive, organisation, [text(1, "leave me alone")])
    take_in(archive, organisation, [text(2, "stop")])
    auditor = signed_in_browser(app, archive, organisation.id, "ada@harbour.example", frozenset({Role.AUDITOR}))
    page = auditor.get("/opt-outs").text
    assert "1 opt-out in force" in page
    assert "It means it" not in page
    assert "Withdraw" not in page
    assert auditor.post(f"/opt-outs/suspicions/{serial}", {"confirmed": "true"}).status_code == 403
    for path in ("", "/1/withdraw", "/reach", "/import"):
        assert auditor.post(f"/opt-outs{path}", {"party": OTHER, "note": "x"}).status_code == 403
    kit = signed_in_browser(app, archive, organisation.id, "kit@harbour.example", frozenset({Role.ADMINISTRATOR}))
    assert kit.get("/opt-outs").status_code == 403
    assert kit.post("/opt-outs/export").status_code == 403


def test_hostile_senders_are_shown_and_exported_harmlessly(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    for at, sender in enumerate(("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "@SUM(1)")):
        said = [text(at * 2, "stop", **{"from": sender}), text(at * 2 + 1, "leave me alone", **{"from": sender})]
        take_in(archive, organisation, said)
    page = dana.get("/opt-outs")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    lines = dana.post("/opt-outs/export").text.splitlines()[1:]
    assert len(lines) == 3
    assert not any(line.startswith(("=", "@")) for line in lines)
