"""JSON in the one form in which it can be signed (RFC 8785, JCS), for signatures of others that are made over it."""

import json
from decimal import Decimal
from typing import Any

_EXACT = 1 << 53
"""From here on not every whole number is a double."""

_LEAST, _MOST = 1e-6, 1e21
"""Between these ECMAScript writes a number without an exponent."""


def jcs(value: Any) -> bytes:
    """`value` (what `json` knows) in canonical form. Raises `ValueError` for what that form can't hold: half a pair of
    surrogates, NaN and infinity, a whole number beyond every double.
    """
    try:
        return _written(value).encode()
    except OverflowError:
        raise ValueError("a number is too large for JSON that is to be signed") from None


def _written(value: Any) -> str:
    if isinstance(value, dict):
        # By UTF-16 code units, not by code points: an emoji comes before a letter from the end of the basic plane.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(key)}:{_written(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    return json.dumps(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """As ECMAScript writes the double: the shortest digits that read back as the same."""
    if isinstance(value, int) and abs(value) <= _EXACT:
        return str(value)
    digits = Decimal(json.dumps(float(value), allow_nan=False))
    if not digits:
        return "0"
    if _LEAST <= abs(digits) < _MOST:
        plain = f"{digits:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    mantissa, _, exponent = f"{digits.normalize():e}".partition("e")
    return f"{mantissa}e{int(exponent):+d}"
