"""By hand, by file: added, taken back, decided, and each of it in the ledger."""

from datetime import date, timedelta

import pytest

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.optouts.csv_lists import Imported, export_csv, import_csv
from archive.optouts.managing import add_opt_out, decide, set_reach, withdraw
from archive.optouts.model import Change
from archive.optouts.reading import list_opt_outs, list_suspicions, list_violations
from archive.wiring import Archive
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, STRANGER, ledger_size, own_number
from tests.optouts.saying import BEFORE, START, flagged, in_force, said, sent, take
from tests.taking_in import trail


def add(archive: Archive, organisation: OrganisationRow, party: str = STRANGER, **more: object) -> Change:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return add_opt_out(tx, party, note="On the telephone", **more)  # type: ignore[arg-type]


def test_what_was_said_aloud_counts_for_every_number_until_it_is_taken_back(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    added = add(archive, organisation, "(415) 555-0188")
    assert flagged(archive, organisation, sent(1), sent(2, **{"from": "+12125550199"})) == [True, True]
    with pytest.raises(Conflict, match="opted out already"):
        add(archive, organisation)
    clock.advance(days=1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        withdraw(tx, added.entry, "Signed again")
    assert flagged(archive, organisation, sent(3)) == [False]
    with pytest.raises(NotFound), archive.transactions.write(organisation.id, OPERATOR) as tx:
        withdraw(tx, added.entry, "Twice")
    assert trail(archive, organisation, "optout.recorded")[1].private == {"note": "On the telephone", "party": STRANGER}


@pytest.mark.parametrize(
    "wrong",
    [
        {"party": "Dana"},
        {"party": ""},
        {"own_number": "+12125550199"},
        {"said_at": START + timedelta(seconds=1)},
        {"said_at": START.replace(tzinfo=None)},
    ],
)
def test_what_makes_no_sense_is_refused(
    archive: Archive, organisation: OrganisationRow, wrong: dict[str, object]
) -> None:
    with pytest.raises(BadInput):
        add(archive, organisation, **wrong)
    with pytest.raises(BadInput), archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_opt_out(tx, STRANGER, note=" ")


def test_a_confirmed_suspicion_counts_from_when_it_was_sent(archive: Archive, organisation: OrganisationRow) -> None:
    first, second = take(archive, organisation, said(1, "lose my number", 0), said(2, "wrong number", 5))
    take(archive, organisation, sent(1, 60))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        waiting = list_suspicions(tx)
        assert (waiting[0].serial, waiting[0].party) == (first.serial, STRANGER)
        assert waiting[0].due_on == date(2026, 11, 6)
        decide(tx, first.serial or 0, confirmed=True)
        decide(tx, second.serial or 0, confirmed=False)
        assert list_suspicions(tx) == []
        with pytest.raises(Conflict):
            decide(tx, first.serial or 0, confirmed=False)
        with pytest.raises(NotFound):
            decide(tx, 99_999, confirmed=True)
        (broken,) = list_violations(tx)
    assert in_force(archive, organisation) == [(OWN_NUMBER, STRANGER, BEFORE)]
    assert (broken.party, broken.days, broken.late) == (STRANGER, 0, False)


def test_the_reach_is_recorded_when_it_changes(archive: Archive, organisation: OrganisationRow) -> None:
    for everywhere in (False, True, True):
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            set_reach(tx, everywhere=everywhere)
    assert [entry.detail for entry in trail(archive, organisation, "optout.reach-changed")] == [{"everywhere": True}]


def load(archive: Archive, organisation: OrganisationRow, text: str) -> Imported:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        return import_csv(tx, text)


def test_a_list_goes_out_and_comes_in_to_the_same_state(archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation.id)
    take(archive, organisation, said(1, "stop", 0), said(2, "start", 1), said(3, "stop", 2), said(4, "help", 3))
    before = in_force(archive, organisation)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        text = export_csv(tx)
    assert text.splitlines()[1].startswith(f"{STRANGER},{OWN_NUMBER},opt-out,2026-10-24T09:00:00.000000Z,text,")
    size = ledger_size(archive, organisation.id)
    assert load(archive, organisation, text) == Imported(known=3)
    assert ledger_size(archive, organisation.id) == size

    from archive.access.organisations import create_organisation

    name = f"beside {organisation.id}"
    other = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
    own_number(archive, other.id)
    assert load(archive, other, text).new == 3
    assert in_force(archive, other) == before


def test_a_bad_line_costs_no_other(archive: Archive, organisation: OrganisationRow) -> None:
    lines = [
        "\ufeffParty, SAID_AT,said,own_number",
        "(415) 555-0188,2026-11-20T10:00:00-05:00,,",
        "4155550177,2026-11-20T10:00:00Z,OPT-IN,",
        "nobody,2026-11-20T10:00:00Z,,",
        "+14155550166,2026-11-20,,",
        "+14155550166,2027-11-20T10:00:00Z,,",
        "+14155550166,2026-11-20T10:00:00Z,perhaps,",
        "+14155550166,2026-11-20T10:00:00Z,opt-out,+12125550199",
        "+14155550166",
    ]
    done = load(archive, organisation, "\r\n".join(lines))
    assert (done.new, done.known, done.wrong) == (2, 0, 6)
    assert [line for line, _ in done.problems] == [4, 5, 6, 7, 8, 9]
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert [(one.party, one.own_number, one.how) for one in list_opt_outs(tx)] == [(STRANGER, "", "import")]


@pytest.mark.parametrize("text", ["", "a,b\n1,2", 'party,said_at\n"x', "party,said_at\n" + "x,y\n" * 20_001])
def test_a_file_that_is_none_is_refused(archive: Archive, organisation: OrganisationRow, text: str) -> None:
    with pytest.raises(BadInput):
        load(archive, organisation, text)
