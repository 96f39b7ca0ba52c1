"""Adding numbers, changing their state, and giving them to another location or holder.

Each change is three things in one transaction: the number as it is now, one row of its history, one ledger entry.
"""

from archive.core import phone
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.ledger.entry import Event
from archive.locations.model import key_of
from archive.locations.naming import called, see_to
from archive.numbers import store
from archive.numbers.eligible import check_number
from archive.numbers.events import (
    NumberAdded,
    NumberAssigned,
    NumberCampaignChanged,
    NumberLetterChanged,
    NumberStateChanged,
)
from archive.numbers.model import NumberState
from archive.numbers.moves import ADDED_AS, move_between, move_by_hand, states_after
from archive.numbers.store import NumberChangeRow, NumberRow
from archive.tx import Tx
from archive.users.holding import let_go, user_called
from archive.users.store import user_by_id

RESTS = frozenset({NumberState.AUTHORISED, NumberState.REGISTERED, NumberState.SUSPENDED})
"""The states in which a number's authorisation, the letter that it rests on, and its campaign go on counting."""

TEXT_LENGTH = 200
REASON_LENGTH = 500


def add_number(
    tx: Tx,
    number: str,
    *,
    location: str = "",
    label: str = "",
    state: NumberState = NumberState.UNAUTHORISED,
    reason: str = "",
) -> NumberRow:
    """An own number in any usual spelling; one that was released is taken back.

    It starts unauthorised unless an administrator says otherwise.
    """
    e164 = _own(number)
    location, label, reason = called(tx, _line(location)), _line(label), _line(reason, REASON_LENGTH)
    if state not in ADDED_AS:
        raise BadInput(f"A number can't be added as {state}.", "Add it as authorised, and change its state then.")
    row = store.number_by_e164(tx, e164)
    if row and row.state != NumberState.RELEASED:
        raise Conflict(f"{phone.display(e164)} is here already.", "Change its state instead.")
    if state is NumberState.AUTHORISED:
        check_number(tx, e164, location, user_called(tx, label))
    row = row or NumberRow(org_id=tx.org_id, id=new_id("num", tx.now), e164=e164, added_at=tx.now)
    tx.session.add(row)
    row.location, row.label, row.letter = location, label, None
    row.state, row.since = state.value, tx.now
    row.user_id = user_called(tx, label)
    added = NumberAdded(
        subject=row.id,
        e164=e164,
        state=row.state,
        location=location,
        holder=label or None,
        user_id=row.user_id,
        reason=reason or None,
    )
    return _changed(tx, row, added, reason)


def set_state(tx: Tx, number_id: str, state: NumberState, reason: str = "", letter: str | None = None) -> NumberRow:
    """Raises `Conflict` where no move of the table leads there, or only a campaign's.

    `letter`: the Letter of Authorization by which it becomes authorised; a number that needs one needs it here. A
    suspended number stays on its campaign; one that is authorised no longer is taken off it.
    """
    row, reason = _found(tx, number_id), _line(reason, REASON_LENGTH)
    before = NumberState(row.state)
    if before is state:
        return row
    if move_by_hand(before, state) is None:
        after = ", ".join(states_after(before))
        raise Conflict(f"A number that is {before} can't become {state}.", f"From there it can become: {after}.")
    check_letter(before, state, letter)
    if state is NumberState.AUTHORISED:
        check_number(tx, row.e164, row.location, row.user_id)
    row.state, row.since = state.value, tx.now
    row.campaign = row.campaign if state in RESTS else None
    row.letter = letter or (row.letter if state in RESTS else None)
    changed = NumberStateChanged(
        subject=row.id, e164=row.e164, before=before, after=state, reason=reason or None, letter=letter
    )
    return _changed(tx, row, changed, reason)


def check_letter(before: NumberState, after: NumberState, letter: str | None) -> None:
    if (before, after) == (NumberState.LOA_REQUIRED, NumberState.AUTHORISED) and letter is None:
        raise Conflict(
            "This number needs a Letter of Authorization.",
            "Sign one at `/letters/new`, which authorises it, or withdraw the number if it needs none.",
        )


def rest_on(tx: Tx, number_id: str, letter: str, reason: str = "") -> NumberRow:
    """An authorised number's authorisation rests on another letter from now on."""
    row, reason = _found(tx, number_id), _line(reason, REASON_LENGTH)
    if row.letter == letter:
        return row
    row.letter = letter
    changed = NumberLetterChanged(subject=row.id, e164=row.e164, letter=letter, reason=reason or None)
    return _changed(tx, row, changed, reason)


