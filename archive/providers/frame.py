"""What all doors for providers have in common: the request, and the two pure functions that a provider consists of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A request as it came in at `at`. `url` is the public one, which the sender knows, whatever proxies made of it
    since; names in `headers` are in small letters."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    method: str = "POST"

    @property
    def said(self) -> bytes:
        """What `parse` reads: the body, or the query of a GET. Raises `ValueError` for an address that is none."""
        return urlsplit(self.url).query.encode() if self.method == "GET" else self.body


def _nothing(_secret: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Door:
    """`verify` says in constant time whether the holder of the secret sent it; it never raises. `parse` is asked only
    after that, with what was said; what it can't read it hands on as it is.

    `handshake`: for a provider that wants a first, empty request answered, the headers of the answer to such a one.
    `fault`: what keeps a secret from being one of this provider's, as a sentence.
    """

    provider: str
    name: str
    verify: Callable[[HookRequest, str], bool]
    parse: Callable[[bytes], Sequence[Any]]
    handshake: Callable[[HookRequest], Mapping[str, str]] | None = None
    fault: Callable[[str], str | None] = _nothing
