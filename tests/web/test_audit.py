import html
import re

import pytest
from flask import Flask
from sqlalchemy import update

from archive.access.organisations import OrganisationRow, create_organisation
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.ledger.entry import Event
from archive.ledger.rows import LedgerEntryRow
from archive.ledger.trail import Wanted, entries_about, read_trail
from archive.web.kinds import kind_labels
from archive.wiring import Archive
from tests.browsing import Browser, settled_person, signed_in_browser
from tests.taking_in import own_number, take_in, text, trail

ADMINISTRATOR, AUDITOR = frozenset({Role.ADMINISTRATOR}), frozenset({Role.AUDITOR})


@pytest.fixture
def kit(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    _, password = settled_person(archive, organisation.id, "kit@harbour.example", ADMINISTRATOR)
    browser = Browser(app)
    browser.sign_in("kit@harbour.example", password)
    return browser


@pytest.fixture
def lee(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "lee@harbour.example", AUDITOR)


def shown(page: str) -> list[int]:
    return [int(seq) for seq in re.findall(r'<th scope="row" class="nowrap">(\d+)</th>', page)]


def test_the_trail_is_shown_newest_first_and_looking_adds_to_it(
    lee: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    own_number(archive, organisation)
    serial = take_in(archive, organisation, [text(1, "refund")])[0]
    lee.get(f"/messages/{serial}")
    page = lee.get("/audit").text
    seqs = shown(page)
    assert seqs == list(range(seqs[0], 0, -1))
    for words in ("Organisation created", "Number added", "+1 (212) 555-0123", "Text archived", "Text opened", "Lee"):
        assert words in page
    assert f'href="/messages/{serial}"' in page
    viewed = trail(archive, organisation, "trail.viewed")
    assert [entry.detail for entry in viewed] == [{"details": True}]
    assert seqs[0] == viewed[0].seq


def test_private_details_are_for_those_who_may_see_them(
    app: Flask, lee: Browser, kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    dana.get("/search?q=divorce+%3Cb%3E")
    assert "query: divorce &lt;b&gt;" in lee.get("/audit?kind=search.run").text
    page = kit.get("/audit?kind=search.run").text
    assert "Search made" in page
    assert "divorce" not in page
    assert "not for your role" in page
    assert 'href="/messages/' not in page
    assert dana.get("/audit").status_code == 403


def test_the_trail_is_filtered_by_kind_and_by_actor(
    lee: Browser, kit: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    stored = take_in(archive, organisation, [text(number, "x") for number in range(3)])
    quarantined = take_in(archive, organisation, [b"{nope"])
    assert shown(lee.get("/audit?kind=message.stored").text) == stored[::-1]
    assert shown(lee.get("/audit?kind=quarantine.kept").text) == quarantined
    assert shown(lee.get("/audit?kind=message.stored&actor=operator:cli").text) == stored[::-1]
    page = lee.get("/audit").text
    kits = re.search(r'value="(person:\w+)">Kit<', page)
    assert kits
    kit.get("/numbers")
    rows = lee.get(f"/audit?actor={kits[1]}").text
    assert re.findall(r'mono">([\w.-]+)</p>', rows) == ["person.signed-in"]
    assert "selected>Kit<" in rows
    assert "No entry matches" in lee.get("/audit?actor=key:apk_none").text


def test_the_trail_is_paged_both_ways(lee: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, [text(number, "x") for number in range(130)])
    address, seen = "/audit?kind=message.stored", []
    pages = []
    while address:
        page = lee.get(address).text
        pages.append(shown(page))
        seen += pages[-1]
        older = re.search(r'href="([^"]+)" rel="next"', page)
        address = html.unescape(older[1]) if older else ""
    assert len(seen) == 130
    assert seen == sorted(seen, reverse=True)
    newer = re.search(r'href="([^"]+)" rel="prev"', page)
    assert newer
    assert shown(lee.get(html.unescape(newer[1])).text) == pages[1]


@pytest.mark.parametrize(
    "query", ["kind=%00", "actor=%00", "actor=person", "before=0", "before=x", "before=9" + "9" * 30]
)
def test_a_strange_address_is_a_clear_answer(lee: Browser, query: str) -> None:
    assert lee.get(f"/audit?{query}").status_code == 400


def test_nothing_of_another_organisation_is_in_the_trail(
    lee: Browser, app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    eve = signed_in_browser(app, archive, other.id, "eve@other.example")
    eve.get("/search?q=anaesthesia")
    assert "anaesthesia" not in lee.get("/audit").text
    assert ">Eve<" not in lee.get("/audit").text
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert all(entry.kind != "search.run" for entry in read_trail(tx, Wanted(), 100, details=True))


@pytest.mark.tampers
def test_a_changed_detail_is_pointed_at(lee: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    lee.get("/search?q=refund")
    with archive.transactions.across() as session:
        session.execute(update(LedgerEntryRow).where(LedgerEntryRow.kind == "search.run").values(actor="person:nobody"))
    assert "does not match the ledger" in lee.get("/audit?kind=search.run").text


def test_every_kind_that_the_archive_writes_has_words() -> None:
    written = {
        kind for event in _below(Event) if (kind := vars(event).get("kind")) and event.__module__.startswith("archive")
    }
    assert written - kind_labels().keys() == set()


def test_entries_about_something_are_found_by_it(archive: Archive, organisation: OrganisationRow) -> None:
    number_id = own_number(archive, organisation)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [entry.kind for entry in entries_about(tx, number_id)] == ["number.added"]
        assert entries_about(tx, "number:none") == []


def _below(event: type[Event]) -> set[type[Event]]:
    return {event, *(lower for child in event.__subclasses__() for lower in _below(child))}
