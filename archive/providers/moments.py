"""Times as providers write them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

_without_zone: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?").fullmatch


def in_utc(value: Any) -> Any:
    """`2020-01-01 12:00:00`, of a provider that documents this as UTC, with the zone written out. All else stays."""
    return f"{value.replace(' ', 'T')}Z" if isinstance(value, str) and _without_zone(value) else value


def moment(value: Any) -> datetime | None:
    """An ISO time with its zone; None for what names no moment."""
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None


def of_mail(value: Any) -> Any:
    """`Thu, 24 Aug 2023 05:01:45 +0000`, as mails have it (RFC 2822), in ISO form. What names no moment stays."""
    try:
        found = parsedate_to_datetime(value) if isinstance(value, str) else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return value
    if found is None:
        return value
    return found.isoformat() if found.tzinfo else value