def assign(
    tx: Tx,
    number_id: str,
    *,
    location: str | None = None,
    label: str | None = None,
    user_id: str | None = None,
    reason: str = "",
) -> NumberRow:
    """To another location, or another holder, or both; what is None stays as it is. `user_id` goes before `label`.

    A number that moves to another location has to be authorised anew, as one that was ported has.
    """
    row, reason = _found(tx, number_id), _line(reason, REASON_LENGTH)
    at = row.location if location is None else called(tx, _line(location))
    holder = holder_after(tx, row, label, user_id)
    if row.state == NumberState.RELEASED:
        raise Conflict(f"{phone.display(row.e164)} is released.", "Add it again first.")
    if (at, *holder) == (row.location, row.label, row.user_id):
        return row
    if key_of(at) != key_of(row.location) and row.state != NumberState.UNAUTHORISED:
        row.state, row.since = NumberState.UNAUTHORISED.value, tx.now
        row.letter, row.campaign = None, None
    row.location, (row.label, row.user_id) = at, holder
    assigned = NumberAssigned(
        subject=row.id,
        e164=row.e164,
        state=row.state,
        location=row.location,
        holder=row.label or None,
        user_id=row.user_id,
        reason=reason or None,
    )
    return _changed(tx, row, assigned, reason)


def place(tx: Tx, row: NumberRow, campaign: str | None, *, active: bool, reason: str = "") -> None:
    """On a campaign, or off any (None): the campaigns' own way, which is not for surfaces.

    A number on an active campaign is registered; a suspended one stays suspended. Raises `Conflict` for a number that
    is not authorised.
    """
    before = NumberState(row.state)
    if before not in RESTS:
        raise Conflict(f"{phone.display(row.e164)} is {before}.", "Only authorised numbers can be on a campaign.")
    state = before if before is NumberState.SUSPENDED else _on_campaign(campaign, active=active)
    if (state, campaign) == (before, row.campaign):
        return
    assert state is before or move_between(before, state) is not None
    row.since = row.since if state is before else tx.now
    row.state, row.campaign = state.value, campaign
    changed = NumberCampaignChanged(
        subject=row.id, e164=row.e164, before=before, state=state, campaign=campaign, reason=reason or None
    )
    _changed(tx, row, changed, reason)


def _on_campaign(campaign: str | None, *, active: bool) -> NumberState:
    return NumberState.REGISTERED if campaign and active else NumberState.AUTHORISED


def follow_name(tx: Tx, before: str, after: str, entry: int) -> None:
    """Numbers of a location that has another name from now on stay where they are; `entry` is that of the renaming."""
    for row in store.all_numbers(tx):
        if key_of(row.location) == key_of(before):
            row.location = after
            _remember(tx, row, entry, "")


def _changed(tx: Tx, row: NumberRow, event: Event, reason: str) -> NumberRow:
    see_to(tx, row.location)
    entry = tx.record(event)
    tx.session.flush()  # The number before its history, which refers to it.
    let_go(tx, row.e164, None if row.state == NumberState.RELEASED else row.user_id)
    _remember(tx, row, entry, reason)
    return row


def _remember(tx: Tx, row: NumberRow, entry: int, reason: str) -> None:
    change = NumberChangeRow(
        org_id=tx.org_id,
        number_id=row.id,
        entry=entry,
        changed_at=tx.now,
        changed_by=str(tx.actor),
        state=row.state,
        location=row.location,
        label=row.label,
        user_id=row.user_id,
        reason=reason,
        letter=row.letter,
        campaign=row.campaign,
    )
    tx.session.add(change)


def holder_after(tx: Tx, row: NumberRow, label: str | None, user_id: str | None = None) -> tuple[str, str | None]:
    """(whom it is assigned to, which user that is). A name that stays goes on meaning the same user."""
    if user_id:
        user = user_by_id(tx, user_id)
        assert user is not None
        return user.name, user.id
    name = row.label if label is None else _line(label)
    same = label is None or (name == row.label and row.user_id)
    return name, row.user_id if same else user_called(tx, name)


def _found(tx: Tx, number_id: str) -> NumberRow:
    row = store.number_by_id(tx, number_id)
    if row is None:
        raise NotFound(f"There is no number {number_id}.", "`/numbers` lists those that there are.")
    return row


def _own(number: str) -> str:
    party = phone.parse(number.strip())
    if not phone.is_domestic(party, territories=True):
        raise BadInput(f"{number!r} is not a telephone number of the US or Canada.", "Type it like +1 (415) 555-0188.")
    return party.address


def _line(text: str, longest: int = TEXT_LENGTH) -> str:
    if len(text) > longest:
        raise BadInput("Location and label have up to 200 characters, a reason up to 500.", "Shorten them.")
    if any(character < " " for character in text):
        raise BadInput("Location, label and reason are one line each.", "Leave out line breaks and control characters.")
    return text.strip()
