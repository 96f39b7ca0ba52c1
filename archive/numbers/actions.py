"""Adding numbers and changing their state."""

from archive.core import phone
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.ledger.entry import Event
from archive.numbers import store
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow
from archive.tx import Tx

TEXT_LENGTH = 200

# What a person is offered from each state. Registering is the campaign's doing; a released number stays what it is
# until it is authorised anew.
OFFERED = {
    NumberState.UNAUTHORISED: (NumberState.AUTHORISED, NumberState.RELEASED),
    NumberState.LOA_REQUIRED: (NumberState.AUTHORISED, NumberState.RELEASED),
    NumberState.AUTHORISED: (NumberState.SUSPENDED, NumberState.UNAUTHORISED, NumberState.RELEASED),
    NumberState.REGISTERED: (NumberState.SUSPENDED, NumberState.RELEASED),
    NumberState.SUSPENDED: (NumberState.AUTHORISED, NumberState.RELEASED),
    NumberState.RELEASED: (NumberState.AUTHORISED,),
}


class NumberAdded(Event, frozen=True, kw_only=True):
    kind = "number.added"
    e164: str
    state: str
    location: str


class NumberStateChanged(Event, frozen=True, kw_only=True):
    kind = "number.state-changed"
    e164: str
    before: str
    after: str


def add_number(
    tx: Tx, number: str, *, location: str = "", label: str = "", state: NumberState = NumberState.UNAUTHORISED
) -> NumberRow:
    """An own number in any usual spelling. It starts unauthorised unless an administrator says otherwise."""
    party = phone.parse(number.strip())
    if not phone.is_domestic(party, territories=True):
        raise BadInput(f"{number!r} is not a telephone number of the US or Canada.", "Type it like +1 (415) 555-0188.")
    if max(len(location), len(label)) > TEXT_LENGTH:
        raise BadInput(f"Location and label have up to {TEXT_LENGTH} characters.", "Shorten them.")
    if any(character < " " for character in location + label):
        raise BadInput("Location and label are one line each.", "Leave out line breaks and control characters.")
    if store.number_by_e164(tx, party.address):
        raise Conflict(f"{phone.display(party.address)} is here already.", "Change its state instead.")
    row = NumberRow(
        org_id=tx.org_id,
        id=new_id("num", tx.now),
        e164=party.address,
        location=location.strip(),
        label=label.strip(),
        state=state.value,
        since=tx.now,
        added_at=tx.now,
    )
    tx.session.add(row)
    tx.record(NumberAdded(subject=row.id, e164=row.e164, state=row.state, location=row.location))
    return row


def set_state(tx: Tx, number_id: str, state: NumberState) -> NumberRow:
    row = store.number_by_id(tx, number_id)
    if row is None:
        raise NotFound(f"There is no number {number_id}.", "`/numbers` lists those that there are.")
    if row.state != state.value:
        tx.record(NumberStateChanged(subject=row.id, e164=row.e164, before=row.state, after=state.value))
        row.state, row.since = state.value, tx.now
    return row
