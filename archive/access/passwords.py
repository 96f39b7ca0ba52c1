"""Passwords: argon2id with 19 MiB, two passes, one lane (OWASP's first choice), and what may be one."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from archive.core.errors import BadInput

SHORTEST = 12
LONGEST = 256

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # Nothing that reads like something else: it is handed over on paper.

# Of a random password that nobody knows. An unknown e-mail address costs the same work as a known one.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$dpoG8TEpc8/W0qG13ZLyJA$Oi/9H0GXDaeG6kfC1xVW+CmgjjW03Ch1hBOvA8BNMDw"


class WrongPassword(BadInput):
    """The present password, asked for before a change, was not given."""

    slug = "wrong-password"


def hash_password(password: str) -> str:
    """The encoded hash, salt and cost included."""
    return _HASHER.hash(password)


def is_password(hashed: str | None, password: str) -> bool:
    """Whether `password` belongs to `hashed`; without a hash the answer is no, after the same work."""
    try:
        fits = _HASHER.verify(hashed or _NOBODYS, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return fits and hashed is not None


def one_time_password() -> str:
    """Four groups of five, some 98 bits: `k7m2p-x4dqr-…`."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def check_choice(password: str, *, email: str) -> None:
    """Length is what counts (NIST SP 800-63B §3.1.1.2); no rules about which characters. Raises `BadInput`."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"A password has {SHORTEST} to {LONGEST} characters.", "Several words make a good one.")
    if password.casefold() in email.casefold() or email.casefold() in password.casefold():
        raise BadInput("The password is the e-mail address, or holds it.", "Choose one that nobody can guess.")
    if len(set(password)) < SHORTEST // 3:
        raise BadInput("The password repeats a few characters.", "Several words make a good one.")
