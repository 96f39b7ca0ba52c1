"""Drafting, submitting, and what a campaign makes of its numbers."""

import pytest

from archive.access.organisations import OrganisationRow, create_organisation
from archive.campaigns.assigning import put_on, set_number_state, take_off
from archive.campaigns.brands import change_brand, note_brand_registration
from archive.campaigns.drafting import change_campaign, draft_campaign, note_campaign_id
from archive.campaigns.fields import FieldProblems
from archive.campaigns.levels import Level, State
from archive.campaigns.model import Identity
from archive.campaigns.reading import list_campaigns, read_brand, read_campaign, steps_of
from archive.campaigns.steering import enter_state, pause
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict, NotFound
from archive.numbers.actions import add_number, assign, set_state
from archive.numbers.history import number_at, past_of
from archive.numbers.model import NumberState
from archive.tx import Tx
from archive.wiring import Archive
from tests.campaigns.making import ATT, BRAND, CAMPAIGN, active_campaign, brand, draft, registered, tell
from tests.conftest import StandingClock
from tests.items import OWN_NUMBER, ledger_size
from tests.taking_in import trail


@pytest.fixture
def tx(archive: Archive, organisation: OrganisationRow):
    """A transaction in which everything happens that one test does."""
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        yield tx


def number(tx: Tx, e164: str = OWN_NUMBER, state: NumberState = NumberState.AUTHORISED) -> str:
    return add_number(tx, e164, location="Austin", state=state).id


def state_of(tx: Tx, e164: str = OWN_NUMBER) -> tuple[str, str | None]:
    past = past_of(tx, e164)
    return past.number.state, past.number.campaign


def test_a_draft_may_be_incomplete_and_says_what_it_lacks(tx: Tx) -> None:
    drafted = draft_campaign(tx, brand(tx), "Care", {"usecase": "LOW_VOLUME_MIXED"})
    campaign = read_campaign(tx, drafted.id)
    assert campaign.usecase == "LOW_VOLUME"
    assert {"description", "sample1", "subUsecases"} <= campaign.gaps.keys()
    with pytest.raises(FieldProblems, match="description"):
        enter_state(tx, drafted.id, Level.REGISTRY, State.SUBMITTED)
    changed = change_campaign(tx, drafted.id, CAMPAIGN, name="Customer care")
    assert (changed.name, read_campaign(tx, drafted.id).gaps) == ("Customer care", {})
    enter_state(tx, drafted.id, Level.REGISTRY, State.SUBMITTED)


def test_a_campaign_of_an_incomplete_brand_can_not_be_submitted(tx: Tx) -> None:
    drafted = draft_campaign(tx, brand(tx, ein=""), "Care", CAMPAIGN)
    with pytest.raises(FieldProblems, match="ein"):
        enter_state(tx, drafted.id, Level.REGISTRY, State.SUBMITTED)


@pytest.mark.parametrize("field", ["usecase", "description", "embeddedLink", "referenceId", "subUsecases", "mnoIds"])
def test_what_the_registry_has_can_not_be_changed(tx: Tx, field: str) -> None:
    campaign_id, _ = registered(tx)
    value = {"usecase": "MARKETING", "embeddedLink": True, "subUsecases": ["2FA"], "mnoIds": [ATT]}.get(field, "x" * 45)
    with pytest.raises(FieldProblems) as refused:
        change_campaign(tx, campaign_id, {**CAMPAIGN, field: value})
    assert refused.value.fields.keys() == {field}
    assert change_campaign(tx, campaign_id, {**CAMPAIGN, "sample1": "Another sample of a text"})


