"""Who holds a number, below the numbers: a number is assigned to a name, which may be a user's."""

from archive.locations.store import all_locations, location_by_id
from archive.tx import Tx
from archive.users import store
from archive.users.events import UserAdded, UserChanged
from archive.users.model import User
from archive.users.store import UserRow


def user_called(tx: Tx, name: str) -> str | None:
    """The id of the user whom a name means; None where it is nobody's, or that of several."""
    found = store.users_called(tx, name) if name else []
    return found[0].id if len(found) == 1 else None


def let_go(tx: Tx, e164: str, holder: str | None) -> None:
    """A number that `holder` has from now on is nobody else's primary number any more."""
    for row in store.users_with_primary(tx, e164):
        if row.id != holder:
            row.primary_number = ""
            tx.record(told(tx, row, UserChanged))


def read(tx: Tx, row: UserRow) -> User:
    location = location_by_id(tx, row.location_id) if row.location_id else None
    return _user(row, location.name if location else "")


def read_all(tx: Tx) -> list[tuple[UserRow, User]]:
    """Everybody, by name, with the locations looked for once."""
    names = {row.id: row.name for row in all_locations(tx)}
    return [(row, _user(row, names.get(row.location_id or "", ""))) for row in store.all_users(tx)]


def _user(row: UserRow, location: str) -> User:
    return User(row.name, row.email, location, row.primary_number, row.extension)


def told(tx: Tx, row: UserRow, kind: type[UserAdded]) -> UserAdded:
    """The event with all that is known of a user."""
    user = read(tx, row)
    return kind(
        subject=row.id,
        name=user.name,
        email=user.email or None,
        extension=user.extension or None,
        location=user.location or None,
        primary_number=user.primary_number or None,
        source_id=row.source_id,
    )
