"""Addresses: how they name a record, and where a form may send the browser next."""

import re
from typing import Annotated, Any

from msgspec import Meta
from werkzeug.routing import IntegerConverter, Map

API = "/api/"
HOOKS = "/hooks/"
FOR_PROGRAMS = (API, "/metrics", HOOKS)
"""Below these a key lets in, or for providers a signature; everywhere else a signed-in person's cookie."""

LARGEST_SERIAL = 2**63 - 1
SerialNumber = Annotated[int, Meta(ge=1, le=LARGEST_SERIAL)]

# A second slash or a backslash at the start would name another host; control characters are dropped by browsers.
_is_own = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*").fullmatch


class Serial(IntegerConverter):
    """`<serial:name>` in a route: a number that a database can hold."""

    def __init__(self, rules: Map, **options: Any) -> None:
        super().__init__(rules, max=LARGEST_SERIAL, **options)


def safe_address(wanted: str | None, otherwise: str) -> str:
    """`wanted` if it is a path of this archive, and nowhere else; or `otherwise`."""
    return wanted if wanted and _is_own(wanted) else otherwise