def test_a_brand_is_locked_once_the_registry_has_it(tx: Tx) -> None:
    brand_id = brand(tx)
    change_brand(tx, brand_id, {**BRAND, "companyName": "Another LLC"})
    note_brand_registration(tx, brand_id, registry_id="BUTNE6G", identity=Identity.VERIFIED, score=80)
    with pytest.raises(FieldProblems, match="companyName"):
        change_brand(tx, brand_id, BRAND)
    change_brand(tx, brand_id, {**BRAND, "companyName": "Another LLC", "phone": "+15125550101"})
    for wrong in ({"registry_id": "CUTNE6G"}, {"score": 101}):
        with pytest.raises(BadInput):
            note_brand_registration(tx, brand_id, **wrong)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        note_brand_registration(tx, brand_id, registry_id="BUTNE6H")
    with pytest.raises(Conflict):
        note_brand_registration(tx, brand(tx), registry_id="BUTNE6G")
    assert (read_brand(tx, brand_id).identity, read_brand(tx, brand_id).score) == (Identity.VERIFIED, 80)


def test_references_and_ids_are_unique(tx: Tx) -> None:
    first, theirs = registered(tx, referenceId="ours-1")
    with pytest.raises(FieldProblems, match="referenceId"):
        draft(tx, referenceId="ours-1")
    with pytest.raises(Conflict, match="another campaign"):
        note_campaign_id(tx, draft(tx), theirs)
    with pytest.raises(Conflict, match="at the registry"):
        note_campaign_id(tx, first, "C000000")
    with pytest.raises(BadInput):
        note_campaign_id(tx, draft(tx), "B000000")


def test_a_number_is_registered_while_its_campaign_is_active(tx: Tx) -> None:
    campaign_id, theirs = registered(tx)
    number(tx)
    put_on(tx, campaign_id, ["(212) 555-0123"])
    assert state_of(tx) == ("authorised", campaign_id)
    tell(tx, "CAMPAIGN_ADD", theirs)
    assert state_of(tx) == ("authorised", campaign_id)
    tell(tx, "CAMPAIGN_DCA_COMPLETE", theirs)
    assert state_of(tx) == ("registered", campaign_id)
    assert read_campaign(tx, campaign_id).verdict.active
    tell(tx, "CAMPAIGN_EXPIRED", theirs)
    assert state_of(tx) == ("authorised", campaign_id)
    states = [(stretch.state.value, stretch.campaign) for stretch in past_of(tx, OWN_NUMBER).stretches]
    assert states == [
        ("authorised", campaign_id),
        ("registered", campaign_id),
        ("authorised", campaign_id),
        ("authorised", None),
    ]


def test_one_that_is_put_on_an_active_campaign_may_text_at_once_and_off_it_no_longer(tx: Tx) -> None:
    campaign_id = active_campaign(tx)
    put_on(tx, campaign_id, [number(tx)])
    assert state_of(tx) == ("registered", campaign_id)
    take_off(tx, campaign_id, [OWN_NUMBER], "Moved to marketing")
    assert state_of(tx) == ("authorised", None)
    with pytest.raises(Conflict, match="not on this campaign"):
        take_off(tx, campaign_id, [OWN_NUMBER])


def test_pausing_takes_effect_in_the_same_transaction_and_so_does_resuming(tx: Tx) -> None:
    campaign_id = active_campaign(tx)
    put_on(tx, campaign_id, [number(tx)])
    verdict = pause(tx, campaign_id, "Complaint")
    assert (verdict.active, state_of(tx)[0]) == (False, "authorised")
    assert pause(tx, campaign_id, "Once more").active is False
    enter_state(tx, campaign_id, Level.OWN, State.RUNNING)
    assert state_of(tx)[0] == "registered"


@pytest.mark.parametrize(
    "state", [NumberState.UNAUTHORISED, NumberState.LOA_REQUIRED, NumberState.SUSPENDED, NumberState.RELEASED]
)
def test_only_authorised_numbers_can_be_put_on_a_campaign(tx: Tx, state: NumberState) -> None:
    number_id = number(tx)
    if state is NumberState.LOA_REQUIRED:
        set_state(tx, number_id, NumberState.UNAUTHORISED)
    set_state(tx, number_id, state)
    with pytest.raises(Conflict, match="Only authorised"):
        put_on(tx, active_campaign(tx), [number_id])


