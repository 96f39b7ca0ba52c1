"""People of an organisation: who may sign in, and as what."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from unicodedata import normalize

from sqlalchemy import ForeignKeyConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.access.passwords import hash_password, one_time_password
from archive.access.roles import Permission, Role, permissions_of
from archive.access.sessions import end_sessions
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.db.base import BOOKKEEPING, Base, OfOrganisation
from archive.ledger.entry import Event
from archive.tx import Tx

NAME_LENGTH = 200
EMAIL_LENGTH = 254
_is_email = re.compile(r"[^@\s]+@[^@\s]+").fullmatch


class PersonRow(OfOrganisation, Base):
    """`email_key` is the address as it is compared: one person, one organisation."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    roles: Mapped[str]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    @property
    def role_set(self) -> frozenset[Role]:
        return frozenset(Role(name) for name in self.roles.split(","))

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.role_set)


class PersonActivityRow(OfOrganisation, Base):
    """When somebody was last here. Apart from the person, since it is no decision of anybody."""

    __tablename__ = "person_activity"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "person_id"], ["person.org_id", "person.id"], ondelete="RESTRICT"),
        {"info": BOOKKEEPING},
    )

    person_id: Mapped[str] = mapped_column(primary_key=True)
    last_sign_in_at: Mapped[datetime]


class PersonCreated(Event, frozen=True, kw_only=True):
    kind = "person.created"
    private: ClassVar[frozenset[str]] = frozenset({"name", "email"})
    name: str
    email: str
    roles: list[str]


class RolesChanged(Event, frozen=True, kw_only=True):
    kind = "roles.changed"
    before: list[str]
    after: list[str]


class PersonDisabled(Event, frozen=True, kw_only=True):
    kind = "person.disabled"
    sessions_ended: int


class PersonEnabled(Event, frozen=True, kw_only=True):
    kind = "person.enabled"


class PasswordChanged(Event, frozen=True, kw_only=True):
    kind = "password.changed"
    sessions_ended: int


class PasswordReset(Event, frozen=True, kw_only=True):
    """An administrator gave out a new one-time password."""

    kind = "password.reset"
    sessions_ended: int


def create_person(tx: Tx, *, name: str, email: str, roles: Iterable[Role]) -> tuple[PersonRow, str]:
    """A new person, and the one-time password with which they sign in first; it is kept nowhere."""
    name, email, roles = name.strip(), email.strip(), frozenset(roles)
    _check_new(name, email, roles)
    password = one_time_password()
    row = PersonRow(
        org_id=tx.org_id,
        id=new_id("per", tx.now),
        name=name,
        email=email,
        email_key=email_key(email),
        roles=_joined(roles),
        password_hash=hash_password(password),
        must_change_password=True,
        created_at=tx.now,
    )
    _insert(tx.session, row)
    tx.record(PersonCreated(subject=row.id, name=name, email=email, roles=sorted(roles)))
    return row, password


def list_people(tx: Tx) -> list[PersonRow]:
    return list(tx.session.scalars(select(PersonRow).order_by(PersonRow.name, PersonRow.id)))


def last_sign_ins(tx: Tx) -> dict[str, datetime]:
    """By person id."""
    return {row.person_id: row.last_sign_in_at for row in tx.session.scalars(select(PersonActivityRow))}


def get_person(tx: Tx, person_id: str) -> PersonRow:
    row = tx.session.scalar(select(PersonRow).where(PersonRow.id == person_id))
    if row is None:
        raise NotFound("There is no such person.", "The list of people shows everybody.")
    return row


def find_by_email(session: Session, email: str) -> PersonRow | None:
    """In all organisations: who signs in has not said which one."""
    return session.scalar(select(PersonRow).where(PersonRow.email_key == email_key(email)))


