"""Canonical JSON: sorted keys, no white space, UTF-8. The bytes that commitments are made of.

A text may hold a lone surrogate, which UTF-8 can't carry and RFC 8785 forbids. Texts are kept exactly, so it is
written as the JSON escape it arrived as (`\\ud83d`); everything else is written as itself.
"""

import json
import math
import re
from collections.abc import Iterable
from typing import Any, Never

_SURROGATE = re.compile("[\ud800-\udfff]")


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def canonical_json(value: Any) -> bytes:
    """`value` (what `json` knows) as canonical bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return _SURROGATE.sub(_escape, text).encode()


def parse_json(data: bytes | str) -> Any:
    """The reading side: unlike stricter parsers it lets a lone surrogate through.

    Raises `ValueError` for NaN and infinities, which Python would read but no JSON can write: they could not be kept.
    """
    return json.loads(data, parse_constant=_refuse, parse_float=_finite)


def is_nested_beyond(levels: int, value: Any) -> bool:
    """Whether there are more than so many values inside each other. What is nested too deeply can be read at one place
    and not be written, or read again, at another."""
    level = [value]
    for _ in range(levels):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def _refuse(name: str) -> Never:
    raise ValueError(f"{name} is not a number in JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError("a number is too large to be kept")
    return value