def test_a_number_is_on_one_campaign_and_all_are_put_on_or_none(tx: Tx) -> None:
    first, second = active_campaign(tx), active_campaign(tx)
    put_on(tx, first, [number(tx)])
    other = number(tx, "+12125550124")
    with pytest.raises(Conflict, match="on the campaign Care"):
        put_on(tx, second, [other, OWN_NUMBER])
    assert state_of(tx, "+12125550124") == ("authorised", None)
    with pytest.raises(NotFound):
        put_on(tx, second, ["+12125559999"])


@pytest.mark.parametrize(
    ("changes", "most"),
    [({}, 49), ({"usecase": "SOLE_PROPRIETOR", "subUsecases": ["2FA"]}, 1), ({"numberPool": True}, None)],
)
def test_a_campaign_has_as_many_numbers_as_it_may(tx: Tx, changes: dict[str, object], most: int | None) -> None:
    campaign_id, _ = registered(tx, **changes)
    numbers = [number(tx, f"+1212555{at:04}") for at in range(51)]
    put_on(tx, campaign_id, numbers[: most or 51])
    if most:
        with pytest.raises(Conflict, match=f"may have {most} numbers"):
            put_on(tx, campaign_id, numbers[most:])
    put_on(tx, campaign_id, numbers[: most or 51])
    assert read_campaign(tx, campaign_id).numbers == (most or 51)


def test_a_suspended_number_stays_on_its_campaign_and_is_registered_again_when_it_is_resumed(tx: Tx) -> None:
    campaign_id = active_campaign(tx)
    number_id = number(tx)
    put_on(tx, campaign_id, [number_id])
    set_number_state(tx, number_id, NumberState.SUSPENDED)
    assert state_of(tx) == ("suspended", campaign_id)
    pause(tx, campaign_id, "Complaint")
    enter_state(tx, campaign_id, Level.OWN, State.RUNNING)
    assert state_of(tx) == ("suspended", campaign_id)
    set_number_state(tx, number_id, NumberState.AUTHORISED)
    assert state_of(tx) == ("registered", campaign_id)


@pytest.mark.parametrize("way", ["withdraw", "release", "move"])
def test_a_number_that_is_authorised_no_longer_is_off_its_campaign(tx: Tx, way: str) -> None:
    campaign_id = active_campaign(tx)
    number_id = number(tx)
    put_on(tx, campaign_id, [number_id])
    if way == "move":
        assign(tx, number_id, location="Boston")
    else:
        set_number_state(tx, number_id, NumberState.UNAUTHORISED if way == "withdraw" else NumberState.RELEASED)
    assert state_of(tx)[1] is None
    assert read_campaign(tx, campaign_id).numbers == 0


@pytest.mark.parametrize("before", [NumberState.AUTHORISED, NumberState.SUSPENDED, NumberState.UNAUTHORISED])
def test_nobody_makes_a_number_registered_by_hand(tx: Tx, before: NumberState) -> None:
    number_id = number(tx)
    set_state(tx, number_id, before)
    for change in (set_state, set_number_state):
        with pytest.raises(Conflict, match="can't become registered"):
            change(tx, number_id, NumberState.REGISTERED)


def test_nobody_takes_a_registered_number_back_to_authorised_but_by_its_campaign(tx: Tx) -> None:
    campaign_id = active_campaign(tx)
    number_id = number(tx)
    put_on(tx, campaign_id, [number_id])
    with pytest.raises(Conflict):
        set_number_state(tx, number_id, NumberState.AUTHORISED)


