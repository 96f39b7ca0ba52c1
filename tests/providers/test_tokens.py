"""Vonage's tokens: good for one body, for a day, and only as they were made."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from archive.providers.vonage import verify
from tests.providers.signed import HOOK, NOON, request

SECRET = "a signature secret of some length"
BODY = b'{"message_uuid":"u1"}'
HASH = hashlib.sha256(BODY).hexdigest()
NOW = int(NOON.timestamp())


def token(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    """A good one; a claim set to `...` is left out."""
    whole = {"iat": NOW, "jti": "j1", "api_key": "k1", "payload_hash": HASH, **claims}
    said = {name: value for name, value in whole.items() if value is not ...}
    return f"Bearer {jwt.encode({'alg': algorithm}, said, OctKey.import_key(secret), algorithms=[algorithm])}"


@pytest.mark.parametrize(
    "made",
    [token(), token(payload_hash=HASH.upper()), token(exp=NOW + 60), token(iat=NOW - 24 * 3_600), token(iat=NOW + 60)],
)
def test_a_good_token_lets_its_body_in(made: str) -> None:
    assert verify(request(body=BODY, authorization=made), SECRET)


@pytest.mark.parametrize(
    "made",
    [
        token(secret="another secret of some length"),
        token(algorithm="HS512"),
        token(payload_hash=hashlib.sha256(b"").hexdigest()),
        token(payload_hash=...),
        token(payload_hash=5),
        token(iat=...),
        token(iat=NOW - 26 * 3_600),
        token(iat=NOW + 3_600),
        token(iat="soon"),
        token(exp=NOW - 3_600),
        token(nbf=NOW + 3_600),
        token().replace("Bearer ", "Bearer x"),
        token()[:-1],
        "Bearer eyJhbGciOiJub25lIn0.eyJpYXQiOjF9.",
        "Bearer ",
    ],
)
def test_any_other_token_lets_nothing_in(made: str) -> None:
    assert not verify(request(body=BODY, authorization=made), SECRET)


def test_a_token_that_is_good_for_no_body_is_not_good_for_a_query() -> None:
    for made in (token(payload_hash=...), token(payload_hash=hashlib.sha256(b"").hexdigest())):
        assert verify(request(HOOK, method="GET", authorization=made), SECRET)
        assert not verify(request(f"{HOOK}?text=forged&messageId=1", method="GET", authorization=made), SECRET)


def test_a_token_that_is_kept_for_later_is_refused() -> None:
    later = request(body=BODY, at=NOON + timedelta(hours=26), authorization=token())
    assert not verify(later, SECRET)
