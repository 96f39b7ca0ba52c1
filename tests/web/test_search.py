import html
import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import update

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.ledger.checkpoints import signer
from archive.messages.store import MessageRow
from archive.search.statement import check_statement
from archive.search.whoosh.engine import WhooshIndex
from archive.web.texts import excerpt
from archive.wiring import Archive
from archive.wsgi import create_app
from tests.browsing import Browser, signed_in_browser
from tests.conftest import StandingClock
from tests.deliveries.saying import note_all, said, send
from tests.taking_in import HOSTILE, OWN, own_number, take_in, take_in_hostile, text, trail

COMPLIANCE = frozenset({Role.COMPLIANCE})


@pytest.fixture
def dana(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "dana@harbour.example", COMPLIANCE)


def serials(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'data-hit="(\d+)"', page)]


def test_an_empty_archive_says_what_will_be_here(dana: Browser) -> None:
    page = dana.get("/search").text
    assert "No texts are archived yet" in page
    assert "/api/v1/messages" in page


def test_the_newest_texts_come_first_in_days(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation)
    first, second = take_in(archive, organisation, [text(1, "old refund"), text(2, "new refund")])
    today = take_in(archive, organisation, [text(3, "today", sent_at="2026-11-23T08:00:00Z")])[0]
    page = dana.get("/search").text
    assert serials(page) == [today, second, first]
    for words in (
        "Today · Monday, 23 Nov 2026",
        "Friday, 20 Nov 2026",
        "<b>3</b> messages",
        "3 of 3 searched",
        "Front desk",
    ):
        assert words in page
    assert serials(dana.get("/search?sort=oldest").text) == [first, second, today]


