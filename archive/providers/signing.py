"""What signatures of several providers are made of. Whatever is compared here is compared in constant time."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import wraps
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.core.clock import EPOCH
from archive.providers.frame import HookRequest

Verify = Callable[[HookRequest, str], bool]

RETRIED_FOR: Final = timedelta(hours=25)
"""Providers try again for up to a day, and none says whether it signs anew: an older signature is a replay."""


def refusing(verify: Verify) -> Verify:
    """What can't be read is not signed either; and by an empty secret anybody could sign."""

    @wraps(verify)
    def asked(request: HookRequest, secret: str) -> bool:
        try:
            return bool(secret) and verify(request, secret)
        except (ValueError, RecursionError):
            return False

    return asked


def signed_hex(secret: str, message: bytes, algorithm: str) -> str:
    return hmac.digest(_bytes(secret), message, algorithm).hex()


def signed_base64(secret: str, message: bytes, algorithm: str) -> str:
    return b64encode(hmac.digest(_bytes(secret), message, algorithm)).decode()


def same(given: str, expected: str) -> bool:
    return hmac.compare_digest(_bytes(given), _bytes(expected))


def any_same(given: Iterable[str], expected: Iterable[str]) -> bool:
    """Whether one is the same as one of the others; all are compared, so that the time does not tell which."""
    wanted = list(expected)
    compared = [same(one, other) for one in given for other in wanted]
    return any(compared)


def is_recent(seconds: str, at: datetime, tolerance: timedelta) -> bool:
    """Whether a moment, given in seconds since 1970, lies within `tolerance` of `at`, before it or after.

    Raises `ValueError` for what is no whole number.
    """
    return abs(int(seconds) - (at - EPOCH).total_seconds()) <= tolerance.total_seconds()


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Raises `ValueError` for what is no key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def from_base64(text: str) -> bytes:
    """Raises `ValueError`."""
    return b64decode(text.strip(), validate=True)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
