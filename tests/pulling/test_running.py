"""A run: everything once, whatever happens in between, and the ledger says what came of it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from archive.access.organisations import OrganisationRow
from archive.completeness.expected_store import said_on
from archive.completeness.looking import look
from archive.completeness.model import Cell
from archive.core.actor import OPERATOR
from archive.core.errors import Conflict, NotFound
from archive.doctor import examine as examine_all
from archive.health.actions import examine
from archive.messages.actions import read_messages
from archive.pulling import running
from archive.pulling.model import Ended, asked_for
from archive.pulling.store import due, pull_of
from archive.pulling.turns import TurnLost, take
from archive.tx import Tx
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.pulling.fake_lists import FakeLists
from tests.pulling.listing import (
    ACCOUNT,
    LIST_OF_TWILIO,
    OUR,
    SECRETS,
    THEIR,
    gaps,
    hook,
    list_twilio,
    of_twilio,
    pull,
    readable,
    runs,
)

TODAY = datetime(2026, 11, 23, tzinfo=UTC)
ROWS = [of_twilio(number, outbound=number % 2 == 1) for number in range(5)]


def words(archive: Archive, organisation: OrganisationRow) -> list[str]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return [one.content.text for one in read_messages(tx, range(1, tx.ledger_size + 1))]


def test_everything_comes_once_and_the_ledger_says_so(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists, clock: StandingClock
) -> None:
    ready = readable(archive, organisation, lists)
    list_twilio(lists, ROWS)
    run = pull(ready, organisation)
    assert (run.ended, run.why) == (Ended.DONE, "")
    assert (run.brought.new, run.brought.duplicates, run.brought.reports) == (5, 0, 2)
    assert run.brought.pages == 7 + 3, "seven days before, and this one in three pages"
    assert words(archive, organisation) == [f"text {number}" for number in range(5)]
    entry = runs(archive, organisation)[0]
    assert entry.subject == f"twilio:{ACCOUNT}"
    assert entry.detail == {
        **{"provider": "twilio", "account": ACCOUNT, "ended": "done", "pages": 10, "new": 5, "duplicates": 0},
        **{"failures": 0, "reports": 2, "since": "2026-11-16T00:00:00Z", "until": "2026-11-23T09:00:00Z"},
        "reached": "2026-11-23T09:00:00Z",
    }
    clock.advance(hours=1)
    again = pull(ready, organisation)
    assert (again.since, again.brought.pages) == (TODAY, 3), "six hours back, and so this day alone"
    assert (again.brought.new, again.brought.duplicates, again.brought.reports) == (0, 5, 0)
    clock.advance(days=1)
    assert pull(ready, organisation).since == TODAY - timedelta(days=3), "once a day three days back"


def test_what_a_webhook_reported_on_finds_its_words(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists
) -> None:
    ready = readable(archive, organisation, lists)
    row = ROWS[1]
    form = {"MessageSid": row["sid"], "MessageStatus": "delivered", "To": row["to"], "From": row["from"]}
    hook(archive, organisation, "twilio", form)
    assert gaps(archive, organisation) == 1
    list_twilio(lists, ROWS)
    assert pull(ready, organisation).brought.reports == 1, "one is known already"
    assert gaps(archive, organisation) == 0


@pytest.mark.parametrize(
    ("fault", "pages", "said"),
    [
        (401, 0, "Twilio doesn't accept the credentials."),
        (403, 0, "Twilio answers 403 to"),
        ("cut", 0, "did not answer"),
        (b"<html>", 0, "is no page of its list"),
        ((302, {"Location": "http://127.0.0.1:9/"}), 0, "Twilio answers 302"),
        ((429, {"Retry-After": "7200"}), 0, "left alone for 7,200 seconds"),
    ],
)
def test_what_goes_wrong_is_said_and_the_next_run_goes_on_there(
    archive: Archive,
    organisation: OrganisationRow,
    lists: FakeLists,
    clock: StandingClock,
    fault: object,
    pages: int,
    said: str,
) -> None:
    ready = readable(archive, organisation, lists)
    list_twilio(lists, ROWS)
    lists.faults = [None] * 9 + [fault] * 6
    run = pull(ready, organisation)
    assert run.ended is Ended.FAILED
    assert said in run.why
    assert run.next_step
    assert SECRETS["twilio"]["secret"] not in run.why + run.next_step
    assert (run.brought.new, run.reached) == (4, TODAY)
    for found in (examine_all(archive), examine(archive, organisation)):
        assert [one.state for one in found if one.part == "lists" and run.why.rstrip(".") in one.what] == ["warning"]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert not due(tx, tx.now + timedelta(minutes=14)), "not at once"
        assert due(tx, tx.now + timedelta(hours=2))
    lists.faults, lists.asked = [], []
    clock.advance(minutes=15)
    assert pull(ready, organisation).brought.new == 1
    assert len(lists.asked) == 1, "the page that was to come next"
    assert words(archive, organisation) == [f"text {number}" for number in range(5)]


def test_a_run_that_is_broken_off_between_two_pages_loses_nothing_and_brings_nothing_twice(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists
) -> None:
    ready = readable(archive, organisation, lists)
    list_twilio(lists, ROWS)

    def stop(_since: datetime, reached: datetime, _until: datetime, brought: object) -> None:
        if reached == TODAY:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(ready, organisation, progress=stop)
    assert [entry.detail["ended"] for entry in runs(archive, organisation)] == ["failed"]
    assert len(words(archive, organisation)) == 2
    run = pull(ready, organisation)
    assert (run.brought.new, run.brought.duplicates) == (3, 0)


def test_one_at_a_time_reads_a_list_and_who_hung_keeps_nothing(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists, clock: StandingClock
) -> None:
    ready = readable(archive, organisation, lists)
    list_twilio(lists, ROWS)

    def taken_over(*_: object) -> None:
        with pytest.raises(Conflict, match="is being read already"):
            pull(ready, organisation)
        clock.advance(minutes=21)
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            take(tx, "twilio", ACCOUNT)

    with pytest.raises(TurnLost):
        pull(ready, organisation, progress=taken_over)


def test_a_pause_goes_on_at_once_and_a_page_that_is_not_kept_begins_its_day_anew(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists
) -> None:
    ready = readable(archive, organisation, lists)
    list_twilio(lists, ROWS)
    run = pull(ready, organisation, enough=lambda brought: brought.pages == 8)
    assert (run.ended, run.brought.new) == (Ended.PAUSED, 2)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert due(tx, tx.now) == [("twilio", ACCOUNT)]
    lists.faults = [404]
    run = pull(ready, organisation)
    assert (run.ended, run.brought.new, run.brought.duplicates) == (Ended.DONE, 3, 2)


def test_a_list_that_goes_in_a_circle_leads_elsewhere_or_never_ends_is_left(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = readable(archive, organisation, lists)
    lists.answers[LIST_OF_TWILIO] = lambda query: (
        200,
        {"messages": [], "next_page_uri": f"{LIST_OF_TWILIO}?Page={int(query.get('Page', 0)) + 1}"},
    )
    monkeypatch.setattr(running, "MOST_PAGES", 5)
    run = pull(ready, organisation)
    assert "doesn't end" in run.why
    assert len(lists.asked) == 5
    lists.answers[LIST_OF_TWILIO] = lambda _: (200, {"messages": [], "next_page_uri": "https://evil.example/"})
    assert "leads elsewhere" in pull(ready, organisation).why
    where = f"{LIST_OF_TWILIO}?DateSent=2026-11-16&PageSize=1000"
    lists.answers[LIST_OF_TWILIO] = lambda _: (200, {"messages": [], "next_page_uri": where})
    assert "no page of its list" in pull(ready, organisation).why


def test_dates_that_are_asked_for_take_the_place_of_what_is_due_and_leave_no_hole(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists
) -> None:
    ready = readable(archive, organisation, lists)
    list_twilio(lists, ROWS, day="2026-09-01")
    keeps = timedelta(days=400)
    run = pull(ready, organisation, wanted=asked_for(date(2026, 9, 1), date(2026, 9, 2), archive.clock(), keeps))
    assert (run.brought.new, run.ended) == (5, Ended.DONE)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert _through(tx) is None
    pull(ready, organisation)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert _through(tx) == archive.clock()


def _through(tx: Tx) -> datetime | None:
    row = pull_of(tx, "twilio", ACCOUNT)
    return row.through_at if row else None


def test_without_credentials_nobody_is_asked(archive: Archive, organisation: OrganisationRow, lists: FakeLists) -> None:
    with pytest.raises(NotFound):
        pull(archive, organisation)
    assert lists.asked == []


def test_days_that_were_listed_to_their_end_are_counted_where_their_texts_are(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists, clock: StandingClock
) -> None:
    """One of them came in by a webhook that names no time, after midnight: it is here under the next day."""
    ready = readable(archive, organisation, lists)
    yesterday = [of_twilio(number, outbound=number % 2 == 1, day="22 Nov 2026") for number in range(5)]
    odd = [of_twilio(7, to="ALERTS", day="22 Nov 2026"), of_twilio(8, status="scheduled")]
    form = {"MessageSid": yesterday[0]["sid"], "From": THEIR, "To": OUR, "Body": yesterday[0]["body"]}
    hook(archive, organisation, "twilio", form)
    list_twilio(lists, [*yesterday, *odd], day="2026-11-22")
    pull(ready, organisation, enough=lambda brought: brought.pages == 8)
    lists.faults = [404]
    pull(ready, organisation, enough=lambda brought: brought.pages == 4)
    assert told(archive, organisation) == {}, "of the day after it nothing is read"
    pull(ready, organisation)
    day = date(2026, 11, 22)
    expected = {Cell(day, "twilio", ACCOUNT, OUR, "inbound"): 2, Cell(day, "twilio", ACCOUNT, OUR, "outbound"): 2}
    assert told(archive, organisation) == expected
    list_twilio(lists, ROWS, day="2026-11-23")
    clock.advance(hours=1)
    pull(ready, organisation)
    assert told(archive, organisation) == expected, "this day is not over"


def test_a_text_that_does_not_come_is_a_gap_and_one_at_midnight_is_none(
    archive: Archive, organisation: OrganisationRow, lists: FakeLists, clock: StandingClock
) -> None:
    """Bandwidth's list has no words, so what it has and the archive has not is missing."""
    ready = readable(archive, organisation, lists, "bandwidth")
    row = {"sourceTn": THEIR, "destinationTn": OUR, "messageDirection": "INBOUND", "messageType": "sms"}
    there = {"2026-11-22T23": [{**row, "messageId": "late"}, {**row, "messageId": "dropped"}]}
    lists.answers["/users/900000/messages"] = lambda query: (
        200,
        {"messages": there.get(query["fromDateTime"][:13], [])},
    )
    message = {"id": "late", "owner": OUR, "direction": "in", "to": [OUR], "from": THEIR, "text": "Hi"}
    event = {"type": "message-received", "to": OUR, "message": {**message, "time": "2026-11-23T00:00:01Z"}}
    hook(archive, organisation, "bandwidth", [event])
    pull(ready, organisation, "bandwidth", asked_for(date(2026, 11, 21), None, clock(), timedelta(days=14)))
    assert list(told(archive, organisation).values()) == [1]
    assert look(archive.transactions, archive.index, organisation.id).opened == 1


def told(archive: Archive, organisation: OrganisationRow) -> dict[Cell, int]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return said_on(tx, {date(2026, 11, day) for day in range(1, 31)})