def test_a_carrier_that_suspends_closes_itself_only_until_none_is_left(tx: Tx) -> None:
    campaign_id, theirs = registered(tx, mnoIds=["10017", "10035"])
    put_on(tx, campaign_id, [number(tx)])
    tell(tx, "CAMPAIGN_DCA_COMPLETE", theirs)
    tell(tx, "MNO_CAMPAIGN_OPERATION_SUSPENDED", theirs, "10017")
    assert read_campaign(tx, campaign_id).verdict.carriers == ("10035",)
    assert state_of(tx)[0] == "registered"
    tell(tx, "MNO_CAMPAIGN_OPERATION_SUSPENDED", theirs, "10035")
    assert state_of(tx)[0] == "authorised"


def test_moves_that_the_table_does_not_have_are_refused(tx: Tx) -> None:
    campaign_id = draft(tx)
    with pytest.raises(Conflict, match="can't become suspended"):
        enter_state(tx, campaign_id, Level.REGISTRY, State.SUSPENDED)
    with pytest.raises(Conflict, match="no id at the registry"):
        enter_state(tx, campaign_id, Level.REGISTRY, State.ACTIVE)
    for level, carrier in ((Level.CARRIER, ""), (Level.DCA, ATT), (Level.CARRIER, "99999")):
        with pytest.raises(BadInput, match="carrier"):
            enter_state(tx, campaign_id, level, State.REVIEW, carrier=carrier)


def test_every_change_is_in_the_ledger_and_what_may_name_people_is_sealed(
    archive: Archive, organisation: OrganisationRow
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        campaign_id = active_campaign(tx)
        put_on(tx, campaign_id, [number(tx)])
        pause(tx, campaign_id, "Dana complained")
    [added], [entered] = (
        trail(archive, organisation, "brand.added"),
        trail(archive, organisation, "campaign.state-entered")[:1],
    )
    assert added.private["fields"]["email"] == BRAND["email"]
    assert BRAND["email"] not in str(added.detail)
    assert entered.private == {"reason": "Dana complained"}
    kinds = ("campaign.drafted", "campaign.registered", "campaign.moved", "campaign.activity-changed")
    assert all(trail(archive, organisation, kind) for kind in kinds)
    [off, on] = trail(archive, organisation, "number.campaign-changed")
    assert (on.detail["state"], off.detail["state"]) == ("registered", "authorised")
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        steps = steps_of(tx, campaign_id)
    assert [step.event or step.state for step in steps] == [
        "paused",
        "CAMPAIGN_DCA_COMPLETE",
        "CAMPAIGN_ADD",
        "submitted",
    ]


def test_what_changes_nothing_is_not_written(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        campaign_id = active_campaign(tx)
        put_on(tx, campaign_id, [number(tx)])
    before = ledger_size(archive, organisation.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        put_on(tx, campaign_id, [OWN_NUMBER])
        change_campaign(tx, campaign_id, CAMPAIGN, name="Care")
        enter_state(tx, campaign_id, Level.OWN, State.RUNNING)
    assert ledger_size(archive, organisation.id) == before


def test_on_which_campaign_a_number_was_is_known_of_each_moment(
    archive: Archive, organisation: OrganisationRow, clock: StandingClock
) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        campaign_id = active_campaign(tx)
        put_on(tx, campaign_id, [number(tx)])
        then = tx.now
    clock.advance(days=1)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        take_off(tx, campaign_id, [OWN_NUMBER])
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        found = [number_at(tx, OWN_NUMBER, at) for at in (then, tx.now)]
    assert [(one.state.value, one.campaign) if one else None for one in found] == [
        ("registered", campaign_id),
        ("authorised", None),
    ]


def test_another_organisation_has_none_of_it(archive: Archive, organisation: OrganisationRow) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        campaign_id = active_campaign(tx)
    name = f"beside {organisation.id}"
    other = create_organisation(archive.transactions, name, OPERATOR, archive.settings.public_url)
    with archive.transactions.write(other.id, OPERATOR) as tx:
        assert list_campaigns(tx) == []
        for action in (read_campaign, steps_of):
            with pytest.raises(NotFound):
                action(tx, campaign_id)
        with pytest.raises(NotFound):
            pause(tx, campaign_id, "")
