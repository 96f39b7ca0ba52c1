"""A table of users, taken in line by line; each line has its fate."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from archive.core.errors import BadInput
from archive.core.fates import Fate, Outcome, Taking
from archive.core.table import Cells, read_cells
from archive.tx import Tx
from archive.users import store
from archive.users.actions import add_user, change_user
from archive.users.holding import read
from archive.users.model import User, key_of
from archive.users.store import UserRow

COLUMNS = ("name", "email", "location", "primary_number", "extension")


def read_table(raw: bytes) -> list[Cells]:
    """Raises `BadInput` or `TooLarge` if the file as a whole can't be read; what is wrong with a line stands in it."""
    return read_cells(raw, COLUMNS)


def take_table(tx: Tx, lines: Iterable[Cells]) -> list[Fate]:
    """A refused line changes nothing and costs the others nothing. To look first, give a transaction that reads."""
    taking = Taking()
    for line in lines:
        name, email = line.given.get("name", ""), line.given.get("email", "")
        taking.one(line.line, name, line.fault, partial(_take, tx, line), key=email.lower() or key_of(name))
    return taking.fates


def _take(tx: Tx, line: Cells) -> Outcome:
    said: dict[str, Any] = dict(line.given)
    row = _meant(tx, said["name"], said.get("email", ""))
    if row is None:
        add_user(tx, User(**said))
        return Outcome.ADDED
    before = read(tx, row)
    return Outcome.UNCHANGED if read(tx, change_user(tx, row.id, **said)) == before else Outcome.CHANGED


def _meant(tx: Tx, name: str, email: str) -> UserRow | None:
    """Whom a line is about: by e-mail address, or else by name among those who have none, or whose line has none."""
    if email and (row := store.user_by_email(tx, email)):
        return row
    called = [row for row in store.users_called(tx, name) if not (email and row.email)]
    if len(called) > 1:
        raise BadInput(f"{len(called)} users are called {name}.", "Say in the column `email` which one is meant.")
    return called[0] if called else None
