"""Opening support cases, noting what became of them, and reminding of those that are late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.campaigns.cases import store
from archive.campaigns.cases.model import CaseState, Due, Urgency, due, move_between, states_after
from archive.campaigns.cases.store import CaseRow, CaseStepRow
from archive.campaigns.drafting import found_campaign
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.keys.keyring import PROVIDERS
from archive.ledger.entry import Event
from archive.tx import Tx

NOTE_LENGTH: Final = 2_000
REFERENCE_LENGTH: Final = 100


class CaseOpened(Event, frozen=True, kw_only=True):
    kind = "case.opened"
    private = frozenset({"note"})
    campaign: str
    note: str | None = None


class CaseMoved(Event, frozen=True, kw_only=True):
    """`reference`: the provider's number of it from then on. In the same state: a note was added."""

    kind = "case.moved"
    private = frozenset({"note"})
    campaign: str
    before: str
    after: str
    reference: str | None = None
    note: str | None = None


class CaseReminded(Event, frozen=True, kw_only=True):
    """Somebody is to be reminded: what is due by `due_at` is not done."""

    kind = "case.reminded"
    campaign: str
    due_at: datetime
    ours: bool


@dataclass(frozen=True, slots=True)
class CaseStep:
    at: datetime
    by: str
    state: CaseState
    note: str
    entry: int


@dataclass(frozen=True, slots=True)
class Case:
    """`steps`: newest first. `due` is None once it is done."""

    id: str
    campaign_id: str
    reference: str
    state: CaseState
    since: datetime
    opened_at: datetime
    sent_at: datetime | None
    due: Due | None
    urgency: Urgency
    steps: tuple[CaseStep, ...]


def open_case(tx: Tx, campaign_id: str, note: str = "") -> Case:
    """One at a time for a campaign; raises `Conflict` while another is not done."""
    campaign = found_campaign(tx, campaign_id)
    if any(row.state != CaseState.DONE for row in store.all_cases(tx, campaign.id)):
        raise Conflict("The campaign has a case that is not done.", "Go on with that one, or close it first.")
    row = CaseRow(
        org_id=tx.org_id,
        id=new_id("cas", tx.now),
        campaign_id=campaign.id,
        reference="",
        state=CaseState.OPENED.value,
        since_at=tx.now,
        opened_at=tx.now,
    )
    note = _note(note)
    row.entry = tx.record(CaseOpened(subject=row.id, campaign=campaign.id, note=note or None))
    tx.session.add(row)
    tx.session.flush()
    _remember(tx, row, note)
    return read_case(tx, row.id)


def change_case(
    tx: Tx, case_id: str, *, state: CaseState | None = None, note: str = "", reference: str | None = None
) -> Case:
    """Into another state, with a note, or only a note. Raises `Conflict` where no move of the table leads there."""
    row, note = _found(tx, case_id), _note(note)
    before = CaseState(row.state)
    after = before if state is None else state
    if after is not before and move_between(before, after) is None:
        possible = ", ".join(states_after(before))
        raise Conflict(f"A case that is {before} can't become {after}.", f"It can become: {possible}.")
    called = row.reference if reference is None else _reference(reference)
    if after is before and not note and called == row.reference:
        return read_case(tx, row.id)
    if after is not before:
        row.state, row.since_at, row.reminded_at = after.value, tx.now, None
        row.sent_at = tx.now if after is CaseState.SENT else row.sent_at
    row.reference = called
    moved = CaseMoved(
        subject=row.id,
        campaign=row.campaign_id,
        before=before,
        after=after,
        reference=called or None,
        note=note or None,
    )
    row.entry = tx.record(moved)
    _remember(tx, row, note)
    return read_case(tx, row.id)


def remind(tx: Tx) -> int:
    """Put on record, once for each state of a case, that what is due is late; how many that were."""
    reminded = 0
    for row in store.all_cases(tx):
        owed = due(CaseState(row.state), row.since_at, row.sent_at)
        if owed and row.reminded_at is None and owed.urgency(tx.now) is Urgency.LATE:
            row.reminded_at = tx.now
            tx.record(CaseReminded(subject=row.id, campaign=row.campaign_id, due_at=owed.at, ours=owed.ours))
            reminded += 1
    return reminded


def due_cases(tx: Tx) -> list[Case]:
    """Those for which something is late or due within three days, the most urgent first."""
    cases = (_case(tx, row, steps=False) for row in store.all_cases(tx) if row.state != CaseState.DONE)
    return sorted((case for case in cases if case.due and case.urgency is not Urgency.NONE), key=_by_due)


def any_to_remind(tx: Tx) -> bool:
    return any(case.urgency is Urgency.LATE for case in due_cases(tx))


def cases_of(tx: Tx, campaign_id: str) -> list[Case]:
    """Newest first."""
    return [_case(tx, row) for row in store.all_cases(tx, found_campaign(tx, campaign_id).id)]


def read_case(tx: Tx, case_id: str) -> Case:
    tx.session.flush()
    return _case(tx, _found(tx, case_id))


def _by_due(case: Case) -> datetime:
    assert case.due
    return case.due.at


def _case(tx: Tx, row: CaseRow, *, steps: bool = True) -> Case:
    owed = due(CaseState(row.state), row.since_at, row.sent_at)
    return Case(
        id=row.id,
        campaign_id=row.campaign_id,
        reference=row.reference,
        state=CaseState(row.state),
        since=row.since_at,
        opened_at=row.opened_at,
        sent_at=row.sent_at,
        due=owed,
        urgency=owed.urgency(tx.now) if owed else Urgency.NONE,
        steps=tuple(_step(tx, step) for step in store.steps_of(tx, row.id)) if steps else (),
    )


def _step(tx: Tx, step: CaseStepRow) -> CaseStep:
    key = tx.keyring.by_id(tx.session, tx.org_id, step.key_id)
    assert key is not None
    note = key.open(step.sealed, _place(tx, step.case_id, step.entry)).decode()
    return CaseStep(step.changed_at, step.changed_by, CaseState(step.state), note, step.entry)


def _remember(tx: Tx, row: CaseRow, note: str) -> None:
    """Notes name people at the provider, so they are sealed."""
    key = tx.key(PROVIDERS)
    step = CaseStepRow(
        org_id=tx.org_id,
        case_id=row.id,
        entry=row.entry,
        changed_at=tx.now,
        changed_by=str(tx.actor),
        state=row.state,
        key_id=key.id,
        sealed=key.seal(note.encode(), _place(tx, row.id, row.entry)),
    )
    tx.session.add(step)


def _place(tx: Tx, case_id: str, entry: int) -> bytes:
    return f"{tx.org_id}:{case_id}:{entry}".encode()


def _found(tx: Tx, case_id: str) -> CaseRow:
    row = store.case_by_id(tx, case_id)
    if row is None:
        raise NotFound(f"There is no support case {case_id}.", "The page of its campaign shows it.")
    return row


def _note(note: str) -> str:
    note = note.replace("\r\n", "\n").strip()
    plain = all(character.isprintable() or character in "\n\t" for character in note)
    if len(note) > NOTE_LENGTH or not plain:
        raise BadInput(f"A note has up to {NOTE_LENGTH:,} characters.", "Shorten it.")
    return note


def _reference(reference: str) -> str:
    reference = reference.strip()
    if len(reference) > REFERENCE_LENGTH or not reference.isprintable():
        raise BadInput(
            f"The provider's number has up to {REFERENCE_LENGTH} characters.", "See what the provider wrote."
        )
    return reference
