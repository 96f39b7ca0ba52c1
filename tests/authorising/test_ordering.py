"""Orders: which numbers they may have, that they happen whole or not at all, and once however many are at it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from archive.access.organisations import OrganisationRow
from archive.authorising.choosing import candidates, sites, stands_in_the_way
from archive.authorising.drafting import draft_of, keep_draft
from archive.authorising.model import Draft, Order, judge, order_name
from archive.authorising.ordering import ToSign, newest_orders, place_order, read_order
from archive.authorising.store import forget_draft
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.eligibility.actions import enter_facts
from archive.eligibility.model import CallingPlan, Facts, Plan
from archive.ledger.trail import Wanted, read_trail
from archive.letters.drafting import prepare
from archive.numbers.actions import add_number, assign, set_state
from archive.numbers.model import NumberState
from archive.numbers.moves import move_between
from archive.numbers.store import number_by_e164
from archive.tx import Tx
from archive.wiring import Archive
from tests.browsing import settled_person
from tests.conftest import StandingClock
from tests.letters.signing import DANA, NEEDS, ORIGIN, OTHER_NEEDS, PLAIN, TYPED, draft, standing

Numbers = tuple[str, str, str]
INELIGIBLE = (
    Facts(add_on=False),
    Facts(plan=Plan.TRIAL),
    Facts(plan=Plan.ONLINE),
    Facts(calling_plan=CallingPlan.NONE),
)


def to_sign(tx: Tx, *numbers: str) -> ToSign:
    wanted = draft(*numbers)
    return ToSign(wanted, prepare(tx, wanted).seen, TYPED, ORIGIN)


def place(
    archive: Archive, organisation: OrganisationRow, *numbers: str, sign: tuple[str, ...] = (), id: str = "drf_1"
) -> Order:
    with archive.transactions.write(organisation.id, DANA) as tx:
        signed = to_sign(tx, *sign) if sign else None
        return place_order(tx, Draft(id, "Austin", tuple(sorted(numbers))), signed)


def test_an_order_signs_its_letter_and_authorises_all_its_numbers(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    order = place(archive, organisation, NEEDS, PLAIN, sign=(NEEDS,))
    assert (order.name, order.numbers, order.by_letter) == ("A-00001", (NEEDS, PLAIN), frozenset({NEEDS}))
    assert standing(archive, organisation, NEEDS) == (NumberState.AUTHORISED, order.letter)
    assert standing(archive, organisation, PLAIN) == (NumberState.AUTHORISED, None)
    assert standing(archive, organisation, OTHER_NEEDS) == (NumberState.LOA_REQUIRED, None)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read_order(tx, 1) == order
        assert newest_orders(tx) == [order]
        (entry,) = read_trail(tx, Wanted(kind="authorisation.ordered"), 10, details=True)
        with pytest.raises(NotFound):
            read_order(tx, 2)
    assert (entry.seq, entry.detail["numbers"], entry.detail["letter"]) == (order.entry, [NEEDS, PLAIN], order.letter)


def test_without_the_letter_that_it_needs_nothing_of_an_order_happens(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    with pytest.raises(Conflict, match="need a Letter of Authorization"):
        place(archive, organisation, NEEDS, PLAIN)
    with pytest.raises(Conflict, match="covers other numbers"):
        place(archive, organisation, NEEDS, PLAIN, sign=(NEEDS, OTHER_NEEDS))
    assert standing(archive, organisation, PLAIN) == (NumberState.UNAUTHORISED, None)


@pytest.mark.parametrize("facts", INELIGIBLE)
def test_whoever_may_not_text_is_refused_with_the_reason(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers, facts: Facts
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        enter_facts(tx, facts)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        why = stands_in_the_way(tx)
        found = candidates(tx, "Austin")
    assert why
    assert {(one.verdict.offered, one.verdict.because) for one in found} == {(False, why.because)}
    with pytest.raises(Conflict) as refused:
        place(archive, organisation, PLAIN)
    assert why.because in str(refused.value)


@pytest.mark.parametrize("state", NumberState)
def test_what_is_offered_can_be_authorised_and_what_is_not_says_why(state: NumberState) -> None:
    verdict = judge(state, [])
    assert verdict.offered == (state in (NumberState.UNAUTHORISED, NumberState.LOA_REQUIRED))
    assert verdict.offered == (not verdict.because)
    assert bool(verdict.because) == bool(verdict.next_step)
    assert verdict.needs_letter == (state is NumberState.LOA_REQUIRED)
    if verdict.offered:
        assert move_between(state, NumberState.AUTHORISED)


def test_locations_say_how_many_wait(archive: Archive, organisation: OrganisationRow, numbers: Numbers) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, "+12125550190", location="Boston", state=NumberState.AUTHORISED)
        add_number(tx, "+12125550191")
        found = [(site.name, site.numbers, site.waiting) for site in sites(tx)]
        at_none = [one.row.e164 for one in candidates(tx, "")]
    assert found == [("Austin", 3, 3), ("Boston", 1, 0), ("", 1, 1)]
    assert at_none == ["+12125550191"]


def test_the_same_draft_is_placed_once(archive: Archive, organisation: OrganisationRow, numbers: Numbers) -> None:
    first = place(archive, organisation, PLAIN)
    assert place(archive, organisation, PLAIN) == first
    with pytest.raises(Conflict, match="It is authorised already"):
        place(archive, organisation, PLAIN, id="drf_2")


def test_an_order_has_one_to_two_hundred_own_numbers(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    for wrong in ((), tuple(f"+1212555{1000 + number}" for number in range(201))):
        with pytest.raises(BadInput, match="1 to 200 numbers"):
            place(archive, organisation, *wrong)
    with pytest.raises(NotFound):
        place(archive, organisation, "+12125559999")
    assert order_name(12) == "A-00012"


def test_two_administrators_at_once_do_not_authorise_twice(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    """Four of them at once, half with overlapping numbers: each number is authorised by exactly one order."""
    with archive.transactions.read(organisation.id, DANA) as tx:
        seen = to_sign(tx, NEEDS)
    wanted = [(NEEDS, PLAIN), (PLAIN,), (NEEDS,), (NEEDS, PLAIN)]
    together = Barrier(len(wanted))

    def administrator(at: int) -> Order | Conflict:
        together.wait()
        try:
            with archive.transactions.write(organisation.id, DANA) as tx:
                return place_order(tx, Draft(f"drf_{at}", "Austin", wanted[at]), seen if NEEDS in wanted[at] else None)
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(len(wanted)) as pool:
        done = list(pool.map(administrator, range(len(wanted))))
    orders = [one for one in done if isinstance(one, Order)]
    ordered = [number for order in orders for number in order.numbers]
    assert sorted(ordered) == sorted(set(ordered))
    assert {order.number for order in orders} == set(range(1, len(orders) + 1))
    assert standing(archive, organisation, PLAIN)[0] is NumberState.AUTHORISED
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        changes = read_trail(tx, Wanted(kind="number.state-changed"), 20, details=False)
        letters = read_trail(tx, Wanted(kind="letter.signed"), 20, details=False)
    assert len([change for change in changes if change.detail["e164"] == PLAIN]) == 1
    assert len(letters) == len([order for order in orders if order.letter]) <= 1


def test_after_withdrawing_releasing_moving_and_adding_again_it_begins_anew(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    place(archive, organisation, PLAIN)
    for number, way in enumerate(("withdrawn", "released", "moved"), start=2):
        with archive.transactions.write(organisation.id, OPERATOR) as tx:
            row = number_by_e164(tx, PLAIN)
            assert row
            if way == "withdrawn":
                set_state(tx, row.id, NumberState.UNAUTHORISED)
            elif way == "released":
                set_state(tx, row.id, NumberState.RELEASED, "Ported out")
                assert [one.row.e164 for one in candidates(tx, "Austin")] == [NEEDS, OTHER_NEEDS]
                add_number(tx, PLAIN, location="Austin")
            else:
                assign(tx, row.id, location="Boston")
        assert standing(archive, organisation, PLAIN) == (NumberState.UNAUTHORISED, None)
        assert place(archive, organisation, PLAIN, id=f"drf_{way}").number == number


def test_a_draft_is_kept_for_its_person_and_nobody_reads_it_in_the_database(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock, numbers: Numbers
) -> None:
    at = f"{organisation.id}@h.example"
    kit, dana = (settled_person(archive, organisation.id, f"{name}{at}")[0] for name in ("kit", "dana"))
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        wanted = Draft(draft_of(tx, kit).id, "Austin", (NEEDS,), {"first_name": "Planted-Name"})
        keep_draft(tx, kit, wanted)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert draft_of(tx, kit) == wanted
        assert draft_of(tx, dana).numbers == ()
    with archive.engine.connect() as connection:
        for (sealed,) in connection.exec_driver_sql("SELECT sealed FROM authorisation_draft"):
            assert b"Planted-Name" not in bytes(sealed)
    clock.advance(days=31)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        forget_draft(tx, dana)
        assert draft_of(tx, kit).numbers == (), "nobody has touched it for a month"
