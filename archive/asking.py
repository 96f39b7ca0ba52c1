"""Asking other people's servers: the one client by which the archive reads what they have. It changes nothing there.

Only the origin that it was made for is asked, so credentials follow no link and no redirect elsewhere. Whatever a
server does, an answer is bounded in bytes and in seconds, and an error names neither credentials nor what stands in a
query. Source for `Retry-After` and links: RFC 9110 §10.2.3, RFC 8288.
"""

import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import msgspec
import urllib3
from urllib3.exceptions import HTTPError, ReadTimeoutError

from archive.core.canonical import parse_json
from archive.core.errors import BadInput, NotReady

ATTEMPTS: Final = 6
LONGEST_WAIT: Final = 120
"""Seconds. Whoever asks for more is asked again another time."""
LONGEST_ANSWER: Final = 60.0
"""Seconds from its first byte to its last."""
LARGEST: Final = 20_000_000

MULTIPLE, UNAUTHORISED, TOO_SLOW, THROTTLED, FAULT = 300, 401, 408, 429, 500
_CHUNK: Final = 65_536
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_is_next: Final = re.compile(r'<([^<>]*)>\s*;[^,]*\brel="?next"?').search

Sleep = Callable[[float], None]
Chance = Callable[[], float]


class Refused(NotReady):
    """The server answers, and doesn't give what is asked for: `status` is mostly 400, 403 or 404."""

    def __init__(self, name: str, status: int, what: str, next_step: str) -> None:
        super().__init__(f"{name} answers {status} to {what}.", next_step)
        self.status = status


class NotAccepted(NotReady):
    """The server doesn't take the credentials."""


class AskedToWait(NotReady):
    """The server wants to be left alone for `seconds`, which is longer than anybody waits here."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"{name} asks to be left alone for {seconds:,.0f} seconds.", "It is tried again after that.")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Server:
    """Who is asked. `base`: what all addresses begin with. `called`: what its credentials are.

    What to do next: `mend_login` where credentials are not taken, `mend_access` where they don't suffice, and
    `mend_address` where somebody else seems to answer.
    `pace`: so many seconds lie between two requests at least.
    """

    name: str
    base: str
    headers: Mapping[str, str] = field(repr=False)
    called: str
    mend_login: str
    mend_access: str
    mend_address: str
    pace: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`link`: where the next page is, as the header says it."""

    body: bytes
    link: str | None = None


class Asker:
    """`patience`: for how many seconds an answer may say nothing. `sleep` waits, and `chance` (0 to 1) scatters."""

    def __init__(
        self,
        server: Server,
        sleep: Sleep,
        *,
        patience: float = 30,
        chance: Chance | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(server.base)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise BadInput(
                f"{server.base} is not https, and a {server.called} must not be read on its way.",
                "Give the https address.",
            )
        self.server = server
        self._origin, self._above = _origin(server.base), parts.path.rstrip("/")
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=patience), retries=False)
        self._sleep, self._timer = sleep, timer
        self._chance = chance or random.SystemRandom().random
        self._free_at = 0.0

    def get(self, where: str) -> Answer:
        """`where`: a path with its query below the base, or a whole address of the same server. Raises `NotReady`."""
        return self._ask("GET", where, None)

    def post(self, where: str, form: Mapping[str, str]) -> Answer:
        """For those that hand out tokens."""
        return self._ask("POST", where, urlencode(form))

    def decoded(self, answer: Answer, where: str) -> Any:
        """An answer that has to be JSON."""
        try:
            return decode(answer.body)
        except ValueError:
            raise NotReady(
                f"What {self.server.name} answers to {self._named(where)} is no JSON.", self.server.mend_address
            ) from None

    def leads_here(self, address: str) -> bool:
        return _origin(address) == self._origin

    def address(self, where: str) -> str:
        """The whole address. Raises `NotReady` for one of another server."""
        if where.startswith("/"):
            return f"{self.server.base.rstrip('/')}{where}"
        if not self.leads_here(where):
            raise NotReady(f"An address of {self.server.name} leads elsewhere.", self.server.mend_address)
        return where

    def _ask(self, method: str, where: str, body: str | None) -> Answer:
        address, why = self.address(where), ""
        for attempt in range(ATTEMPTS):
            wait = 2.0**attempt * (1 + self._chance() / 2)
            try:
                status, headers, said = self._once(method, address, body)
            except HTTPError as problem:
                why = type(problem).__name__
            else:
                if status < MULTIPLE:
                    found = _is_next(headers.get("Link", ""))
                    return Answer(said, found[1] if found else None)
                why, wait = str(status), self._wait(status, headers, where, wait)
            if attempt < ATTEMPTS - 1:
                self._sleep(wait)
        raise NotReady(
            f"{self.server.name} did not answer {self._named(where)} after {ATTEMPTS} attempts: {why}.",
            "Try again later.",
        )

    def _once(self, method: str, address: str, body: str | None) -> tuple[int, Any, bytes]:
        self._keep_pace()
        headers = {"Accept": "application/json", **self.server.headers}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer: Any = self._pool.request(
            method, address, body=body, headers=headers, preload_content=False, decode_content=False, redirect=False
        )
        try:
            return answer.status, answer.headers, self._read(answer)
        except BaseException:
            answer.close()  # What is still to come belongs to this answer, and not to the next.
            raise
        finally:
            answer.release_conn()

    def _read(self, answer: Any) -> bytes:
        end, parts, size = self._timer() + LONGEST_ANSWER, [], 0
        while part := answer.read1(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > LARGEST:
                raise NotReady(f"An answer of {self.server.name} is larger than 20 MB.", self.server.mend_address)
            if self._timer() > end:
                raise ReadTimeoutError(self._pool, "", "too slow")  # type: ignore[arg-type]
        return b"".join(parts)

    def _keep_pace(self) -> None:
        wait = self._free_at - self._timer()
        if wait > 0:
            self._sleep(wait)
        self._free_at = self._timer() + self.server.pace

    def _wait(self, status: int, headers: Any, where: str, otherwise: float) -> float:
        """Seconds until another attempt; raises where another would be answered alike."""
        if status == UNAUTHORISED:
            raise NotAccepted(f"{self.server.name} doesn't accept the {self.server.called}.", self.server.mend_login)
        if status < FAULT and status not in (TOO_SLOW, THROTTLED):
            raise Refused(self.server.name, status, self._named(where), self.server.mend_access)
        asked = _asked(headers)
        if asked is not None and asked > LONGEST_WAIT:
            raise AskedToWait(self.server.name, asked)
        return otherwise if asked is None else asked

    def _named(self, where: str) -> str:
        """For errors: the path below the base, without the query."""
        return urlsplit(where).path.removeprefix(self._above) or "/"


def decode(body: bytes) -> Any:
    """JSON, half surrogate pairs and all. Raises `ValueError`."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return parse_json(body)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _origin(address: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        return "", None, None


def _asked(headers: Any) -> float | None:
    """How many seconds the server asks to be left alone; a moment is taken by the server's own clock."""
    said = headers.get("Retry-After", "")
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return max(wait.total_seconds(), 0.0)
