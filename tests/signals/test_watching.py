"""What is said of texts and contradicts what we hold opens one alert a cause and day; a refusal may be an opt-out."""

from datetime import timedelta
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.alerts.actions import close_about, close_alert, list_alerts
from archive.alerts.model import Alert, Cause
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.numbers.model import NumberState
from archive.optouts.managing import decide
from archive.optouts.reading import list_opt_outs, list_suspicions
from archive.optouts.wording import Said
from archive.providers.codes import CATEGORIES
from archive.signals.rules import are_too_many, cause_of
from archive.signals.store import any_unwatched, move_position
from archive.signals.watching import watch
from archive.wiring import Archive
from tests.deliveries.saying import note_all, said, send
from tests.items import OWN_NUMBER, STRANGER, ledger_size, own_number, take_in
from tests.optouts.saying import said as replied
from tests.retention.purging import verified
from tests.taking_in import trail


def blocked(provider_id: str, category: str, **more: Any) -> Any:
    return said(provider_id, "blocked", category=category, **more)


def alerts(archive: Archive, organisation: OrganisationRow, *, closed: bool = False) -> list[Alert]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return list_alerts(tx, closed=closed)


def test_which_reports_contradict_what_we_hold() -> None:
    registered, number = NumberState.REGISTERED, f"number:{OWN_NUMBER}"
    cases = {
        ("unregistered", registered, "cmp_1"): Cause("number-unregistered", number),
        ("unregistered", NumberState.AUTHORISED, None): None,
        ("unregistered", None, None): None,
        ("campaign_suspended", registered, "cmp_1"): Cause("campaign-stopped", "campaign:cmp_1"),
        ("campaign_inactive", registered, None): Cause("campaign-stopped", number),
        ("campaign_inactive", NumberState.SUSPENDED, "cmp_1"): None,
        ("filtered_spam", registered, "cmp_1"): None,
    }
    assert {case: cause_of(case[0], OWN_NUMBER, *case[1:]) for case in cases} == cases
    every = {category for codes in CATEGORIES.values() for category in codes.values()}
    assert {one for one in every if cause_of(one, OWN_NUMBER, registered, None)} == {
        *("unregistered", "campaign_suspended", "campaign_inactive")
    }
    assert [are_too_many(9, 9), are_too_many(10, 200), are_too_many(10, 201), are_too_many(50, 1_000)] == [
        *(False, True, False, True)
    ]


def test_a_cause_rings_once_a_day_however_often_it_happens(archive, organisation, clock) -> None:
    own_number(archive, organisation.id, state=NumberState.REGISTERED)
    serials = [send(archive, organisation.id, f"SM{at}") for at in range(13)]
    note_all(archive, organisation.id, *(blocked(f"SM{at}", "unregistered") for at in range(2)))
    with archive.transactions.glance() as session:
        assert any_unwatched(session)
    assert watch(archive.transactions, organisation.id) == 1
    before = ledger_size(archive, organisation.id)
    assert watch(archive.transactions, organisation.id) == 0
    assert ledger_size(archive, organisation.id) == before
    note_all(archive, organisation.id, *(blocked(f"SM{at}", "unregistered") for at in range(12)), said("SM12"))
    assert watch(archive.transactions, organisation.id) == 0
    (alert,) = alerts(archive, organisation)
    assert (alert.cause, alert.count) == (Cause("number-unregistered", f"number:{OWN_NUMBER}"), 12)
    assert alert.serials == tuple(serials[:10])
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        move_position(tx, 0)
    assert watch(archive.transactions, organisation.id) == 0
    assert alerts(archive, organisation) == [alert], "from the start again, as after a loss, nothing counts twice"
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        with pytest.raises(BadInput):
            close_alert(tx, alert.id, "  ")
        with pytest.raises(NotFound):
            close_alert(tx, "alr_nobody", "why")
        close_alert(tx, alert.id, "Dana at the provider has put it on")
    note_all(archive, organisation.id, blocked("SM12", "unregistered"))
    assert watch(archive.transactions, organisation.id) == 0
    (closed,) = alerts(archive, organisation, closed=True)
    assert (closed.count, closed.closed_because) == (13, "Dana at the provider has put it on")
    clock.advance(days=1)
    note_all(archive, organisation.id, blocked("SM12", "unregistered", code="30034"))
    assert watch(archive.transactions, organisation.id) == 1, "another day rings again"
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        with pytest.raises(Conflict):
            close_alert(tx, alert.id, "again")
        close_about(tx, alert.cause, "It is on now, says the provider")
    assert alerts(archive, organisation) == []
    (entry, *_) = trail(archive, organisation, "alert.closed")
    assert "Dana" not in str(entry.detail)
    assert verified(archive, organisation).good
    with archive.transactions.glance() as session:
        assert not any_unwatched(session)


