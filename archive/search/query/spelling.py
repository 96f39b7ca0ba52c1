"""How words and values are written in a line: which need quotation marks, and which look like something else.

The reader and the printer both ask here, so that what one writes the other understands.
"""

import re
from typing import Final

OPERATORS: Final = ("AND", "OR", "NOT", "NEAR")
FIELD_NAMES: Final = frozenset(
    {"from", "to", "with", "number", "direction", "after", "before", "on", "campaign", "location", "flag"}
    | {"has", "held", "delivery", "reason", "serial", "account", "provider"}
)
OPENING_QUOTES: Final = '"\u201c\u201d\u201e'
CURLY_QUOTES: Final = "\u201c\u201d"

# What people paste that looks like a field and is an address.
_SCHEMES: Final = frozenset({"http", "https", "ftp", "mailto", "tel", "sms", "smsto", "geo"})

_unreadable: Final = re.compile("[\x00\ud800-\udfff]")
_splits: Final = re.compile(rf"[\s(){OPENING_QUOTES}]")
_field: Final = re.compile(r"([A-Za-z][A-Za-z_-]*):(.*)", re.DOTALL)
_near: Final = re.compile(r"NEAR/(.*)", re.DOTALL)
_fuzzy: Final = re.compile(r"(.+)~([0-9]*)", re.DOTALL)


def clean(line: str) -> str:
    """The line without what no store could take, of the same length: offsets stay right."""
    return _unreadable.sub("\ufffd", line)


def collapsed(text: str) -> str:
    return " ".join(text.split())


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def field_in(chunk: str, *, before_quotation: bool = False) -> tuple[str, str] | None:
    """The (name, value) of `name:value`, or None for an ordinary word like `12:30`, `http://…` or
    `Reminder:`.
    """
    match = _field.fullmatch(chunk)
    if match is None or match[1].lower() in _SCHEMES:
        return None
    name, value = match[1].lower(), match[2]
    return (name, value) if value or before_quotation or name in FIELD_NAMES else None


def near_in(chunk: str) -> str | None:
    """What follows the slash of `NEAR/5`; empty for a bare `NEAR`; None for anything else."""
    match = _near.fullmatch(chunk)
    return match[1] if match else "" if chunk == "NEAR" else None


def fuzzy_in(chunk: str) -> tuple[str, str] | None:
    """The (word, distance as written) of `colour~2`."""
    match = _fuzzy.fullmatch(chunk)
    return (match[1], match[2]) if match else None


def is_bare_word(text: str) -> bool:
    """Whether a word reads back as itself without quotation marks."""
    return (
        _is_chunk(text)
        and field_in(text) is None
        and fuzzy_in(text) is None
        and text not in OPERATORS
        and near_in(text) is None
    )


def is_stem(text: str) -> bool:
    """Whether a star or a tilde may follow: one unquoted chunk that does not look like a field."""
    return _is_chunk(text) and field_in(text + "*") is None


def _is_chunk(text: str) -> bool:
    return is_bare_value(text) and not text.startswith("-")


def is_bare_value(text: str) -> bool:
    return bool(text) and "*" not in text and not _splits.search(text)
