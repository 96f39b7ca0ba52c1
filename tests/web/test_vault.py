"""The page on the vault: who sees it, what it says, and what to do next."""

from dataclasses import replace

import pytest
from flask import Flask

from archive.access.organisations import OrganisationRow, create_organisation
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.safekeeping import keep_up
from archive.scrubbing import Scrubbed
from archive.segments import store
from archive.settings import Bucket
from archive.wiring import Archive
from archive.wsgi import create_app
from tests.browsing import Browser, signed_in_browser
from tests.segments.storing import take_in
from tests.web.test_holds import words


@pytest.fixture
def ada(app: Flask, archive: Archive, organisation: OrganisationRow) -> Browser:
    return signed_in_browser(app, archive, organisation.id, "ada@harbour.example", frozenset({Role.ADMINISTRATOR}))


def test_before_anything_was_put_the_page_says_what_puts_it(ada: Browser) -> None:
    page = words(ada.get("/vault").text)
    assert "Nothing was put into it yet. The job segments does that." in page
    assert "Not tried yet The job segments tries the lock" in page


def test_it_says_what_is_in_it_and_what_guards_it(
    ada: Browser, archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, 3)
    keep_up(archive.transactions, archive.vault, archive.keys_backup, organisation)
    page = words(ada.get("/vault").text)
    assert "The vault is in order." in page
    assert "Texts in it 3" in page and "Behind 0 entries: everything is in it" in page
    assert "Not immutable A folder: whoever owns the machine can delete it." in page
    assert archive.vault.place in page and "each copy replaces the last" in page
    assert "Identities" not in page
    assert "Not yet: each night a sample" in page
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.record(Scrubbed(entries=3, objects=2, faults=0, what=()))
    assert "Nothing was wrong in the sample of 2026-11-23." in words(ada.get("/vault").text)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.record(Scrubbed(entries=3, objects=2, faults=1, what=("an object differs",)))
    page = words(ada.get("/vault").text)
    assert "Faults in the sample of 2026-11-23: 1; the first: an object differs" in page
    assert "The vault is in order" not in page
    assert archive.vault.place in page
    create_organisation(archive.transactions, "Another", OPERATOR, "http://x.example")
    assert archive.vault.place not in ada.get("/vault").text


def test_what_went_wrong_is_said_with_what_to_do(ada: Browser, archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.across() as session:
        store.note(session, organisation.id, error="No space left on device", error_at=archive.clock())
    page = words(ada.get("/vault").text)
    assert "The last run failed: No space left on device" in page.replace("the last run", "The last run")
    assert "See that the disk has room" in page and "Failing" in page
    with archive.transactions.across() as session:
        store.note(session, organisation.id, ran_at=archive.clock())
    page = words(ada.get("/vault").text)
    assert "Last error" in page and "It goes on since." in page and "The vault is in order." in page


def test_of_a_bucket_the_identities_are_shown(archive: Archive, organisation: OrganisationRow) -> None:
    settings = replace(archive.settings, vault=Bucket("vault", ""), vault_purge_profile="purger")
    app = create_app(replace(archive, settings=settings))
    auditor = signed_in_browser(app, archive, organisation.id, "ana@harbour.example", frozenset({Role.AUDITOR}))
    page = words(auditor.get("/vault").text)
    assert "Purging purger deletes versions whose lock is over" in page
    assert "Writing what the machine provides" in page and "governance mode" in page


def test_who_looks_after_compliance_alone_does_not_see_it(
    app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example", frozenset({Role.COMPLIANCE}))
    assert dana.get("/vault").status_code == 403
    assert 'href="/vault"' not in dana.get("/retention").text
