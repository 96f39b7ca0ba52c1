"""What a provider said, as values: JSON, or a form in a body or in a query."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from archive.core.canonical import is_nested_beyond, parse_json

MOST_FIELDS: Final = 1_000
DEEPEST: Final = 64

Pairs = list[tuple[str, str]]


def is_json(said: bytes) -> bool:
    """By its first character, not by what the header claims: a form begins with a name."""
    return said.lstrip()[:1] in (b"{", b"[")


def events_in(said: bytes) -> Sequence[Any]:
    """The events of an array, the one of an object, or the fields of a form. Raises `ValueError`, `RecursionError`."""
    if not is_json(said):
        return [fields(said)]
    value = json_in(said)
    return value if isinstance(value, list) else [value]


def json_in(said: bytes) -> Any:
    """Raises `ValueError`, `RecursionError`."""
    value = parse_json(said)
    if is_nested_beyond(DEEPEST, value):
        raise ValueError("it is nested too deeply")
    return value


def pairs(form: bytes) -> Pairs:
    """Names and values in the order in which they came. Bytes that are no UTF-8 become half surrogate pairs, from which
    they can be had back. Raises `ValueError` for more than a thousand."""
    text = form.decode("utf-8", "surrogateescape")
    return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="surrogateescape")


def fields(form: bytes) -> dict[str, Any]:
    """Name → value, or all values of a name that is there several times."""
    found: dict[str, list[str]] = {}
    for name, value in pairs(form):
        found.setdefault(name, []).append(value)
    if not found:
        raise ValueError("there are no fields")
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
