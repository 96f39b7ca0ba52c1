"""The text that is meant is found among others, and little is opened for it."""

import pytest
from sqlalchemy import event

from archive.access.organisations import OrganisationRow, create_organisation
from archive.core.actor import OPERATOR
from archive.spam.finding import MOST_OPENED, Reader, compare_new, find_texts, keep
from archive.spam.model import Claim, NewReport, Said, Source
from archive.spam.reasons import reason
from archive.spam.texts import entries_before
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.spam.reporting import OUT, WORDS, compared, read, sent, taken, told
from tests.taking_in import OTHER, OWN, own_number, take_in, text, trail

SOMEBODY = "+14155550177"


@pytest.fixture(autouse=True)
def number(archive: Archive, organisation: OrganisationRow) -> str:
    return own_number(archive, organisation)


def test_the_planted_text_is_found_and_the_reason_said(archive: Archive, organisation: OrganisationRow) -> None:
    serials = sent(archive, organisation, (0, "Good morning"), (4, WORDS), (9, "Are you there?"))
    report = compared(archive, organisation, told(words=WORDS.upper(), minute=0))
    assert (report.row.serial, report.row.score) == (serials[1], 100)
    assert reason(report.matches[0]) == "same parties, 3 minutes apart, 100 % of the words"
    (entry,) = trail(archive, organisation, "spam.matched")
    assert entry.detail["texts"][0] == [serials[1], 100]


def test_without_the_reporter_it_is_found_by_time_and_words(archive: Archive, organisation: OrganisationRow) -> None:
    sent(archive, organisation, *[(at, f"Reminder {at}") for at in range(20)], to=[SOMEBODY])
    (serial,) = sent(archive, organisation, (30, WORDS))
    report = compared(archive, organisation, told(reporter="", minute=33))
    assert report.row.serial == serial
    assert reason(report.matches[0]) == "3 minutes apart, 100 % of the words"


def test_words_that_went_to_somebody_else_are_shown_and_not_taken_for_it(
    archive: Archive, organisation: OrganisationRow
) -> None:
    (serial,) = sent(archive, organisation, (0, WORDS), to=[SOMEBODY])
    report = compared(archive, organisation, told())
    assert report.row.serial is None
    assert [(one.serial, one.same_party) for one in report.matches] == [(serial, False)]


@pytest.mark.parametrize(
    "more",
    [{"direction": "inbound", "from": OTHER, "to": [OWN]}, {"from": "+12125550124"}],
    ids=["what came in", "another number of ours"],
)
def test_what_the_number_did_not_send_is_not_meant(
    archive: Archive, organisation: OrganisationRow, more: dict[str, object]
) -> None:
    sent(archive, organisation, (0, WORDS), **more)
    assert list(compared(archive, organisation, told()).matches) == []


def test_nothing_of_another_organisation_is_found(archive: Archive, organisation: OrganisationRow) -> None:
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    own_number(archive, other)
    sent(archive, other, (0, WORDS))
    assert list(compared(archive, organisation, told()).matches) == []


def test_a_report_about_a_campaign_is_compared_with_its_texts(archive: Archive, organisation: OrganisationRow) -> None:
    (serial,) = sent(archive, organisation, (0, WORDS), campaign="CABC")
    sent(archive, organisation, (1, WORDS), campaign="CXYZ")
    report = NewReport(Source.CARRIER, "", Said(words=WORDS), told().claim, "CABC")
    assert [one.serial for one in compared(archive, organisation, report).matches] == [serial]


def test_a_text_that_comes_later_is_found_by_looking_again(archive: Archive, organisation: OrganisationRow) -> None:
    report_id = compared(archive, organisation, told()).row.id
    assert compare_new(archive.transactions, organisation.id) == 0
    (serial,) = sent(archive, organisation, (0, WORDS))
    for _ in range(2):  # The second time nothing is news.
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            keep(tx, find_texts(tx, read(archive, organisation, report_id).row))
    assert read(archive, organisation, report_id).row.serial == serial
    assert [len(entry.detail["texts"]) for entry in trail(archive, organisation, "spam.matched")] == [1, 0]


def test_a_group_text_is_found_by_any_of_its_recipients(archive: Archive, organisation: OrganisationRow) -> None:
    (serial,) = sent(archive, organisation, (0, WORDS), to=[SOMEBODY, OTHER])
    assert compared(archive, organisation, told()).row.serial == serial


def test_the_ledger_s_numbers_lead_to_the_time(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    start = clock.now
    for at in range(7):
        clock.advance(hours=1)
        take_in(archive, organisation, [text(at, "Hourly", **OUT)])
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        size = tx.ledger_size
        counts = [entries_before(tx, start.replace(hour=9 + hour, minute=30)) for hour in range(8)]
        assert entries_before(tx, start.replace(year=2020)) == 0
    assert counts == sorted(counts)
    assert counts[-1] == size
    assert len(set(counts)) == 8


def test_many_reports_are_compared_in_batches(archive: Archive, organisation: OrganisationRow) -> None:
    serials = sent(archive, organisation, *[(at, f"{WORDS} {at}") for at in range(60)])
    ids = [taken(archive, organisation, told(words=f"{WORDS} {at}", minute=at)) for at in range(60)]
    assert compare_new(archive.transactions, organisation.id) == 60
    assert [read(archive, organisation, one).row.serial for one in ids] == serials


def test_a_whole_day_is_as_near_as_any_minute_of_it(archive: Archive, organisation: OrganisationRow) -> None:
    claim = told().claim
    assert claim
    day = Claim(claim.since.replace(hour=5), claim.since.replace(day=21, hour=5))
    (serial,) = sent(archive, organisation, (0, WORDS))
    report = compared(archive, organisation, NewReport(Source.API, OWN, Said(words=WORDS), day))
    assert (report.row.serial, reason(report.matches[0])) == (serial, "at the time that was named, 100 % of the words")


def test_a_large_archive_costs_a_report_no_more_statements(archive: Archive, organisation: OrganisationRow) -> None:
    """What is asked grows with the logarithm of the ledger, and what is opened has a bound."""
    counts, opened = [], []
    report_id = taken(archive, organisation, told(reporter="", minute=300))
    for size in (50, 700):
        sent(archive, organisation, *[(at, f"{WORDS} {at}") for at in range(size)], to=[SOMEBODY])
        statements: list[str] = []

        def listen(_c: object, _k: object, statement: str, *_more: object, seen: list[str] = statements) -> None:
            seen.append(statement)

        row = read(archive, organisation, report_id).row
        with archive.transactions.read(organisation.id, OPERATOR) as tx:
            reader = Reader(tx)
            event.listen(archive.engine, "before_cursor_execute", listen)
            find_texts(tx, row, reader)
            event.remove(archive.engine, "before_cursor_execute", listen)
        counts.append(len(statements))
        opened.append(len(reader.opened))
    assert counts[1] <= counts[0] + 12
    assert opened[1] <= MOST_OPENED
