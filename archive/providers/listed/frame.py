"""What all lists of providers have in common: what is asked for, what a page holds, and what a reader consists of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from archive.core.errors import NotReady
from archive.providers.bodies import json_in
from archive.providers.said import Event, Item

DAY: Final = timedelta(days=1)
Credentials = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of time that is listed at once, within one UTC day. `until` is exclusive."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """A text that the provider has carried, whether or not it tells its words. `number` is ours, as `core.phone` writes
    it; `direction` is inbound or outbound. By `provider_id` and `recipients` it is known, where the list tells them."""

    number: str
    direction: str
    provider_id: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text whose list says too little. Unless it is here, it is asked for at `where`, which completes `event`.

    `recipients` are canonical: with the id they are what a text is known by.
    """

    provider_id: str
    recipients: tuple[str, ...]
    where: str
    event: Event


@dataclass(frozen=True, slots=True)
class Page:
    """`next`: where the next page is, None after the last."""

    items: Sequence[Item]
    counted: Sequence[Counted]
    wanted: Sequence[Wanted] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """One of the credentials. `may_lack`: it can be left out."""

    name: str
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class Tokens:
    """For a provider whose access tokens are handed out for some days, against credentials that last.

    `form`: what is sent to `where`; `read`: the credentials that the answer brings, and for how many seconds they are
    good. It raises `ValueError`.
    """

    where: str
    form: Callable[[Credentials], Mapping[str, str]]
    read: Callable[[Any], tuple[Credentials, int]]


def _nothing(_wanted: Wanted, _answer: Any) -> Sequence[Item]:
    return ()


@dataclass(frozen=True, slots=True)
class Reader:
    """How one provider's list is read. All functions are pure.

    `base`: where its addresses begin. `longest`: the longest slice that it lists at once. `keeps`: how long it keeps
    what it lists. `first`: the address of a slice's first page, for (account, credentials, slice). `read`: a page,
    from its JSON, the address that it was asked by and the address in its `Link`; it raises `ValueError`. `event`:
    the items of one event of a list. `complete`: those of a wanted text, from the JSON that was answered, or None
    where it was refused.
    """

    provider: str
    base: str
    secrets: tuple[Secret, ...]
    longest: timedelta
    keeps: timedelta
    pace: float
    headers: Callable[[str, Credentials], Mapping[str, str]]
    first: Callable[[str, Credentials, Slice], str]
    read: Callable[[Any, str, str | None], Page]
    event: Callable[[Event], Sequence[Item]]
    complete: Callable[[Wanted, Any], Sequence[Item]] = _nothing
    tokens: Tokens | None = None


class Unlisted(NotReady):
    """What a provider answers is no page of its list."""


def page_of(reader: Reader, name: str, body: bytes, where: str, link: str | None) -> Page:
    """Raises `Unlisted`. A page that says that it is followed by itself is no page either."""
    try:
        page = reader.read(json_in(body), where, link)
    except (ValueError, RecursionError):
        page = None
    if page is None or page.next == where:
        raise Unlisted(
            f"What {name} answers is no page of its list of texts.",
            "If that goes on, somebody else may be answering in its place, or it has changed what it says.",
        )
    return page


def rows_in(said: Any, name: str) -> list[Event]:
    """The objects of the list under a name. Raises `ValueError`."""
    rows = said.get(name) if isinstance(said, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"there is no list {name!r}")
    return rows
