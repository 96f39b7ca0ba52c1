"""Purge batches on their pages: what they take and why they wait, approving, stopping, looking again, certificates."""

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import update

from archive.access.organisations import OrganisationRow
from archive.access.roles import Role
from archive.core.actor import OPERATOR
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, place_hold
from archive.retention.approving import approve_batch, goes_at_once
from archive.retention.batch import Batch, Standing, State
from archive.retention.batches import PurgeBatchRow, add_batch
from archive.retention.beginning import begin
from archive.retention.certificate import check
from archive.retention.changing import set_policy
from archive.retention.model import Scope
from archive.retention.period import Period
from archive.retention.serials import NOTHING
from archive.retention.switch import resume_everywhere, stop_everywhere
from archive.wiring import Archive
from tests.browsing import Browser, signed_in_browser
from tests.holds.ordering import texts
from tests.retention.purging import DAY, batch, go_to, planned, public_key, purge_time, purged, run
from tests.web.test_holds import words

PLACE = f"/retention/batches/{DAY}"

Signed = Callable[[Role], Browser]


@pytest.fixture
def signed(app: Flask, archive: Archive, organisation: OrganisationRow) -> Signed:
    """Somebody of a role, as late as the test is by then: sessions don't last for 400 days."""
    return lambda role: signed_in_browser(
        app, archive, organisation.id, f"{role.value}@harbour.example", frozenset({role})
    )


def waiting(archive: Archive, organisation: OrganisationRow) -> None:
    """A batch of two texts that a change of the policy has stopped, its day being over."""
    texts(archive, organisation, {"text": "first"}, {"text": "second"})
    planned(archive, organisation)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_policy(tx, Scope(number="+12125559999"), Period(years=3))
    go_to(archive, purge_time())
    assert [one.id for one in run(archive, organisation).waiting] == [DAY.isoformat()]


def standing(archive: Archive, organisation: OrganisationRow) -> Standing:
    return batch(archive, organisation).standing(archive.clock())


def test_before_anything_is_due_the_page_says_what_will_be_here(signed: Signed) -> None:
    page = words(signed(Role.COMPLIANCE).get("/retention/batches").text)
    assert "Nothing is planned yet" in page and "planned seven days before" in page


def test_a_plan_is_there_to_be_seen_with_what_is_held(
    signed: Signed, archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {"text": "first"}, {"text": "second"}, {"text": "wire"})
    place_hold(archive, organisation.id, OPERATOR, HoldOrder("A matter", Predicate("wire"), "Counsel"))
    planned(archive, organisation)
    dana = signed(Role.COMPLIANCE)
    listed = words(dana.get("/retention/batches").text)
    assert "28 Dec 2027 Planned 2 0 1 from 29 Dec 2027, 00:05:00 UTC" in listed
    page = dana.get(PLACE).text
    assert "Texts in the plan 2 of 1 of our numbers" in words(page)
    assert "Held, and not in it 1 Search what is held" in words(page)
    assert "+1 (212) 555-0123 2" in words(page)
    assert "by itself; holds are looked at again then" in page
    assert "Approve the destruction" not in page and "Look again" not in page


def test_a_batch_that_waits_says_why_and_asks_for_the_number_that_it_takes(
    signed: Signed, archive: Archive, organisation: OrganisationRow
) -> None:
    waiting(archive, organisation)
    dana = signed(Role.COMPLIANCE)
    assert "1 batch waits for a person" in words(dana.get("/retention/batches").text)
    assert re.search(r'class="count">1<span class="sr-only"> waiting', dana.get("/retention").text)
    page = dana.get(PLACE).text
    assert "The retention policy was changed since the plan was made" in page
    assert "Type 2: so many texts and items it takes" in page
    assert "Policy changed A retention policy was set after the plan was made. stopped" in words(page)
    for typed, status, said in (
        ("3", 409, "takes 2 texts and items, not 3"),
        ("two", 400, "Type the number"),
        ("", 400, "Type"),
    ):
        refused = dana.post(f"{PLACE}/approve", {"count": typed})
        error = re.search(r'id="e-count">([^<]+)<', refused.text)
        assert refused.status_code == status and error and said in error[1]
    assert standing(archive, organisation) is Standing.WAITING
    assert dana.post(f"{PLACE}/approve", {"count": "00,002"}).status_code == 303
    assert standing(archive, organisation) is Standing.APPROVED
    page = words(dana.get(PLACE).text)
    assert "Approved by Compliance" in page and "with the next run, within minutes" in page
    again = dana.post(f"{PLACE}/approve", {"count": "2"})
    assert (again.status_code, "Nothing stops the batch" in again.text) == (409, True)
    assert [one.id for one in run(archive, organisation).certified] == [DAY.isoformat()]


