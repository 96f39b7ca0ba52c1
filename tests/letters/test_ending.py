"""How letters end, and what becomes of the numbers that rest on them."""

import pytest

from archive.access.organisations import OrganisationRow
from archive.campaigns.assigning import put_on
from archive.core.actor import OPERATOR
from archive.core.errors import BadInput, Conflict
from archive.ledger.trail import Wanted, read_trail
from archive.letters.ending import revoke_letter
from archive.letters.model import LetterState
from archive.letters.reading import read_letter, state_of
from archive.numbers.actions import set_state
from archive.numbers.history import past_of
from archive.numbers.model import NumberState
from archive.numbers.store import number_by_e164
from archive.wiring import Archive
from tests.campaigns.making import active_campaign
from tests.letters.signing import DANA, NEEDS, OTHER_NEEDS, PLAIN, sign, standing

Numbers = tuple[str, str, str]


def revoke(archive: Archive, organisation: OrganisationRow, letter_id: str, reason: str = "Dana has left") -> list[str]:
    with archive.transactions.write(organisation.id, DANA) as tx:
        return revoke_letter(tx, letter_id, reason)


def test_revoking_withdraws_what_rests_on_it_alone(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    older = sign(archive, organisation, NEEDS)
    letter = sign(archive, organisation, NEEDS, OTHER_NEEDS)
    assert revoke(archive, organisation, letter.id) == [OTHER_NEEDS]
    assert standing(archive, organisation, NEEDS) == (NumberState.AUTHORISED, older.id)
    assert standing(archive, organisation, OTHER_NEEDS) == (NumberState.LOA_REQUIRED, None)
    with archive.transactions.read(organisation.id, DANA) as tx:
        states = [stretch.state for stretch in past_of(tx, OTHER_NEEDS).stretches]
    assert states[:2] == [NumberState.LOA_REQUIRED, NumberState.UNAUTHORISED]


@pytest.mark.parametrize("state", [NumberState.REGISTERED, NumberState.SUSPENDED])
def test_what_is_on_a_campaign_or_suspended_is_withdrawn_too(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers, state: NumberState
) -> None:
    letter = sign(archive, organisation, NEEDS)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        row = number_by_e164(tx, NEEDS)
        assert row
        if state is NumberState.REGISTERED:
            put_on(tx, active_campaign(tx), [row.id])
        else:
            set_state(tx, row.id, state)
    assert standing(archive, organisation, NEEDS) == (state, letter.id)
    assert revoke(archive, organisation, letter.id) == [NEEDS]
    assert standing(archive, organisation, NEEDS) == (NumberState.LOA_REQUIRED, None)


def test_a_letter_is_revoked_once_with_a_reason_that_is_sealed(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    letter = sign(archive, organisation, NEEDS)
    for wrong in ("", " ", "x" * 501):
        with pytest.raises(BadInput):
            revoke(archive, organisation, letter.id, wrong)
    revoke(archive, organisation, letter.id, "Dana  has left")
    with pytest.raises(Conflict, match="is revoked"):
        revoke(archive, organisation, letter.id)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        (ending,) = read_letter(tx, letter.id).endings
        (entry,) = read_trail(tx, Wanted(kind="letter.revoked"), 10, details=True)
    assert (ending.how, ending.reason, ending.by) == (LetterState.REVOKED, "Dana has left", str(DANA))
    assert (entry.detail, entry.private) == ({}, {"reason": "Dana has left"})


def test_another_list_of_numbers_is_another_letter_in_its_place(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    first = sign(archive, organisation, NEEDS, OTHER_NEEDS)
    second = sign(archive, organisation, NEEDS, PLAIN, supersedes=first.id)
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        before = read_letter(tx, first.id)
        assert state_of(before, tx.now) is LetterState.SUPERSEDED
    assert (before.numbers, before.pdf_sha256) == (first.numbers, first.pdf_sha256)
    assert before.endings[0].superseded_by == second.id
    assert standing(archive, organisation, NEEDS) == (NumberState.AUTHORISED, second.id)
    assert standing(archive, organisation, PLAIN) == (NumberState.AUTHORISED, second.id)
    assert standing(archive, organisation, OTHER_NEEDS) == (NumberState.LOA_REQUIRED, None)
    with pytest.raises(Conflict, match="is superseded"):
        sign(archive, organisation, NEEDS, supersedes=first.id)


def test_released_moved_and_added_again_a_number_rests_on_nothing(
    archive: Archive, organisation: OrganisationRow, numbers: Numbers
) -> None:
    from archive.numbers.actions import add_number, assign

    sign(archive, organisation, NEEDS, OTHER_NEEDS)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        moved, left = number_by_e164(tx, NEEDS), number_by_e164(tx, OTHER_NEEDS)
        assert moved and left
        assign(tx, moved.id, location="Boston")
        set_state(tx, left.id, NumberState.RELEASED, "Ported out")
    assert standing(archive, organisation, NEEDS) == (NumberState.UNAUTHORISED, None)
    assert standing(archive, organisation, OTHER_NEEDS) == (NumberState.RELEASED, None)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, OTHER_NEEDS)
    assert standing(archive, organisation, OTHER_NEEDS) == (NumberState.UNAUTHORISED, None)
