"""Numbers as those providers write them that leave the plus out."""

import re
from typing import Any, Final

from archive.core import phone
from archive.providers.said import word

_is_number: Final = re.compile(r"[1-9][0-9]{6,14}").fullmatch


def with_plus(address: Any) -> str:
    """E.164 from its digits alone. A short code has up to six, and stays what it is, like a sender's name.

    What our own reading would do is not enough: it takes ten digits for a number of North America, and from these
    providers they are one of, say, Singapore.
    """
    written = word(address).strip()
    return f"+{written}" if _is_number(written) else written


def canonical(address: Any) -> str:
    """As recipients of deliveries are compared with those of texts."""
    return phone.parse(word(address)).address