def test_who_may_only_look_approves_and_stops_nothing(
    signed: Signed, archive: Archive, organisation: OrganisationRow
) -> None:
    waiting(archive, organisation)
    auditor = signed(Role.AUDITOR)
    assert "A compliance officer or an administrator approves it" in auditor.get(PLACE).text
    assert "Approve the destruction" not in auditor.get(PLACE).text
    assert "Stop all purging" not in auditor.get("/retention/batches").text
    assert auditor.post(f"{PLACE}/approve", {"count": "2"}).status_code == 403
    assert auditor.post("/retention/stop", {"reason": "No"}).status_code == 403
    assert auditor.post("/retention/resume", {"count": "0"}).status_code == 403
    assert standing(archive, organisation) is Standing.WAITING


def test_purging_is_stopped_and_goes_on_when_somebody_has_typed_what_goes_at_once(
    signed: Signed, archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {"text": "first"}, {"text": "second"})
    planned(archive, organisation)
    go_to(archive, purge_time())
    kit = signed(Role.ADMINISTRATOR)
    refused = kit.post("/retention/stop", {"reason": " "})
    assert (refused.status_code, "Say why purging is stopped" in refused.text) == (400, True)
    assert kit.post("/retention/stop", {"reason": "Looks wrong"}).status_code == 303
    assert run(archive, organisation).stop is not None
    page = words(kit.get("/retention/batches").text)
    assert "Purging is stopped. By Administrator," in page
    assert "Type 2: so many texts and items go at once" in page and "Stop all purging" not in page
    assert "not while purging is stopped" in kit.get(PLACE).text
    again = kit.post("/retention/stop", {"reason": "Again"})
    assert (again.status_code, "Purging is stopped already" in again.text) == (409, True)
    wrong = kit.post("/retention/resume", {"count": "1"})
    assert (wrong.status_code, "2 texts and items go at once, not 1" in wrong.text) == (409, True)
    assert run(archive, organisation).stop is not None
    assert kit.post("/retention/resume", {"count": "2"}).status_code == 303
    assert run(archive, organisation).certified


def test_where_nothing_is_due_no_number_is_asked_for(signed: Signed) -> None:
    kit = signed(Role.ADMINISTRATOR)
    refused = kit.post("/retention/resume", {"count": "0"})
    assert (refused.status_code, "Purging is not stopped for this organisation" in refused.text) == (409, True)
    kit.post("/retention/stop", {"reason": "Looks wrong"})
    assert "Nothing is due at this moment" in kit.get("/retention/batches").text
    assert kit.post("/retention/resume", {"count": "0"}).status_code == 303


def test_what_is_stopped_everywhere_only_the_operator_lets_go_on(signed: Signed, archive: Archive) -> None:
    kit = signed(Role.ADMINISTRATOR)
    stop_everywhere(archive.transactions, OPERATOR, "Looks wrong")
    try:
        page = kit.get("/retention/batches").text
        assert "Purging is stopped everywhere. By the operator" in words(page)
        assert "Let it go on" not in page
    finally:
        resume_everywhere(archive.transactions, OPERATOR)


def test_a_certified_batch_hands_out_its_certificate_and_is_looked_at_again(
    signed: Signed, archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {"text": "first"}, {"text": "second"}, {"text": "wire"})
    place_hold(archive, organisation.id, OPERATOR, HoldOrder("A matter", Predicate("wire"), "Counsel"))
    (done,) = purged(archive, organisation).certified
    auditor = signed(Role.AUDITOR)
    page = words(auditor.get(PLACE).text)
    assert "Texts destroyed 2 of 2 in the plan" in page and "Stayed 1 1 under a hold" in page
    assert "still to come" not in page and "Looked for everywhere, and nothing found" in page
    file = auditor.get(f"{PLACE}/certificate")
    assert file.headers["Content-Disposition"] == f'attachment; filename="purge-{DAY}.json"'
    assert file.text == done.certificate
    assert check(file.text, public_key(archive, organisation)).destroyed.texts == 2
    looked = auditor.post(f"{PLACE}/verify")
    assert (looked.status_code, "Looked at again: all of it is gone." in looked.text) == (200, True)
    assert "Purge looked at again by Auditor: all gone" in words(auditor.get(PLACE).text)


