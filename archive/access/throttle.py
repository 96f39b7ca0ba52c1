"""Guessing passwords is slow: five failures of one e-mail address, or thirty from one network, within 15 minutes.

Counted in the database, so that it holds over all processes, and before the password is looked at, so that guesses made
at the same time count too. A right password within the limit clears its address. Names are kept as hashes, briefly.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import case, delete, literal, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.access.people import email_key
from archive.core.errors import TooMany
from archive.db.base import BOOKKEEPING, Base
from archive.db.types import Moment
from archive.db.upsert import upsert_for

WINDOW = timedelta(minutes=15)
EMAIL_LIMIT = 5
ADDRESS_LIMIT = 30
REPORT_LIMIT = 20
"""Spam reports from one network in a window: mobile operators have many subscribers behind one address."""


class SignInAttemptRow(Base):
    """Of no organisation: most guesses name nobody."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = ({"info": BOOKKEEPING},)

    subject: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime] = mapped_column(index=True)


class RetryLater(TooMany):
    """Carries the seconds to wait."""

    def __init__(self, message: str, next_step: str, seconds: int) -> None:
        super().__init__(message, next_step)
        self.seconds = seconds


class TriedTooOften(RetryLater):
    def __init__(self, until: datetime, now: datetime) -> None:
        until += timedelta(seconds=1)  # What is shown has no fractions, so it is rounded up.
        next_step = f"Try again after {until:%H:%M:%S} UTC."
        super().__init__("Too many attempts to sign in.", next_step, int((until - now).total_seconds()))


class ReportedTooOften(RetryLater):
    def __init__(self, until: datetime, now: datetime) -> None:
        until += timedelta(seconds=1)
        super().__init__(
            "Too many reports come from your network.",
            f"Nothing of this one was kept. Send it again after {until:%H:%M:%S} UTC.",
            int((until - now).total_seconds()),
        )


@dataclass(frozen=True, slots=True)
class Guess:
    """One attempt: under which names it counts."""

    email: bytes
    address: bytes

    @classmethod
    def of(cls, email: str, address: str) -> "Guess":
        return cls(_name("email", email_key(email)), _name("address", network(address)))


def count_guess(session: Session, guess: Guess, now: datetime) -> None:
    """Take one attempt from what is left; raises `TriedTooOften` when nothing is."""
    for subject, limit in ((guess.address, ADDRESS_LIMIT), (guess.email, EMAIL_LIMIT)):
        failures, since = _add(session, subject, now)
        if failures > limit:
            raise TriedTooOften(since + WINDOW, now)


def count_report(session: Session, address: str, now: datetime) -> None:
    """One spam report from an address; raises `ReportedTooOften`."""
    count, since = _add(session, _name("report", network(address)), now)
    if count > REPORT_LIMIT:
        raise ReportedTooOften(since + WINDOW, now)


def forgive(session: Session, guess: Guess) -> None:
    """The password was right: the e-mail address starts afresh, and the network gets this attempt back."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.subject == guess.email))
    session.execute(
        update(SignInAttemptRow)
        .where(SignInAttemptRow.subject == guess.address, SignInAttemptRow.failures > 0)
        .values(failures=SignInAttemptRow.failures - 1)
    )


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.since <= now - WINDOW))


def network(address: str) -> str:
    """An IPv6 customer has a whole /64, so that is what counts; an IPv4 address counts as itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _add(session: Session, subject: bytes, now: datetime) -> tuple[int, datetime]:
    """(failures in this window, when it began), one more than before; one statement, so nothing comes between."""
    insert = upsert_for(session)(SignInAttemptRow).values(subject=subject, failures=1, since=now)
    over = SignInAttemptRow.since <= now - WINDOW
    row = session.execute(
        insert.on_conflict_do_update(
            index_elements=[SignInAttemptRow.subject],
            set_={
                "failures": case((over, 1), else_=SignInAttemptRow.failures + 1),
                "since": case((over, literal(now, Moment())), else_=SignInAttemptRow.since),
            },
        ).returning(SignInAttemptRow.failures, SignInAttemptRow.since)
    ).one()
    return row.failures, row.since


def _name(kind: str, value: str) -> bytes:
    return hashlib.sha256(f"{kind}:{value}".encode()).digest()
