"""The users that Webex has, and the numbers that are theirs."""

from dataclasses import asdict
from functools import partial

from archive.core import phone
from archive.numbers.actions import assign
from archive.numbers.model import NumberState
from archive.numbers.store import number_by_e164
from archive.tx import Tx
from archive.users import store
from archive.users.actions import add_user, change_user
from archive.users.holding import read
from archive.users.model import User
from archive.users.store import UserRow
from archive.webex.model import Said, SaidNumber, SaidUser
from archive.webex.places import names_of
from archive.webex.steps import Outcome, Steps, compared
from archive.webex.telephones import REASON

USER = "user"


def take_users(tx: Tx, said: Said, steps: Steps) -> None:
    places = names_of(tx)
    known = {row.source_id: row for row in store.all_users(tx) if row.source_id}
    theirs: dict[str, list[SaidNumber]] = {}
    for number in said.numbers:
        theirs.setdefault(number.user or "", []).append(number)
    for one in said.users:
        place, numbers = places.get(one.location or "", ""), theirs.get(one.source_id, [])
        steps.take(USER, one.name, partial(_take, tx, one, known.get(one.source_id), place, numbers))
    there = {one.source_id for one in said.users}
    for source_id, row in known.items():
        if source_id not in there:
            steps.note(USER, row.name, Outcome.VANISHED, "Webex has no such user any more.")


def _take(tx: Tx, one: SaidUser, row: UserRow | None, place: str, theirs: list[SaidNumber]) -> tuple[Outcome, str]:
    said = {"email": one.email, "location": place, "extension": one.extension}
    known = {"name": one.name, **{name: value for name, value in said.items() if value}}
    primary = next((number.e164 for number in theirs if number.primary), "")
    strange = primary and not _is_ours(tx, primary)
    row = row or _alike(tx, one)
    before = asdict(read(tx, row)) if row else None
    number = "" if strange else primary
    if row is None:
        row = add_user(tx, User(primary_number=number, **known), one.source_id)
    else:
        change_user(tx, row.id, one.source_id, primary_number=number, **known)
    _assign(tx, row, theirs)
    outcome, why = compared(before, asdict(read(tx, row))) if before else (Outcome.ADDED, "")
    missing = f"The primary number {phone.display(primary)} is not one of the numbers." if strange else ""
    return outcome, " ".join(part for part in (why, missing) if part)


def _assign(tx: Tx, row: UserRow, theirs: list[SaidNumber]) -> None:
    for number in theirs:
        here = number_by_e164(tx, number.e164)
        if here and here.state != NumberState.RELEASED:
            assign(tx, here.id, user_id=row.id, reason=REASON)


def _is_ours(tx: Tx, e164: str) -> bool:
    row = number_by_e164(tx, e164)
    return row is not None and row.state != NumberState.RELEASED


def _alike(tx: Tx, one: SaidUser) -> UserRow | None:
    """One that is not yet known to be Webex's: by e-mail address, or by a name, if that is all that is known."""
    if one.email and (row := store.user_by_email(tx, one.email)) and row.source_id is None:
        return row
    called = [row for row in store.users_called(tx, one.name) if not row.email and row.source_id is None]
    return called[0] if len(called) == 1 else None