def set_roles(tx: Tx, person_id: str, roles: Iterable[Role]) -> PersonRow:
    row, after = get_person(tx, person_id), frozenset(roles)
    before = row.role_set
    if before == after:
        return row
    if not after:
        raise BadInput("Nobody is without a role.", "Disable the person instead.")
    if Role.ADMINISTRATOR not in after:
        _keep_an_administrator(tx, row)
    row.roles = _joined(after)
    tx.record(RolesChanged(subject=row.id, before=sorted(before), after=sorted(after)))
    return row


def disable_person(tx: Tx, person_id: str) -> PersonRow:
    """They are signed out at once and can't sign in; what they did stays in the trail."""
    row = get_person(tx, person_id)
    if row.disabled_at:
        return row
    _keep_an_administrator(tx, row)
    row.disabled_at = tx.now
    tx.record(PersonDisabled(subject=row.id, sessions_ended=end_sessions(tx, row.id)))
    return row


def enable_person(tx: Tx, person_id: str) -> tuple[PersonRow, str]:
    """Back again, with a new one-time password."""
    row = get_person(tx, person_id)
    if row.disabled_at is None:
        raise Conflict(f"{row.name} is not disabled.", "There is nothing to do.")
    row.disabled_at = None
    tx.record(PersonEnabled(subject=row.id))
    return reset_password(tx, person_id)


def reset_password(tx: Tx, person_id: str) -> tuple[PersonRow, str]:
    """A new one-time password for somebody who lost theirs; ends their sessions."""
    row = get_person(tx, person_id)
    if row.disabled_at:
        raise Conflict(f"{row.name} is disabled.", "Enable the person first.")
    password = one_time_password()
    row.password_hash, row.must_change_password = hash_password(password), True
    tx.record(PasswordReset(subject=row.id, sessions_ended=end_sessions(tx, row.id)))
    return row, password


def change_password(tx: Tx, person_id: str, *, before: str, after: str) -> PersonRow:
    """Both are hashes. Ends every session of the person: whoever else knew the old password is out."""
    row = get_person(tx, person_id)
    if row.password_hash != before or row.disabled_at:
        raise Conflict("The password was changed elsewhere in the meantime.", "Sign in again.")
    row.password_hash, row.must_change_password = after, False
    tx.record(PasswordChanged(subject=row.id, sessions_ended=end_sessions(tx, row.id)))
    return row


def note_sign_in(tx: Tx, person_id: str) -> None:
    """The caller holds the organisation's head, so nobody else writes this row."""
    tx.session.execute(delete(PersonActivityRow).where(PersonActivityRow.person_id == person_id))
    tx.session.add(PersonActivityRow(org_id=tx.org_id, person_id=person_id, last_sign_in_at=tx.now))


def email_key(email: str) -> str:
    return normalize("NFKC", email.strip()).casefold()


def _check_new(name: str, email: str, roles: frozenset[Role]) -> None:
    if not 1 <= len(name) <= NAME_LENGTH:
        raise BadInput(f"A name has 1 to {NAME_LENGTH} characters.", "Give the person a name.")
    if len(email) > EMAIL_LENGTH or not _is_email(email):
        raise BadInput(f"{email!r} is not an e-mail address.", "It looks like dana@example.com.")
    if not roles:
        raise BadInput("Nobody is without a role.", "Choose at least one.")


def _insert(session: Session, row: PersonRow) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        # The address may be another organisation's, which no query of this transaction can see; the constraint can.
        raise Conflict(f"{row.email} is in use already.", "One address signs in to one organisation.") from None


def _keep_an_administrator(tx: Tx, leaving: PersonRow) -> None:
    others = (row for row in list_people(tx) if row.id != leaving.id and row.disabled_at is None)
    if Role.ADMINISTRATOR in leaving.role_set and not any(Role.ADMINISTRATOR in row.role_set for row in others):
        raise Conflict(f"{leaving.name} is the last administrator.", "Make somebody else an administrator first.")


def _joined(roles: Iterable[Role]) -> str:
    return ",".join(sorted(roles))
