"""What all doors for providers have in common: the request, and the two pure functions that a provider consists of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A request as it came. `url` is the public one, which the sender knows, whatever proxies made of it since; names
    in `headers` are in small letters."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Door:
    """`verify` says in constant time whether the holder of the secret sent it; it never raises. `parse` is asked only
    after that; what it can't read it hands on as it is."""

    provider: str
    name: str
    verify: Callable[[HookRequest, str], bool]
    parse: Callable[[bytes], Sequence[Any]]
