"""The door to Webex's REST API for lists: everything of all pages, or nothing. Only reads.

Source: developer.webex.com, "REST API Basics": pages follow RFC 8288 (`Link: <…>; rel="next"`), and 429 says in
`Retry-After` when to come back.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from archive.asking import Asker, Chance, Refused, Server, Sleep
from archive.core.errors import NotReady

__all__ = ["Refused", "WebexClient"]

MOST_PAGES = 5_000
FORBIDDEN = 403


class WebexClient:
    """`url` ends with the version, like https://webexapis.com/v1. The token is sent there and nowhere else.

    `patience`: for how many seconds an answer may say nothing.
    """

    def __init__(self, url: str, token: str, sleep: Sleep, patience: float = 30, chance: Chance | None = None) -> None:
        server = Server(
            "Webex",
            url.rstrip("/"),
            {"Authorization": f"Bearer {token}"},
            called="token",
            mend_login="Get a new one, and set TEXTARCHIVE_WEBEX_TOKEN.",
            mend_access="Check the scopes of the token, and TEXTARCHIVE_WEBEX_URL.",
            mend_address="Check TEXTARCHIVE_WEBEX_URL.",
        )
        self._asker = Asker(server, sleep, patience=patience, chance=chance)

    def listed(self, path: str, field: str, **query: Any) -> list[Any]:
        """Everything in `field` of all pages. Raises `NotReady` unless all of it came: half a list is a wrong one."""
        return [item for page in self._pages(path, query) for item in _items(page, field, path)]

    def one(self, path: str) -> Any:
        return self._asker.decoded(self._asker.get(path), path)

    def _pages(self, path: str, query: dict[str, Any]) -> Iterator[Any]:
        where: str | None = f"{path}?{urlencode(query)}"
        seen: set[str] = set()
        while where:
            if where in seen or len(seen) == MOST_PAGES or (seen and not self._asker.leads_here(where)):
                raise NotReady(f"Webex's pages of {path} lead in a circle, or elsewhere.", "Try again later.")
            seen.add(where)
            answer = self._asker.get(where)
            yield self._asker.decoded(answer, path)
            where = answer.link


def _items(page: Any, field: str, path: str) -> list[Any]:
    items = page.get(field) if isinstance(page, dict) else None
    if not isinstance(items, list):
        raise NotReady(f"What Webex answers to {path} has no list {field!r}.", "Check TEXTARCHIVE_WEBEX_URL.")
    return items
