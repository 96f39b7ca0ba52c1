"""The one door to Webex's REST API: pages, throttling, faults of the network. Only reads.

Source: developer.webex.com, "REST API Basics": pages follow RFC 8288 (`Link: <…>; rel="next"`), and 429 says in
`Retry-After` when to come back.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from archive.core.errors import BadInput, NotReady

ATTEMPTS = 6
LONGEST_WAIT = 120
"""Seconds. Whoever asks for more is asked again another time."""
LARGEST_PAGE = 20_000_000
MOST_PAGES = 5_000

MULTIPLE, UNAUTHORISED, FORBIDDEN, THROTTLED, FAULT = 300, 401, 403, 429, 500
_is_next = re.compile(r'<([^<>]*)>\s*;[^,]*\brel="?next"?').search

Sleep = Callable[[float], None]


class Refused(NotReady):
    """Webex answers, and doesn't give what is asked for: `status` is 400, 403 or 404."""

    def __init__(self, status: int, path: str) -> None:
        super().__init__(
            f"Webex answers {status} to {path}.", "Check the scopes of the token, and TEXTARCHIVE_WEBEX_URL."
        )
        self.status = status


class WebexClient:
    """`url` ends with the version, like https://webexapis.com/v1. The token is sent there and nowhere else.

    `patience`: for how many seconds an answer may say nothing.
    """

    def __init__(self, url: str, token: str, sleep: Sleep, patience: float = 30) -> None:
        self._url = url.rstrip("/")
        self._origin = _origin(self._url)
        if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
            raise BadInput(f"{url} is not https, and a token must not be read on its way.", "Give the https address.")
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=patience), retries=False)
        self._sleep = sleep

    def listed(self, path: str, field: str, **query: Any) -> list[Any]:
        """Everything in `field` of all pages. Raises `NotReady` unless all of it came: half a list is a wrong one."""
        return [item for page in self._pages(path, query) for item in _items(page, field, path)]

    def one(self, path: str) -> Any:
        return _decode(self._get(f"{self._url}{path}", path)[0], path)

    def _pages(self, path: str, query: dict[str, Any]) -> Iterator[Any]:
        address: str | None = f"{self._url}{path}?{urlencode(query)}"
        seen: set[str] = set()
        while address:
            if address in seen or len(seen) == MOST_PAGES or _origin(address) != self._origin:
                raise NotReady(f"Webex's pages of {path} lead in a circle, or elsewhere.", "Try again later.")
            seen.add(address)
            body, link = self._get(address, path)
            yield _decode(body, path)
            found = _is_next(link)
            address = found[1] if found else None

    def _get(self, address: str, path: str) -> tuple[bytes, str]:
        """(body, Link header)."""
        why = ""
        for attempt in range(ATTEMPTS):
            try:
                status, headers, body = self._once(address)
            except HTTPError as problem:
                why, wait = type(problem).__name__, 2.0**attempt
            else:
                if status < MULTIPLE:
                    return body, headers.get("Link", "")
                why, wait = str(status), self._wait(status, headers, path, 2.0**attempt)
            if attempt < ATTEMPTS - 1:
                self._sleep(wait)
        raise NotReady(f"Webex did not answer {path} after {ATTEMPTS} attempts: {why}.", "Try again later.")

    def _once(self, address: str) -> tuple[int, Any, bytes]:
        answer = self._pool.request("GET", address, headers=self._headers, preload_content=False, redirect=False)
        try:
            body = answer.read(LARGEST_PAGE + 1)
            if len(body) > LARGEST_PAGE:
                raise NotReady("An answer of Webex is larger than 20 MB.", "Check TEXTARCHIVE_WEBEX_URL.")
            answer.drain_conn()
        finally:
            answer.release_conn()
        return answer.status, answer.headers, body

    def _wait(self, status: int, headers: Any, path: str, otherwise: float) -> float:
        """Seconds until another attempt; raises where another would be answered alike."""
        if status == UNAUTHORISED:
            raise NotReady("Webex doesn't accept the token.", "Get a new one, and set TEXTARCHIVE_WEBEX_TOKEN.")
        if status == THROTTLED:
            asked = headers.get("Retry-After", "")
            return min(float(asked), LONGEST_WAIT) if asked.isdigit() else otherwise
        if status >= FAULT:
            return otherwise
        raise Refused(status, path)


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port


def _decode(body: bytes, path: str) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotReady(f"What Webex answers to {path} is no JSON.", "Check TEXTARCHIVE_WEBEX_URL.") from None


def _items(page: Any, field: str, path: str) -> list[Any]:
    items = page.get(field) if isinstance(page, dict) else None
    if not isinstance(items, list):
        raise NotReady(f"What Webex answers to {path} has no list {field!r}.", "Check TEXTARCHIVE_WEBEX_URL.")
    return items