def test_a_text_that_comes_after_its_report_and_one_from_last_week(archive, organisation, clock) -> None:
    own_number(archive, organisation.id, state=NumberState.REGISTERED)
    note_all(archive, organisation.id, blocked("SM1", "campaign_suspended"), blocked("SM2", "campaign_suspended"))
    assert watch(archive.transactions, organisation.id) == 0
    serial = send(archive, organisation.id)
    assert watch(archive.transactions, organisation.id) == 1
    (alert,) = alerts(archive, organisation)
    assert (alert.cause.kind, alert.serials) == ("campaign-stopped", (serial,))
    assert alert.cause.about.startswith("campaign:cmp_")
    clock.advance(days=8)
    send(archive, organisation.id, "SM2")
    assert watch(archive.transactions, organisation.id) == 0, "nobody can do anything about it any more"


def test_what_is_filtered_rings_when_it_is_a_pattern(archive, organisation, clock) -> None:
    for at in range(24):
        send(archive, organisation.id, f"SM{at}", sent_at=(clock.now - timedelta(minutes=at)).isoformat())
    note_all(archive, organisation.id, *(said(f"SM{at}") for at in range(12, 24)))
    note_all(archive, organisation.id, *(blocked(f"SM{at}", "filtered_spam") for at in range(9)))
    assert watch(archive.transactions, organisation.id) == 0
    note_all(archive, organisation.id, blocked("SM9", "filtered_content_url"))
    assert watch(archive.transactions, organisation.id) == 1
    note_all(archive, organisation.id, blocked("SM10", "filtered_spam"), blocked("SM11", "unregistered"))
    assert watch(archive.transactions, organisation.id) == 0
    (alert,) = alerts(archive, organisation)
    assert (alert.cause.kind, alert.count, len(alert.serials)) == ("texts-filtered", 11, 10)


def test_a_refusal_for_an_opt_out_that_we_know_nothing_of_waits_for_a_person(archive, organisation, clock) -> None:
    first, second = (send(archive, organisation.id, name) for name in ("SM1", "SM2"))
    note_all(archive, organisation.id, blocked("SM1", "opted_out"), blocked("SM2", "opted_out"))
    assert watch(archive.transactions, organisation.id) == 1
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        (waiting,) = list_suspicions(tx)
        assert (waiting.serial, waiting.party, waiting.own_number) == (first, STRANGER, OWN_NUMBER)
        assert (waiting.means, waiting.how) == (Said.OPT_OUT, "provider")
        decide(tx, first, confirmed=False)
    note_all(archive, organisation.id, blocked("SM2", "opted_out", code="21610"))
    assert watch(archive.transactions, organisation.id) == 0, "it was decided today"
    clock.advance(days=1)
    note_all(archive, organisation.id, blocked("SM2", "opted_out", code="1"))
    assert watch(archive.transactions, organisation.id) == 1
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        decide(tx, second, confirmed=True)
        assert [one.party for one in list_opt_outs(tx)] == [STRANGER]
    take_in(archive, organisation.id, replied(9, "START"), replied(10, "STOP"))
    clock.advance(days=1)
    send(archive, organisation.id, "SM3")
    note_all(archive, organisation.id, blocked("SM3", "opted_out"))
    assert watch(archive.transactions, organisation.id) == 0, "that they opted out is known"
