"""At intake: a stop acts at once, what goes out in spite of it is flagged, and history replays to the same state."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.actions import receive
from archive.intake.parse import arrival
from archive.optouts import store
from archive.optouts.store import open_suspicions
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, STRANGER, ledger_size
from tests.optouts.saying import BEFORE, START, broken, flagged, history, in_force, said, sent, take
from tests.taking_in import trail

OTHER = "+14155550177"
SECOND = "+12125550124"


def test_a_stop_takes_effect_at_once_and_a_start_ends_it(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    assert flagged(archive, organisation, sent(1)) == [False]
    (stop,) = take(archive, organisation, said(1, "Stop!"))
    assert in_force(archive, organisation) == [(OWN_NUMBER, STRANGER, START)]
    assert flagged(archive, organisation, sent(2), sent(3, to=[OTHER]), sent(4, to=[OTHER, STRANGER])) == [
        True,
        False,
        True,
    ]
    take(archive, organisation, said(2, "START"))
    assert flagged(archive, organisation, sent(5)) == [False]
    assert in_force(archive, organisation) == []
    entries = trail(archive, organisation, "optout.recorded")
    assert [entry.detail["said"] for entry in entries] == ["opt-in", "opt-out"]
    assert (entries[1].subject, entries[1].private["party"]) == (f"message:{stop.serial}", STRANGER)


def test_in_one_batch_what_was_sent_before_the_stop_is_left_alone(
    archive: Archive, organisation: OrganisationRow
) -> None:
    batch = [sent(1), said(1, "STOP"), sent(2), said(2, "unstop"), sent(3)]
    assert flagged(archive, organisation, *batch) == [False, False, True, False, False]
    late = [sent(4, 5), said(3, "quit", 10), sent(5, 7), sent(6, 15)]
    assert flagged(archive, organisation, *late) == [False, False, False, True]


def test_only_the_number_that_was_told_is_meant_unless_the_organisation_says_otherwise(
    archive: Archive, organisation: OrganisationRow
) -> None:
    take(archive, organisation, said(1, "cancelar"))
    assert flagged(archive, organisation, sent(1, **{"from": SECOND})) == [False]
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        store.set_reach(tx, everywhere=True)
        tx.record(_anything())
    assert flagged(archive, organisation, sent(2, **{"from": SECOND})) == [True]


def _anything() -> object:
    from archive.intake.actions import QuarantineRetried

    return QuarantineRetried(outcome="test")


@pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::7])
def test_history_comes_to_the_same_state_in_whatever_order_it_comes_in(
    archive: Archive, organisation: OrganisationRow, order: tuple[int, ...]
) -> None:
    texts = [said(1, "stop", 0), said(2, "start", 10), said(3, "arrêt", 20), sent(1, 30), sent(2, 15)]
    for at in order:
        take(archive, organisation, texts[at])
    assert in_force(archive, organisation) == [(OWN_NUMBER, STRANGER, BEFORE + timedelta(minutes=20))]
    assert [one.sent.at for one in broken(archive, organisation)] == [BEFORE + timedelta(minutes=30)]


def test_a_duplicate_changes_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    take(archive, organisation, said(1, "stop", 1), said(2, "leave me alone", 2))
    take(archive, organisation, said(3, "start", 3))
    before = ledger_size(archive, organisation.id)
    take(archive, organisation, said(1, "stop", 1), said(2, "leave me alone", 2))
    assert ledger_size(archive, organisation.id) == before
    assert in_force(archive, organisation) == []


def test_the_text_and_what_it_does_are_one_commit(archive: Archive, organisation: OrganisationRow) -> None:
    with pytest.raises(ZeroDivisionError), archive.transactions.write(organisation.id, OPERATOR) as tx:
        receive(tx, [arrival(said(1, "stop"), tx.now, "test")])
        raise ZeroDivisionError
    assert in_force(archive, organisation) == []


def test_freer_wording_waits_for_a_person_and_stops_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    (outcome,) = take(archive, organisation, said(1, "Por favor no me escriban más"))
    assert flagged(archive, organisation, sent(1)) == [False]
    assert waiting(archive, organisation) == [(outcome.serial, "opt-out")]


def test_a_yes_returns_only_somebody_who_had_left_and_only_where_the_provider_takes_it_so(
    archive: Archive, organisation: OrganisationRow
) -> None:
    take(archive, organisation, said(1, "Yes"))
    assert trail(archive, organisation, "optout.recorded") == waiting(archive, organisation) == []
    take(archive, organisation, said(2, "stop"), said(3, "yes", provider="telnyx"))
    assert len(in_force(archive, organisation)) == 1
    assert [means for _, means in waiting(archive, organisation)] == ["opt-in"]
    assert flagged(archive, organisation, said(4, "yes"), sent(1)) == [False, False]
    assert in_force(archive, organisation) == []


def test_help_is_noted_and_changes_nothing(archive: Archive, organisation: OrganisationRow) -> None:
    take(archive, organisation, said(1, "AIDE"))
    assert [entry.detail["said"] for entry in trail(archive, organisation, "optout.recorded")] == ["help"]
    assert history(archive, organisation).in_force() == []


def test_what_we_write_ourselves_is_no_opt_out(archive: Archive, organisation: OrganisationRow) -> None:
    take(archive, organisation, sent(1, text="STOP"))
    assert in_force(archive, organisation) == []


def test_of_a_group_only_who_says_it_leaves(archive: Archive, organisation: OrganisationRow) -> None:
    take(archive, organisation, said(1, "stop", to=[OWN_NUMBER, OTHER]))
    assert flagged(archive, organisation, sent(1, to=[OTHER]), sent(2)) == [False, True]


def test_nobody_elses_organisation_is_told(archive: Archive, organisation: OrganisationRow) -> None:
    from archive.access.organisations import create_organisation

    name = f"beside {organisation.id}"
    other = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
    take(archive, organisation, said(1, "stop"))
    assert flagged(archive, other, sent(1)) == [False]
    assert in_force(archive, other) == []


def test_who_left_cannot_be_read_from_the_database(archive: Archive, organisation: OrganisationRow) -> None:
    take(archive, organisation, said(1, "stop"), said(2, "leave me alone"))
    with archive.engine.connect() as connection:
        for table in ("opt_out", "opt_out_party", "opt_out_suspicion"):
            query = text(f"SELECT * FROM {table} WHERE org_id = :org")
            rows = [repr(tuple(map(_plain, row))) for row in connection.execute(query, {"org": organisation.id})]
            assert rows
            assert not any(STRANGER[2:] in row for row in rows)


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def test_a_batch_costs_a_few_statements_however_long_it_is(archive: Archive, organisation: OrganisationRow) -> None:
    take(archive, organisation, said(0, "stop"))
    take(archive, organisation, sent(0))
    counts = [statements(archive, organisation, [sent(size * 1_000 + at) for at in range(size)]) for size in (3, 40)]
    assert counts[0] == counts[1]


def statements(archive: Archive, organisation: OrganisationRow, lines: list[bytes]) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(archive.engine, "before_cursor_execute", note)
    take(archive, organisation, *lines)
    event.remove(archive.engine, "before_cursor_execute", note)
    return len(seen)


def waiting(archive: Archive, organisation: OrganisationRow) -> list[tuple[int, str]]:
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        return [(row.serial, row.means) for row in open_suspicions(tx)]
