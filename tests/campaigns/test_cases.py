"""Support cases: their machine, their clock, their reminders, and that notes are sealed."""

from datetime import timedelta
from pathlib import Path

import pytest

from archive.access.organisations import OrganisationRow
from archive.campaigns.cases.actions import cases_of, change_case, due_cases, open_case, read_case
from archive.campaigns.cases.model import MOVES, CaseState, Urgency, due
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.health.actions import examine as examine_quickly
from archive.wiring import Archive
from jobs.cases import JOB
from tests.campaigns.making import draft
from tests.conftest import StandingClock
from tests.items import ledger_size
from tests.taking_in import trail

PICTURE = Path(__file__).parents[2] / "docs" / "campaigns.md"
START = StandingClock().now


@pytest.fixture
def case_id(archive: Archive, organisation: OrganisationRow) -> str:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return open_case(tx, draft(tx), "Noor Haddad of the provider was called").id


def change(archive: Archive, organisation: OrganisationRow, case_id: str, **what: object):
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return change_case(tx, case_id, **what)  # type: ignore[arg-type]


def test_the_picture_in_the_documentation_is_the_table() -> None:
    section = PICTURE.read_text().partition("## The support case")[2]
    block = section.partition("stateDiagram-v2\n")[2].partition("\n```")[0]
    lines = ["    [*] --> opened", *(f"    {move.before} --> {move.after}: {move.verb}" for move in MOVES)]
    assert sorted(block.splitlines()) == sorted(lines)


@pytest.mark.parametrize(
    ("state", "after", "ours"),
    [
        (CaseState.OPENED, timedelta(days=3), True),
        (CaseState.SENT, timedelta(days=28), False),
        (CaseState.WAITING_PROVIDER, timedelta(days=28), False),
        (CaseState.WAITING_US, timedelta(days=3), True),
    ],
)
def test_each_state_has_its_time(state: CaseState, after: timedelta, ours: bool) -> None:
    owed = due(state, START, START)
    assert owed
    assert (owed.at - START, owed.ours) == (after, ours)
    assert owed.urgency(owed.at) is Urgency.LATE
    assert owed.urgency(owed.at - timedelta(days=3)) is Urgency.SOON
    assert owed.urgency(owed.at - timedelta(days=3, seconds=1)) is Urgency.NONE


def test_the_four_weeks_run_from_sending_whatever_was_asked_since() -> None:
    owed = due(CaseState.WAITING_PROVIDER, START + timedelta(days=20), START)
    assert owed
    assert owed.at == START + timedelta(days=28)
    assert due(CaseState.DONE, START, START) is None


def test_a_case_goes_its_way_with_its_notes(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, case_id: str
) -> None:
    change(archive, organisation, case_id, state=CaseState.SENT, reference="700123456")
    clock.advance(days=1)
    change(archive, organisation, case_id, note="They have the form")
    change(archive, organisation, case_id, state=CaseState.WAITING_US)
    change(archive, organisation, case_id, state=CaseState.WAITING_PROVIDER, note="Answered")
    done = change(archive, organisation, case_id, state=CaseState.DONE)
    assert (done.reference, done.due, done.sent_at) == ("700123456", None, START)
    assert [(step.state.value, step.note) for step in reversed(done.steps)] == [
        ("opened", "Noor Haddad of the provider was called"),
        ("sent", ""),
        ("sent", "They have the form"),
        ("waiting_us", ""),
        ("waiting_provider", "Answered"),
        ("done", ""),
    ]


def test_notes_are_sealed(archive: Archive, organisation: OrganisationRow, case_id: str) -> None:
    [opened] = trail(archive, organisation, "case.opened")
    assert opened.private == {"note": "Noor Haddad of the provider was called"}
    assert "Noor" not in str(opened.detail)
    with archive.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM support_case_step").all()
    assert rows
    assert b"Noor" not in b"".join(value for row in rows for value in row if isinstance(value, bytes | memoryview))


def test_what_can_not_be_is_refused(archive: Archive, organisation: OrganisationRow, case_id: str) -> None:
    before = ledger_size(archive, organisation.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        campaign_id = read_case(tx, case_id).campaign_id
        with pytest.raises(Conflict, match="not done"):
            open_case(tx, campaign_id)
        with pytest.raises(Conflict, match="can't become waiting_us"):
            change_case(tx, case_id, state=CaseState.WAITING_US)
        for wrong in ({"note": "x" * 2_001}, {"note": "a\x00b"}, {"reference": "x" * 101}, {"reference": "a\nb"}):
            with pytest.raises(BadInput):
                change_case(tx, case_id, **wrong)
        with pytest.raises(NotFound):
            change_case(tx, "cas_none", note="Hello")
        change_case(tx, case_id)
    assert ledger_size(archive, organisation.id) == before
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        change_case(tx, case_id, state=CaseState.DONE)
        open_case(tx, campaign_id)
        assert len(cases_of(tx, campaign_id)) == 2


def test_a_late_case_is_put_on_record_once_for_each_state(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, case_id: str
) -> None:
    JOB.run(archive)
    assert trail(archive, organisation, "case.reminded") == []
    clock.advance(days=3)
    assert JOB.run(archive)["cases_reminded"] >= 1
    [reminded] = trail(archive, organisation, "case.reminded")
    assert (reminded.subject, reminded.detail["ours"]) == (case_id, True)
    JOB.run(archive)
    assert len(trail(archive, organisation, "case.reminded")) == 1
    change(archive, organisation, case_id, state=CaseState.SENT)
    clock.advance(days=28)
    JOB.run(archive)
    assert len(trail(archive, organisation, "case.reminded")) == 2


def test_what_is_late_is_on_the_page_of_health(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, case_id: str
) -> None:
    def said() -> list[tuple[str, str]]:
        return [(one.state, one.what) for one in examine_quickly(archive, organisation) if one.part == "cases"]

    change(archive, organisation, case_id, state=CaseState.SENT)
    assert said() == []
    clock.advance(days=25)
    assert said() == [("ok", "something is due within three days for 1 support case")]
    clock.advance(days=3)
    assert said() == [("warning", "1 support case is late")]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [case.id for case in due_cases(tx)] == [case_id]
