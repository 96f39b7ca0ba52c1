"""Signing in and out. Who does not exist is told the same as who mistyped, after the same work."""

from dataclasses import dataclass
from typing import ClassVar

from archive.access.passwords import WrongPassword, check_choice, hash_password, is_password
from archive.access.people import PersonRow, change_password, find_by_email, get_person, note_sign_in
from archive.access.sessions import end_session, open_session
from archive.access.throttle import Guess, count_guess, forget_old, forgive
from archive.core.actor import Actor
from archive.core.errors import BadInput, NotSignedIn
from archive.ledger.entry import Event
from archive.tx import Transactions, Tx

_ABOUT_WHERE = frozenset({"address", "agent"})


@dataclass(frozen=True, slots=True)
class Whence:
    """Where a request comes from: network address and user agent."""

    address: str
    agent: str


class SignedIn(Event, frozen=True, kw_only=True):
    kind = "person.signed-in"
    private: ClassVar[frozenset[str]] = _ABOUT_WHERE
    address: str
    agent: str


class SignInFailed(Event, frozen=True, kw_only=True):
    kind = "person.sign-in-failed"
    private: ClassVar[frozenset[str]] = _ABOUT_WHERE
    address: str
    agent: str
    disabled: bool


class SignedOut(Event, frozen=True, kw_only=True):
    kind = "person.signed-out"


def sign_in(transactions: Transactions, email: str, password: str, whence: Whence) -> str:
    """The token of a new session. Raises `NotSignedIn`, or `TriedTooOften` with when to try again."""
    guess = Guess.of(email, whence.address)
    with transactions.across() as session:
        count_guess(session, guess, transactions.clock())
        person = find_by_email(session, email)
    # Outside of any transaction: the work takes some 20 ms, in which nobody should wait for this one.
    right = is_password(person.password_hash if person else None, password)
    if person is None:
        _as_long_as_a_record(transactions)
    else:
        with transactions.write(person.org_id, Actor("person", person.id)) as tx:
            person = get_person(tx, person.id)  # It may have been disabled meanwhile.
            if right and person.disabled_at is None:
                forgive(tx.session, guess)
                return _admit(tx, person, whence)
            failed = SignInFailed(
                subject=person.id, address=whence.address, agent=whence.agent, disabled=person.disabled_at is not None
            )
            tx.record(failed, Actor("job", "sign-in"))
    raise NotSignedIn("E-mail address and password do not go together.", "Check both and try again.")


def sign_out(tx: Tx, person_id: str, session_id: str) -> None:
    end_session(tx, session_id)
    tx.record(SignedOut(subject=person_id))


def replace_password(transactions: Transactions, person: PersonRow, *, old: str, new: str, whence: Whence) -> str:
    """The token of a new session, the only one that is left. Raises `WrongPassword`, or `BadInput` about the new one.

    The present password is guessed at no faster here than at the sign-in.
    """
    guess = Guess.of(person.email, whence.address)
    with transactions.across() as session:
        count_guess(session, guess, transactions.clock())
    if not is_password(person.password_hash, old):
        raise WrongPassword("The present password is not right.", "Type it again.")
    if new == old:
        raise BadInput("The new password is the present one.", "Choose another.")
    check_choice(new, email=person.email)
    after = hash_password(new)
    with transactions.write(person.org_id, Actor("person", person.id)) as tx:
        change_password(tx, person.id, before=person.password_hash, after=after)
        forgive(tx.session, guess)
        return open_session(tx, person.id, address=whence.address, agent=whence.agent)


def _admit(tx: Tx, person: PersonRow, whence: Whence) -> str:
    tx.record(SignedIn(subject=person.id, address=whence.address, agent=whence.agent))
    note_sign_in(tx, person.id)
    return open_session(tx, person.id, address=whence.address, agent=whence.agent)


def _as_long_as_a_record(transactions: Transactions) -> None:
    """A failure of somebody known costs one more commit; so does this one, with something useful."""
    with transactions.across() as session:
        forget_old(session, transactions.clock())