def test_what_is_not_certified_is_not_looked_at_again_and_has_no_certificate(
    signed: Signed, archive: Archive, organisation: OrganisationRow
) -> None:
    waiting(archive, organisation)
    dana = signed(Role.COMPLIANCE)
    assert dana.post(f"{PLACE}/verify").status_code == 303
    assert "is not certified yet" in dana.get(PLACE).text
    assert dana.get(f"{PLACE}/certificate").status_code == 404
    assert dana.get("/retention/batches/2020-01-01").status_code == 404


@pytest.mark.tampers
def test_a_certificate_that_was_changed_is_not_handed_out(
    signed: Signed, archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {"text": "first"})
    (done,) = purged(archive, organisation).certified
    assert done.certificate
    forged = done.certificate.replace(r"\"texts\":1", r"\"texts\":9")
    assert forged != done.certificate
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        tx.session.execute(update(PurgeBatchRow).values(certificate=forged))
    dana = signed(Role.COMPLIANCE)
    assert "was changed" in dana.get(PLACE).text and "Have your operator run" in dana.get(PLACE).text
    assert dana.get(f"{PLACE}/certificate").status_code == 500
    looked = dana.post(f"{PLACE}/verify").text
    assert "not all of it is gone" in looked and "is not good" in looked


@pytest.mark.tampers
def test_older_batches_are_on_further_pages(signed: Signed, archive: Archive, organisation: OrganisationRow) -> None:
    days = [DAY - timedelta(days=back) for back in range(26)]
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for day in days:
            add_batch(tx, Batch(day.isoformat(), day, State.PLANNED, tx.now, 1, 0, 0, 0, 0, 0, {}, NOTHING))
    dana = signed(Role.COMPLIANCE)
    newest = dana.get("/retention/batches").text
    assert f'href="{PLACE}"' in newest and f'href="/retention/batches/{days[-1]}"' not in newest
    older = dana.get(f"/retention/batches?before={days[-2]}").text
    assert f'href="/retention/batches?before={days[-2]}" rel="next"' in newest
    table = older.rpartition('aria-label="Purge batches"')[2]
    assert re.findall(r'<a href="/retention/batches/([\d-]+)">', table) == [str(days[-1])]
    assert 'href="/retention/batches" rel="prev"' in older
    assert dana.get("/retention/batches?before=x").status_code == 400


def test_the_printed_certificate_is_the_one_whose_digest_the_page_shows(
    signed: Signed, archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {"text": "first"})
    purged(archive, organisation)
    auditor = signed(Role.AUDITOR)
    printed = auditor.get(f"{PLACE}/certificate.pdf")
    assert (printed.mimetype, printed.data[:5]) == ("application/pdf", b"%PDF-")
    assert printed.headers["Content-Disposition"] == f'attachment; filename="purge-{DAY}.pdf"'
    assert sha256(printed.data).hexdigest() in auditor.get(PLACE).text


def test_only_what_is_due_and_stopped_by_nothing_goes_at_once(archive: Archive, organisation: OrganisationRow) -> None:
    def at_once() -> int:
        with archive.transactions.read(organisation.id, OPERATOR) as tx:
            return goes_at_once(tx)

    texts(archive, organisation, {"text": "first"}, {"text": "second"})
    planned(archive, organisation)
    assert at_once() == 0
    go_to(archive, purge_time() - timedelta(microseconds=1))
    assert at_once() == 0
    go_to(archive, purge_time())
    assert at_once() == 2
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        set_policy(tx, Scope(number="+12125559999"), Period(years=3))
    assert [one.id for one in run(archive, organisation).waiting] == [DAY.isoformat()]
    assert at_once() == 0
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        approve_batch(tx, DAY.isoformat(), 2)
        assert begin(tx, DAY.isoformat(), ())
    assert at_once() == 2
