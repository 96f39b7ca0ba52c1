from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from archive.access.organisations import OrganisationRow
from archive.access.people import create_person
from archive.access.roles import Role
from archive.core.actor import OPERATOR, Actor
from archive.core.errors import BadInput, Conflict, NotFound
from archive.numbers.history import past_of
from archive.optouts.reading import list_opt_outs
from archive.spam import acting, triage
from archive.spam.history import history_of
from archive.spam.model import FeeTier, NewReport, Source, State
from archive.spam.reading import list_reports
from archive.spam.store import Wanted
from archive.tx import Tx
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.spam.reporting import NOW, read, taken, told
from tests.taking_in import OTHER, OWN, own_number, trail

Do = Callable[..., Any]


@pytest.fixture
def report_id(archive: Archive, organisation: OrganisationRow) -> str:
    own_number(archive, organisation)
    return taken(archive, organisation, told())


@pytest.fixture
def do(archive: Archive, organisation: OrganisationRow) -> Do:
    def do(what: Callable[..., Any], *arguments: Any, actor: Actor = OPERATOR) -> Any:
        with archive.transactions.write(organisation.id, actor) as tx:
            return what(tx, *arguments)

    return do


@pytest.fixture
def dana(do: Do) -> str:
    def make(tx: Tx) -> str:
        return create_person(tx, name="Dana", email="dana@harbour.example", roles=frozenset({Role.COMPLIANCE}))[0].id

    made: str = do(make)
    return made


def test_a_report_is_taken_up_and_decided_and_its_history_tells_it(
    archive: Archive, organisation: OrganisationRow, report_id: str, do: Do, dana: str, clock: StandingClock
) -> None:
    do(triage.move, report_id, State.INVESTIGATING, actor=Actor("person", dana))
    clock.advance(hours=1)
    do(triage.add_note, report_id, "Called Kit: the list was bought.")
    do(triage.move, report_id, State.CONFIRMED, "No consent")
    row = read(archive, organisation, report_id).row
    assert (row.state, row.assignee, row.state_since_at) == ("confirmed", dana, clock.now)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        steps = [(step.entry.kind, step.note) for step in history_of(tx, report_id)][::-1]
    assert steps == [
        ("spam.reported", ""),
        ("spam.moved", ""),
        ("spam.noted", "Called Kit: the list was bought."),
        ("spam.moved", "No consent"),
    ]
    for entry in trail(archive, organisation, "spam.noted"):
        assert "Kit" not in str(entry), "what people write is sealed with the report"


def test_what_is_decided_can_be_opened_again_with_a_reason(report_id: str, do: Do) -> None:
    do(triage.move, report_id, State.INVESTIGATING)
    with pytest.raises(BadInput, match="takes a note"):
        do(triage.move, report_id, State.DISMISSED)
    do(triage.move, report_id, State.DISMISSED, "A customer of ours")
    with pytest.raises(BadInput, match="takes a note"):
        do(triage.move, report_id, State.INVESTIGATING, "  ")
    do(triage.move, report_id, State.INVESTIGATING, "There was another one")


def test_another_move_is_refused_and_says_what_is_possible(report_id: str, do: Do) -> None:
    with pytest.raises(Conflict, match="it can become: investigating"):
        do(triage.move, report_id, State.CONFIRMED, "At once")


def test_handling_is_set_and_every_change_is_in_the_ledger(
    archive: Archive, organisation: OrganisationRow, report_id: str, do: Do, dana: str
) -> None:
    for _ in range(2):  # The same again is no change.
        do(triage.assign, report_id, dana)
        do(triage.set_due, report_id, date(2026, 11, 30))
        do(triage.set_tier, report_id, FeeTier.TIER_1)
    row = read(archive, organisation, report_id).row
    assert (row.assignee, row.due_on, row.fee_tier) == (dana, date(2026, 11, 30), "tier-1")
    do(triage.assign, report_id, triage.NOBODY)
    do(triage.set_tier, report_id, None)
    assert [entry.detail for entry in trail(archive, organisation, "spam.changed")][::-1] == [
        {"assignee": dana},
        {"due_on": "2026-11-30"},
        {"fee_tier": "tier-1"},
        {"assignee": ""},
        {"fee_tier": "none"},
    ]


def test_what_cannot_be_is_refused(report_id: str, do: Do) -> None:
    for what, value in ((triage.assign, "per_nobody"), (triage.set_due, date(2026, 11, 1)), (triage.add_note, " ")):
        with pytest.raises(BadInput):
            do(what, report_id, value)
    with pytest.raises(BadInput):
        do(triage.add_note, report_id, "x" * 2_001)
    for what, value in ((triage.move, State.INVESTIGATING), (triage.assign, ""), (triage.set_tier, None)):
        with pytest.raises(NotFound):
            do(what, "spm_nothing", value)


def test_the_queue_is_filtered(archive: Archive, organisation: OrganisationRow, report_id: str, do: Do) -> None:
    other = taken(archive, organisation, told(source=Source.CARRIER, fee_tier=FeeTier.TIER_3))
    do(triage.move, report_id, State.INVESTIGATING)

    def ids(**wanted: Any) -> set[str]:
        return {row.id for row in do(list_reports, Wanted(**wanted), 10)}

    assert ids() == ids(own_number=OWN) == {report_id, other}
    assert ids(states=(State.NEW,)) == ids(source=Source.CARRIER) == ids(tier=FeeTier.TIER_3) == {other}
    assert ids(states=(State.NEW, State.INVESTIGATING), source=Source.API) == {report_id}
    assert ids(assignee="per_nobody") == set()


def test_the_number_is_suspended_because_of_it(
    archive: Archive, organisation: OrganisationRow, report_id: str, do: Do
) -> None:
    assert do(_possible, archive, organisation, report_id) == [acting.SUSPENDED, acting.OPTED_OUT]
    do(acting.suspend_number, report_id)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        latest = past_of(tx, OWN).stretches[0]
    assert (latest.state, latest.reason) == ("suspended", f"Spam report {report_id}")
    assert trail(archive, organisation, "spam.acted")[0].detail == {"action": "number-suspended"}
    assert do(_possible, archive, organisation, report_id) == [acting.OPTED_OUT]
    with pytest.raises(Conflict):
        do(acting.suspend_number, report_id)


def test_the_complainant_is_opted_out_from_when_they_complained(
    archive: Archive, organisation: OrganisationRow, report_id: str, do: Do, clock: StandingClock
) -> None:
    clock.advance(days=3)
    do(acting.opt_out_reporter, report_id)
    (opt_out,) = do(list_opt_outs)
    assert (opt_out.party, opt_out.own_number, opt_out.said_at) == (OTHER, OWN, NOW)
    assert do(_possible, archive, organisation, report_id) == [acting.SUSPENDED]
    with pytest.raises(Conflict):
        do(acting.opt_out_reporter, report_id)


def test_what_is_not_known_cannot_be_acted_on(archive: Archive, organisation: OrganisationRow, do: Do) -> None:
    campaign = NewReport(Source.CARRIER, "", campaign="CABC")
    report_id = taken(archive, organisation, campaign)
    assert do(_possible, archive, organisation, report_id) == []
    with pytest.raises(NotFound):
        do(acting.suspend_number, report_id)
    with pytest.raises(Conflict):
        do(acting.opt_out_reporter, report_id)


def _possible(tx: Tx, archive: Archive, organisation: OrganisationRow, report_id: str) -> list[str]:
    return acting.possible(tx, read(archive, organisation, report_id))
