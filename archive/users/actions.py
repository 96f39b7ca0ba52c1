"""Adding and changing users, and giving one a primary number."""

from dataclasses import replace
from typing import Any

from archive.core import phone
from archive.core.details import BadDetail
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.locations.naming import called, see_to
from archive.locations.store import location_by_name
from archive.numbers.actions import assign
from archive.numbers.model import NumberState
from archive.numbers.store import NumberRow, nobodys_numbers, number_by_e164, numbers_held
from archive.tx import Tx
from archive.users import store
from archive.users.events import UserAdded, UserChanged
from archive.users.holding import read, told
from archive.users.model import User, checked, key_of
from archive.users.store import UserRow


def add_user(tx: Tx, user: User, source_id: str | None = None) -> UserRow:
    """Numbers that are assigned to this name already are theirs, if it is nobody else's name."""
    user = checked(user)
    _check_free(tx, user.email, None)
    number = _number(tx, user.primary_number)
    row = UserRow(org_id=tx.org_id, id=new_id("usr", tx.now), source_id=source_id, added_at=tx.now)
    _write(tx, row, user)
    tx.session.add(row)
    tx.record(told(tx, row, UserAdded))
    for theirs in nobodys_numbers(tx, user.name) if len(store.users_called(tx, user.name)) == 1 else ():
        assign(tx, theirs.id, user_id=row.id)
    _give(tx, row, number)
    return row


def change_user(tx: Tx, user_id: str, source_id: str | None = None, **changes: Any) -> UserRow:
    """`changes`: fields of `User`; what is left out stays as it is. `source_id` is remembered.

    The numbers of a user who is called otherwise from now on are assigned to the new name.
    """
    row = found(tx, user_id)
    before = read(tx, row)
    after = checked(replace(before, **changes))
    after = replace(after, location=called(tx, after.location))
    if after == before and source_id in (None, row.source_id):
        return row
    _check_free(tx, after.email, row.id)
    number = _number(tx, after.primary_number) if after.primary_number != before.primary_number else None
    row.source_id = source_id or row.source_id
    _write(tx, row, after)
    tx.record(told(tx, row, UserChanged))
    if after.name != before.name:
        for held in numbers_held(tx, row.id):
            assign(tx, held.id, user_id=row.id)
    _give(tx, row, number)
    return row


def found(tx: Tx, user_id: str) -> UserRow:
    row = store.user_by_id(tx, user_id)
    if row is None:
        raise NotFound(f"There is no user {user_id}.", "`/users` lists those that there are.")
    return row


def found_by(tx: Tx, who: str) -> UserRow:
    """By id, e-mail address or name."""
    rows = [row for row in (store.user_by_id(tx, who), store.user_by_email(tx, who)) if row] if who.strip() else []
    rows = rows or list(store.users_called(tx, who))
    if len(rows) > 1:
        raise BadInput(f"{len(rows)} users are called {who!r}.", "Say which one by e-mail address or id.")
    if not rows:
        raise NotFound(f"There is no user {who!r}.", "`textarchive user list` shows those that there are.")
    return rows[0]


def _check_free(tx: Tx, email: str, user_id: str | None) -> None:
    other = store.user_by_email(tx, email) if email else None
    if other and other.id != user_id:
        raise Conflict(f"{email} is the address of {other.name}.", "Change that user, or correct the address.")


def _number(tx: Tx, e164: str) -> NumberRow | None:
    """The row of a primary number, looked for before anything is written."""
    number = number_by_e164(tx, e164) if e164 else None
    if e164 and (number is None or number.state == NumberState.RELEASED):
        shown = phone.display(e164)
        raise BadDetail("primary_number", f"{shown} is not one of the numbers.", "Add it to the numbers first.")
    return number


def _write(tx: Tx, row: UserRow, user: User) -> None:
    see_to(tx, user.location)
    location = location_by_name(tx, user.location) if user.location else None
    row.name, row.name_key, row.email = user.name, key_of(user.name), user.email
    row.location_id, row.extension = location.id if location else None, user.extension
    row.primary_number = user.primary_number


def _give(tx: Tx, row: UserRow, number: NumberRow | None) -> None:
    if number:
        assign(tx, number.id, user_id=row.id)
