"""Identifiers: a prefix that says what it names, then 26 characters that sort by time (the ULID layout)."""

import secrets
from datetime import datetime

from archive.core.clock import to_micros

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that reads like something else.


def new_id(prefix: str, now: datetime) -> str:
    """`prefix_` and 48 bits of milliseconds before 80 random ones."""
    value = (to_micros(now) // 1000) << 80 | secrets.randbits(80)
    digits = (_ALPHABET[(value >> shift) & 31] for shift in range(125, -5, -5))
    return f"{prefix}_{''.join(digits)}"


def random_key_number() -> int:
    """63 random bits. Never reused, so that a number that was rolled back can never name another key later."""
    return secrets.randbits(63)
