"""From the public page's inbox to the organisation that it is about."""

from datetime import timedelta

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.access.throttle import REPORT_LIMIT, ReportedTooOften
from archive.core.actor import OPERATOR
from archive.core.errors import Damaged
from archive.numbers.actions import set_state
from archive.numbers.model import NumberState
from archive.numbers.store import Owner, number_by_e164
from archive.spam import inbox
from archive.spam.inbox import Filed, Inbox, SpamInboxRow
from archive.spam.reading import list_reports, open_said
from archive.spam.sorting import _take, owner_of, sort_inbox
from archive.spam.store import Wanted
from archive.wiring import Archive
from jobs.spam_reports import has_work, run
from tests.conftest import StandingClock
from tests.spam.reporting import NOW, WORDS
from tests.taking_in import OTHER, OWN, own_number, trail

HOME = "203.0.113.7"


@pytest.fixture
def box(archive: Archive) -> Inbox:
    return Inbox(archive.transactions, archive.keyring)


def put(box: Inbox, number: str = OWN, words: str = WORDS, address: str = HOME) -> None:
    box.put(Filed(number, OTHER, "kit@example.com", words), address)


def waiting(archive: Archive) -> int:
    with archive.transactions.glance() as session:
        return inbox.count_waiting(session, 1_000)


def dropped(archive: Archive) -> list[tuple[str, int]]:
    with archive.transactions.glance() as session:
        return [(row.why, row.count) for row in inbox.dropped(session)]


def test_a_report_reaches_the_organisation_whose_number_it_is_about(
    archive: Archive, organisation: OrganisationRow, box: Inbox, clock: StandingClock
) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    own_number(archive, organisation)
    put(box)
    clock.advance(minutes=5)
    assert has_work(archive)
    assert run(archive) == {"reports_taken": 1, "complaints_followed": 0, "reports_compared": 1}
    assert not has_work(archive)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (row,) = list_reports(tx, Wanted(), 10)
        said = open_said(tx, row)
    assert (row.source, row.own_number, row.received_at) == ("public", OWN, NOW)
    assert (said.reporter, said.email, said.words) == (OTHER, "kit@example.com", WORDS)
    with archive.transactions.read(other.id, OPERATOR) as tx:
        assert list_reports(tx, Wanted(), 10) == []


def test_what_is_about_nobody_is_dropped_and_counted(
    archive: Archive, organisation: OrganisationRow, box: Inbox
) -> None:
    for number in ("+12125550199", "+12125550199", "7726"):
        put(box, number)
    assert sort_inbox(archive.transactions, box) == {"reports_dropped": 3}
    assert dropped(archive) == [("unknown-number", 3)]
    assert waiting(archive) == 0
    assert trail(archive, organisation, "spam.reported") == []


def test_what_waits_is_sealed(archive: Archive, box: Inbox) -> None:
    put(box, words="planted words")
    with archive.transactions.glance() as session:
        (row,) = inbox.waiting(session, "", 10)
    for planted in (b"planted", b"4155550188", b"kit@example"):
        assert planted not in bytes(row.sealed)


def test_one_that_cannot_be_opened_stays_and_costs_the_others_nothing(
    archive: Archive, organisation: OrganisationRow, box: Inbox
) -> None:
    own_number(archive, organisation)
    put(box)
    with archive.transactions.across() as session:
        session.add(SpamInboxRow(id="spi_0", came_at=archive.clock(), sealed=b"x" * 40))
    with pytest.raises(Damaged):
        sort_inbox(archive.transactions, box)
    assert waiting(archive) == 1
    assert len(trail(archive, organisation, "spam.reported")) == 1


def test_two_who_sort_at_once_take_each_report_once(
    archive: Archive, organisation: OrganisationRow, box: Inbox
) -> None:
    own_number(archive, organisation)
    put(box)
    with archive.transactions.glance() as session:
        seen = [(row, box.opened(row)) for row in inbox.waiting(session, "", 10)]
    assert [_take(archive.transactions, organisation.id, seen) for _ in range(2)] == [1, 0]
    assert len(trail(archive, organisation, "spam.reported")) == 1


def test_nobody_sends_more_than_the_limit_until_the_time_is_over(
    archive: Archive, box: Inbox, clock: StandingClock
) -> None:
    for _ in range(REPORT_LIMIT):
        put(box)
    for address in (HOME, "::ffff:203.0.113.7"):
        with pytest.raises(ReportedTooOften) as refused:
            put(box, address=address)
        assert refused.value.seconds == 901
    put(box, address="203.0.113.8")
    assert waiting(archive) == REPORT_LIMIT + 1
    clock.advance(minutes=16)
    put(box)


def test_an_ipv6_network_is_one_sender(archive: Archive, box: Inbox) -> None:
    for at in range(REPORT_LIMIT):
        put(box, address=f"2001:db8:1:2::{at:x}")
    with pytest.raises(ReportedTooOften):
        put(box, address="2001:db8:1:2:ffff::1")
    put(box, address="2001:db8:1:3::1")


def test_a_number_that_was_released_belongs_to_the_last_who_had_it(
    archive: Archive, organisation: OrganisationRow, box: Inbox
) -> None:
    own_number(archive, organisation)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        row = number_by_e164(tx, OWN)
        assert row
        set_state(tx, row.id, NumberState.RELEASED)
    put(box)
    assert sort_inbox(archive.transactions, box) == {"reports_taken": 1}


def owner(org_id: int, state: NumberState, days: int) -> Owner:
    return Owner(org_id, state, NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("owners", "whose"),
    [
        ([], None),
        ([owner(1, NumberState.RELEASED, -9)], 1),
        ([owner(2, NumberState.AUTHORISED, -3), owner(1, NumberState.RELEASED, -9)], 2),
        ([owner(2, NumberState.RELEASED, 5), owner(1, NumberState.RELEASED, 1)], 1),
        ([owner(2, NumberState.RELEASED, -5), owner(1, NumberState.RELEASED, -9)], 2),
        ([owner(2, NumberState.SUSPENDED, 1), owner(1, NumberState.UNAUTHORISED, -1)], 2),
    ],
)
def test_of_several_organisations_one_has_the_number(owners: list[Owner], whose: int | None) -> None:
    assert owner_of(owners, NOW) == whose
