"""The public signature vectors as requests to our doors."""

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.providers.frame import HookRequest

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOOK = "https://archive.example.com/hooks/provider/account"


def request(
    url: str = HOOK, body: bytes = b"", at: datetime = NOON, method: str = "POST", **headers: str
) -> HookRequest:
    """Names of headers are written with underscores."""
    return HookRequest(url, {name.replace("_", "-"): value for name, value in headers.items()}, body, at, method)


def vectors(shared: Path, provider: str) -> list[dict[str, Any]]:
    found = json.loads((shared / "data/telecom/signature_vectors.json").read_text())
    return [vector for vector in found if vector["provider"] == provider]


def form(params: Any) -> bytes:
    """Pairs come as lists, where a name is there twice."""
    return urlencode([tuple(pair) for pair in params] if isinstance(params, list) else params or {}).encode()


def telnyx_key(vector: dict[str, Any]) -> Ed25519PrivateKey:
    """The first half of the 64 bytes is the seed."""
    return Ed25519PrivateKey.from_private_bytes(b64decode(vector["secret_key_64"])[:32])


def telnyx_signature(key: Ed25519PrivateKey, seconds: int, body: bytes) -> str:
    return b64encode(key.sign(f"{seconds}|".encode() + body)).decode()
