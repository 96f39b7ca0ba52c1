import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Damaged, NotFound
from archive.spam.model import FeeTier, NewReport, Said, Source
from archive.spam.reading import list_reports, party_key_of
from archive.spam.store import Wanted, report_by_id
from archive.wiring import Archive
from tests.spam.reporting import NOW, SENT, WORDS, read, take, taken, told
from tests.taking_in import OTHER, OWN, own_number, trail


@pytest.fixture(autouse=True)
def number(archive: Archive, organisation: OrganisationRow) -> str:
    return own_number(archive, organisation)


def test_a_report_is_read_back_as_it_was_given(archive: Archive, organisation: OrganisationRow) -> None:
    said = Said("415 555 0188", "kit@example.com", " Your\r\nparcel ", "C-118", "T-Mobile")
    report = NewReport(Source.CARRIER, "(212) 555-0123", said, told().claim, "CABC", FeeTier.TIER_3)
    found = read(archive, organisation, taken(archive, organisation, report))
    assert found.said == Said(OTHER, "kit@example.com", "Your\nparcel", "C-118", "T-Mobile")
    assert (found.row.own_number, found.row.campaign, found.fee_tier) == (OWN, "CABC", FeeTier.TIER_3)
    assert (found.state, found.source, found.row.received_at) == ("new", "carrier", NOW)
    assert found.claim
    assert found.claim.since == found.texted_at == SENT
    assert found.row.due_on.isoformat() == "2026-11-27", "Thanksgiving is no business day"


def test_the_ledger_commits_to_it_and_names_nobody(archive: Archive, organisation: OrganisationRow) -> None:
    report_id = taken(archive, organisation, told())
    (entry,) = trail(archive, organisation, "spam.reported")
    assert (entry.subject, entry.detail["source"], entry.detail["own_number"]) == (report_id, "api", OWN)
    assert entry.private == {}
    for hidden in (OTHER, "parcel"):
        assert hidden not in str(entry)


@pytest.mark.tampers
def test_what_was_replaced_is_not_shown(archive: Archive, organisation: OrganisationRow) -> None:
    first, second = (taken(archive, organisation, told(words=words)) for words in ("one", "two"))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        one, two = report_by_id(tx, first), report_by_id(tx, second)
        assert one
        assert two
        theirs, one.entry = one.entry, -1
        tx.session.flush()
        two.entry = theirs
    with pytest.raises(Damaged):
        read(archive, organisation, second)


def test_the_same_again_changes_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    first = take(archive, organisation, told())
    assert first.new
    again = take(archive, organisation, told())
    assert (again.report_id, again.new) == (first.report_id, False)
    assert len(trail(archive, organisation, "spam.reported")) == 1
    assert take(archive, organisation, told(words="Something else")).new
    assert take(archive, organisation, told(minute=1)).new


def test_each_of_those_who_do_not_say_who_they_are_counts(archive: Archive, organisation: OrganisationRow) -> None:
    assert [take(archive, organisation, told(reporter="")).new for _ in range(3)] == [True] * 3


@pytest.mark.parametrize(
    "report",
    [
        NewReport(Source.API, "+12125550199"),
        NewReport(Source.API, ""),
        NewReport(Source.API, OWN, Said("nobody at all")),
        NewReport(Source.API, OWN, Said(words="x" * 2_001)),
        NewReport(Source.API, OWN, Said(email="x" * 255)),
        NewReport(Source.API, OWN, Said(reference="x" * 201)),
    ],
)
def test_what_cannot_be_a_report_is_refused(archive: Archive, organisation: OrganisationRow, report: NewReport) -> None:
    with pytest.raises(BadInput):
        take(archive, organisation, report)
    assert trail(archive, organisation, "spam.reported") == []


def test_all_of_one_reporter_are_found_by_their_number(archive: Archive, organisation: OrganisationRow) -> None:
    mine = [taken(archive, organisation, told(words=words)) for words in ("one", "two")]
    taken(archive, organisation, told("+14155550177"))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        wanted = Wanted(party_key=party_key_of(tx, "(415) 555-0188"))
        assert [row.id for row in list_reports(tx, wanted, 10)] == mine[::-1]


@pytest.mark.parametrize("order", ["newest", "oldest", "due"])
def test_pages_hold_each_report_once_in_every_order(
    archive: Archive, organisation: OrganisationRow, order: str, clock
) -> None:
    for at in range(11):
        clock.advance(hours=9 * (at % 3))
        source = (Source.CARRIER, Source.API)[at % 2]
        taken(archive, organisation, told(words=str(at), source=source))
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        whole = list_reports(tx, Wanted(order=order), 100)
        pages, after = [], None
        while rows := list_reports(tx, Wanted(order=order, after=after), 3):
            pages += rows
            after = rows[-1].entry
    assert [row.id for row in pages] == [row.id for row in whole]
    assert len({row.id for row in pages}) == 11
    if order == "due":
        assert [row.due_on for row in whole] == sorted(row.due_on for row in whole)


def test_who_is_not_here_is_not_found(archive: Archive, organisation: OrganisationRow) -> None:
    with pytest.raises(NotFound):
        read(archive, organisation, "spm_nothing")


def test_nothing_readable_is_in_the_database(archive: Archive, organisation: OrganisationRow) -> None:
    taken(archive, organisation, NewReport(Source.API, OWN, Said("+14155550199", "kit@planted.example", WORDS)))
    with archive.engine.connect() as connection:
        dump = "".join(
            str([bytes(value) if isinstance(value, bytes | memoryview) else value for value in row])
            for table in ("spam_report", "ledger_entry")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        )
    for planted in ("4155550199", "planted.example", "parcel"):
        assert planted not in dump