def test_what_became_of_a_text_is_a_filter_and_stands_at_its_hit_and_in_its_record(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    sent = send(archive, organisation.id)
    take_in(archive, organisation, [text(2, "hello")])
    blocked = said("SM1", "blocked", code="30034", category="unregistered", title="Not registered")
    note_all(archive, organisation.id, blocked, said("SM1", "sent"))
    answer = dana.get("/search?q=Friday&delivery=blocked&flag=")
    assert answer.headers["Location"] == "/search?q=Friday+delivery%3Ablocked"
    page = dana.get("/search?q=delivery:blocked").text
    assert serials(page) == [sent]
    assert '<span class="badge bad">Blocked</span>' in page
    record = dana.get(f"/search?q=delivery:blocked&serial={sent}").text
    for words in ("our number is not registered", "30034", "Put our number on an active campaign"):
        assert words in record
    assert '<span class="failed">Blocked</span>' in record, "in the conversation, too"
    assert record.count("Put our number on an active campaign") == 1, "only at what did not arrive"


def test_the_best_match_comes_first_with_its_own_day_beside_each(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    twice, once = take_in(archive, organisation, [text(1, "refund of a refund"), text(2, "refund")])
    page = dana.get("/search?q=refund&sort=best").text
    assert serials(page) == [twice, once]
    for words in ("Best match first", "20 Nov 2026, 12:01", 'href="/search?q=refund&amp;sort=oldest"'):
        assert words in page
    assert 'href="/search?q=refund&amp;sort=best" aria-current="true"' in page
    assert "Friday" not in page


def test_results_are_sent_before_they_are_counted(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, [text(number, "refund") for number in range(30)])
    answer = dana.client.get("/search?q=refund", buffered=False)
    pieces = answer.iter_encoded()
    first = next(pieces).decode()
    assert len(serials(first)) == 25
    assert "messages</b>" not in first and "</html>" not in first
    take_in(archive, organisation, [text(30, "one refund more, while the page is on its way")])
    rest = b"".join(pieces).decode()
    assert "<b>31</b> messages" in rest and "</html>" in rest
    counted = [entry.detail.get("count") for entry in trail(archive, organisation, "search.run")]
    assert counted == [31, None]


def test_where_the_page_holds_all_hits_nothing_is_counted_again(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, [text(number, "refund") for number in range(25)])
    assert "<b>25</b> messages" in dana.get("/search?q=refund").text
    assert "<b>0</b> messages" in dana.get("/search?q=nobody").text
    assert [entry.detail["count"] for entry in trail(archive, organisation, "search.run")] == [0, 25]


def test_what_cannot_be_counted_says_why_and_is_shown_all_the_same(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    narrow = replace(archive, index=WhooshIndex(archive.settings.index, postings_at_most=40))
    for month in range(2):
        sent = [f"2026-{11 + month}-20T12:{minute:02}:00Z" for minute in range(30)]
        items = [text(at, f"a{at}", provider_id=f"{month}/{at}", sent_at=sent[at]) for at in range(30)]
        take_in(narrow, organisation, items)
        clock.advance(days=40)
    browser = signed_in_browser(create_app(narrow), narrow, organisation.id, "dana@harbour.example", COMPLIANCE)
    page = browser.get("/search?q=a*").text
    assert len(serials(page)) == 25
    assert "Not counted. Too many words of too many texts begin like that." in page
    assert page.rstrip().endswith("</html>")


def test_hits_are_marked_and_parts_can_be_taken_away(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, [text(1, "The refund came"), text(2, "No money")])
    page = dana.get("/search?q=refund+direction:in").text
    assert "The <mark>refund</mark> came" in page
    assert "direction: <b>in</b>" in page
    assert 'href="/search?q=direction%3Ain"' in page
    assert "No money" not in page


def test_a_line_that_cannot_be_read_is_pointed_at(dana: Browser) -> None:
    answer = dana.get("/search?q=refund+frm:5+<b>")
    assert answer.status_code == 400
    assert "There is no field frm:" in answer.text
    assert "<mark>frm:5</mark>" in answer.text
    assert "Understood without that" in answer.text
    assert "Nothing was searched" in answer.text
    assert "<b>&lt;" not in answer.text
    for line in ('"open', "(a OR", ")", "a* *", "NEAR", "x" * 2_001, "\x00:\x00", "-" * 100, "(" * 100):
        assert dana.get("/search", query_string={"q": line}).status_code in {200, 400}, line


def test_more_than_a_page_is_read_on_by_its_cursor(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    expected = take_in(archive, organisation, [text(number, f"refund {number}") for number in range(60)])[::-1]
    page, seen = dana.get("/search?q=refund").text, []
    while True:
        seen += serials(page)
        more = re.search(r'data-more><a class="button" href="([^"]+)"', page)
        if not more:
            break
        page = dana.get(html.unescape(more[1]) + "&pane=results").text
        assert "<html" not in page
    assert seen == expected
    assert dana.get("/search?cursor=nonsense").status_code == 400


def test_an_opened_text_brings_its_conversation_and_record_and_is_recorded(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    one, two, three = take_in(archive, organisation, [text(number, f"refund {number}") for number in range(3)])
    page = dana.get(f"/search?q=refund&serial={two}").text
    assert f"Record #{two}" in page
    assert "hit 2 of 3" in page
    assert f"/search?q=refund&amp;serial={one}" in page
    assert "Opened" not in page
    viewed = trail(archive, organisation, "message.viewed")
    assert [(entry.subject, entry.detail["beside"]) for entry in viewed] == [(f"message:{two}", [one, three])]
    assert "Text opened by Dana" in page
    searched = trail(archive, organisation, "search.run")
    assert [entry.private["query"] for entry in searched] == ["refund"]


def test_panes_are_answered_alone(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    serial = take_in(archive, organisation, [text(1, "refund")])[0]
    contents = {"detail": ("talk", "record"), "conversation": ("talk",), "record": ("record",), "results": ("hit",)}
    for pane, classes in contents.items():
        page = dana.get(f"/search?q=refund&serial={serial}&pane={pane}").text
        assert "<html" not in page
        for name in ("talk", "record", "hit"):
            assert (f'class="{name}"' in page) == (name in classes), (pane, name)
    assert len(trail(archive, organisation, "message.viewed")) == 3
    assert "Open a text to read it" in dana.get("/search?pane=detail").text
    marked = dana.get(f"/search?q=frm:x&serial={serial}&pane=detail")
    assert marked.status_code == 200


def test_the_filter_form_becomes_words_of_the_line(dana: Browser) -> None:
    answer = dana.get(
        "/search",
        query_string={
            "q": "refund",
            "sort": "oldest",
            "direction": "in",
            "with": "Dana W",
            "number": "+1 212 555 0123",
        },
    )
    assert answer.status_code == 303
    expected = 'refund direction:in number:"+1 212 555 0123" with:"Dana W"'
    assert dana.get(answer.headers["Location"]).status_code == 200
    line = re.search(r'id="q" name="q" type="search" value="([^"]*)"', dana.get(answer.headers["Location"]).text)
    assert line and html.unescape(line[1]) == expected
    assert "sort=oldest" in answer.headers["Location"]


def test_hostile_texts_are_shown_and_harm_nothing(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    for name, serial in take_in_hostile(archive, organisation).items():
        page = dana.get(f"/search?serial={serial}")
        assert page.status_code == 200, name
        for harm in ("<script>alert", "</textarea><!--", "\x00", "\x1b", "\x07", "<b>\ufffd", "image/<i>", "<u>plain"):
            assert harm not in page.text, (name, harm)
    assert "{{ 7 * 7 }}" in page.text
    assert "before␀after" in page.text
    assert html.escape(HOSTILE["right to left"], quote=False) in page.text


def test_who_may_not_read_texts_may_not_search(
    app: Flask, archive: Archive, organisation: OrganisationRow, dana: Browser
) -> None:
    serial = take_in(archive, organisation, [text(1, "refund")])[0]
    for role in (Role.ADMINISTRATOR, Role.INGEST):
        browser = signed_in_browser(app, archive, organisation.id, f"{role}@harbour.example", frozenset({role}))
        assert browser.get("/search").status_code == 403
        assert browser.get(f"/messages/{serial}").status_code == 403
        assert browser.get(f"/messages/{serial}/proof").status_code == 403
    auditor = signed_in_browser(app, archive, organisation.id, "lee@harbour.example", frozenset({Role.AUDITOR}))
    assert serials(auditor.get("/search?q=refund").text) == [serial]


@pytest.mark.parametrize("query", ["serial=0", "serial=x", "serial=99999999999999999999", "sort=sideways"])
def test_a_strange_address_is_a_clear_answer(dana: Browser, query: str) -> None:
    answer = dana.get(f"/search?{query}")
    assert answer.status_code == 400
    assert "Some fields can&#39;t be read" in answer.text


def test_a_serial_that_is_not_there_is_not_found(dana: Browser) -> None:
    assert dana.get("/search?serial=4711").status_code == 404


def test_an_excerpt_holds_the_first_mark_and_says_where_it_was_cut() -> None:
    long = "a" * 300 + " refund " + "b" * 300
    cut, marks = excerpt(long, [(301, 307)])
    assert cut.startswith("…a") and cut.endswith("b…")
    assert [cut[start:end] for start, end in marks] == ["refund"]
    assert excerpt("short refund", [(6, 12)]) == ("short refund", [(6, 12)])
    cut, [mark] = excerpt(f"{'y' * 99} refund", [(100, 106)])
    assert (cut[0], mark) == ("…", (41, 47)), "a mark in the third line would not be seen"
    beginning, _none = excerpt("x" * 500, [])
    assert beginning == "x" * 160 + "…"


def test_the_number_of_a_conversation_is_named(dana: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation, label="<Desk>")
    serial = take_in(archive, organisation, [text(1, "hello")])[0]
    page = dana.get(f"/messages/{serial}").text
    assert "&lt;Desk&gt;" in page
    assert OWN in page or "+1 (212) 555-0123" in page


@pytest.mark.tampers
def test_one_damaged_text_is_named_and_keeps_nobody_from_the_others(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    before, changed, after = take_in(archive, organisation, [text(number, f"refund {number}") for number in range(3)])
    with archive.transactions.across() as session:
        session.execute(update(MessageRow).where(MessageRow.seq == changed).values(flags="harmless"))
    page = dana.get("/search?q=refund").text
    assert serials(page) == [after, before]
    assert "A text does not match the ledger" in page
    assert f"#{changed}: not shown" in page
    opened = dana.get(f"/messages/{before}").text
    assert "refund 2" in opened
    assert f"#{changed}: not shown" in opened
    refused = dana.get(f"/messages/{changed}")
    assert refused.status_code == 500
    assert "is not what the ledger committed to" in refused.text


def test_a_search_is_certified_into_a_file_that_a_stranger_checks(
    dana: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, [text(1, "refund"), text(2, "refund too")])
    assert 'action="/search/statement"' in dana.get("/search?q=refund").text
    answer = dana.post("/search/statement", {"q": "refund"})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert re.fullmatch(r'attachment; filename="search-stm_[0-9a-z]+\.json"', answer.headers["Content-Disposition"])
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        stated = check_statement(answer.text, signer(tx, organisation.origin).public)
    assert (stated.query, stated.count, stated.coverage.complete, stated.by.name) == ("refund", 2, True, "Dana")
    assert dana.post("/search/statement", {"q": "frm:x"}).status_code == 400
    forged = dana.client.post("/search/statement", data={"q": "refund"}, base_url=dana.base_url)
    assert forged.status_code == 400
    assert len(trail(archive, organisation, "search.certified")) == 1


def test_what_a_search_finds_can_be_held_by_who_may(
    dana: Browser, app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, [text(1, "The refund & more")])
    line = 'refund* "more" after:2026-01-01'
    page = dana.get("/search", query_string={"q": line}).text
    link = re.search(r'href="(/holds\?query=[^"]+)#place"', page)
    assert link
    form = dana.get(html.unescape(link[1])).text
    assert f'name="query" type="text" value="{html.escape(line).replace("&quot;", "&#34;")}"' in form
    assert 'id="place"' in form
    assert "#place" not in dana.get("/search").text
    auditor = signed_in_browser(app, archive, organisation.id, "ana@harbour.example", frozenset({Role.AUDITOR}))
    assert "#place" not in auditor.get("/search", query_string={"q": line}).text
