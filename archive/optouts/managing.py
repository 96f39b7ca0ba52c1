"""What a person does about opt-outs: adding one that was said aloud, taking one back, deciding about a suspicion."""

from datetime import datetime

from archive.core import phone
from archive.core.errors import BadInput, Conflict, NotFound
from archive.ledger.entry import Event
from archive.numbers.store import number_by_e164
from archive.optouts import store
from archive.optouts.model import EVERY_NUMBER, Change, History
from archive.optouts.recording import Parties, addresses, record_change
from archive.optouts.wording import Said
from archive.tx import Tx

NOTE_LENGTH = 500


class OptOutDecided(Event, frozen=True, kw_only=True):
    """`confirmed`: the suspected text was taken for what it may mean."""

    kind = "optout.decided"
    confirmed: bool


class OptOutReachChanged(Event, frozen=True, kw_only=True):
    kind = "optout.reach-changed"
    everywhere: bool


def add_opt_out(
    tx: Tx, party: str, *, own_number: str = EVERY_NUMBER, note: str, said_at: datetime | None = None
) -> Change:
    """Somebody told us in another way than by text. Without an own number they are not to be texted from any."""
    address, own_number, note = other_party(party), own(tx, own_number), _checked(note)
    said_at = past(tx, said_at)
    parties = Parties(tx)
    if _history(tx, {parties.of(address)}).standing(own_number, parties.of(address)):
        raise Conflict(f"{phone.display(address)} has opted out already.", "There is nothing to add.")
    return record_change(tx, parties, own_number, address, Said.OPT_OUT, said_at, "person", note=note)


def withdraw(tx: Tx, entry: int, note: str) -> Change:
    """Somebody who had opted out said in another way than by text that they may be texted again."""
    note, change = _checked(note), in_force(tx, entry)
    address = addresses(tx, {change.party})[change.party]
    return record_change(tx, Parties(tx), change.own_number, address, Said.OPT_IN, tx.now, "person", note=note)


def in_force(tx: Tx, entry: int) -> Change:
    """By its entry in the ledger; raises `NotFound` for one that is not in force."""
    found = next((change for change in store.all_changes(tx) if change.entry == entry), None)
    standing = _history(tx, {found.party}).standing(found.own_number, found.party) if found else None
    if standing is None or standing.entry != entry:
        raise NotFound(f"No opt-out {entry} is in force.", "`/opt-outs` lists those that are.")
    return standing


def decide(tx: Tx, serial: int, *, confirmed: bool) -> None:
    """Take a suspected text for what it may mean, from the moment at which it was sent; or for nothing."""
    row = store.suspicion(tx, serial)
    if row is None:
        raise NotFound(f"There is no suspicion about text {serial}.", "`/opt-outs` lists those that wait.")
    if row.decision is not None:
        raise Conflict("This was decided already.", "What was decided is in the audit trail.")
    row.decision, row.decided_at, row.decided_by = "confirmed" if confirmed else "dismissed", tx.now, str(tx.actor)
    tx.record(OptOutDecided(subject=f"message:{serial}", confirmed=confirmed))
    if confirmed:
        address = addresses(tx, {row.party})[row.party]
        record_change(tx, Parties(tx), row.own_number, address, Said(row.means), row.said_at, "person", serial)


def set_reach(tx: Tx, *, everywhere: bool) -> None:
    """Whether an opt-out from one number is one from all. What is in force is worked out anew; nothing is lost."""
    if store.everywhere(tx) != everywhere:
        store.set_reach(tx, everywhere=everywhere)
        tx.record(OptOutReachChanged(everywhere=everywhere))


def own(tx: Tx, number: str) -> str:
    """The canonical own number; raises `BadInput` for one that is not the organisation's."""
    if not number.strip():
        return EVERY_NUMBER
    address = phone.parse(number.strip()).address
    if number_by_e164(tx, address) is None:
        raise BadInput(f"{number} is not one of the organisation's numbers.", "Leave it out to mean all of them.")
    return address


def other_party(party: str) -> str:
    found = phone.parse(party.strip())
    if found.kind not in ("number", "short-code"):
        raise BadInput(f"{party[:40]!r} is not a telephone number.", "Type it like +1 (415) 555-0188.")
    return found.address


def _checked(note: str) -> str:
    note = " ".join(note.split())
    if not 1 <= len(note) <= NOTE_LENGTH:
        raise BadInput(f"A note has 1 to {NOTE_LENGTH} characters.", "Say how you know: who said it, to whom.")
    return note


def past(tx: Tx, said_at: datetime | None) -> datetime:
    if said_at is None:
        return tx.now
    if said_at.tzinfo is None or said_at > tx.now:
        raise BadInput("The time is still to come, or has no time zone.", "Write it like 2026-11-23T15:00:00Z.")
    return said_at


def _history(tx: Tx, parties: set[int]) -> History:
    return History(store.changes_of(tx, parties), everywhere=store.everywhere(tx))
