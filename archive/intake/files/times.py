"""Reads the times that occur in files. What can't be read for certain stays unread; the caller keeps the
original string."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from archive.intake.files.model import Message

RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
ISO_LIKE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r" ?(UTC|GMT|Z|[+-][0-9]{2}:?[0-9]{2})?"
)
UNIX_SECONDS = re.compile(r"[0-9]{10}")
UNIX_MILLISECONDS = re.compile(r"[0-9]{13}")

NUS_DOTS = re.compile(
    r"(?P<y>[0-9]{4})\.(?P<m>[0-9]{1,2})\.(?P<d>[0-9]{1,2})\s+"
    r"(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2}))?"
)
NUS_NO_BLANK = re.compile(
    r"(?P<y>[0-9]{4})\.(?P<m>[0-9]{2})\.(?P<d>[0-9]{2})(?P<H>[0-9]{2}):(?P<M>[0-9]{2}):(?P<S>[0-9]{2})"
)
NUS_SLASHES = re.compile(
    r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})\s+"
    r"(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2}):(?P<S>[0-9]{2}) (?P<half>[AP]M)"
)


def times_of(written: str, moment: datetime | None, zone: tzinfo | None) -> Message:
    """The fields a message gets for a time as written: `sent_at` only if it was understood, and always the
    original."""
    fields: Message = {"time_as_received": written} if written.strip() else {}
    if moment is None or (moment.tzinfo is None and zone is None):
        return fields  # A time without a zone names no moment, and nobody has said which zone is meant.
    if moment.tzinfo is None:
        fields["zone_assumed"] = str(zone)
        moment = moment.replace(tzinfo=zone)
    return {"sent_at": moment.isoformat().replace("+00:00", "Z")} | fields


def time_of(written: str, zone: tzinfo | None) -> Message:
    """A time that is already as the API wants it is passed on untouched."""
    if RFC_3339.fullmatch(written.strip()):
        return {"sent_at": written.strip()}
    return times_of(written, read_export_time(written), zone)


def mail_time_of(exact: str, date: str, zone: tzinfo | None) -> Message:
    """The exact moment if somebody said it, else the Date of a mail (RFC 5322), which may be without a weekday."""
    if exact.strip():
        return time_of(exact, zone)
    try:
        return times_of(date, parsedate_to_datetime(date), zone)
    except (ValueError, TypeError, OverflowError):
        return times_of(date, None, zone)


def read_export_time(written: str) -> datetime | None:
    """ISO 8601, RFC 2822 and Unix seconds or milliseconds, as providers' exports have them. Naive if no
    zone is written.

    Dates with slashes are left unread: nothing in "03/04/2026" says which of the two is the month.
    """
    text = written.strip()
    try:
        if UNIX_SECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
        if UNIX_MILLISECONDS.fullmatch(text):
            seconds, rest = divmod(int(text), 1000)
            return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
        if found := ISO_LIKE.fullmatch(text):
            zone = (found[3] or "").replace("UTC", "Z").replace("GMT", "Z")
            return datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}")
        return parsedate_to_datetime(text) if "," in text else None
    except (ValueError, OverflowError, TypeError):
        return None


def read_nus_time(written: str) -> datetime | None:
    """A naive local time: the NUS corpus writes no zones. Blanks there are sometimes no-break spaces.

    What occurs in the releases of 2015.03.09, English and Chinese together (87,300 messages):

        ======================= ======= ========================================================
        2010.10.29 09:43:06      36,250 also with one digit for month, day or hour, and padded
        2010.10.24 11:59         19,618 read as :00; also with one digit for the hour, and padded
        12/30/2010 6:44:41 PM       758 one contributor's; no first part is above 12, but many
                                        second ones are, so the month comes first
        2010.12.2512:01:45            8 two digits each: there is only one way to read it
        unknown                  30,660 unread
        2011.3.0 09:32:19             3 unread: there is no such day
        2011.02.0419:43不, 2011.3.7    3 unread: cut off, or only a date
        ======================= ======= ========================================================
    """
    text = written.strip()
    for pattern in (NUS_DOTS, NUS_NO_BLANK, NUS_SLASHES):
        if found := pattern.fullmatch(text):
            return _from_parts(found.groupdict())
    return None


def _from_parts(parts: Mapping[str, str | None]) -> datetime | None:
    year, month, day, hour, minute, second = (int(parts[name] or 0) for name in "ymdHMS")
    half = parts.get("half")
    if half and not 1 <= hour <= 12:  # noqa: PLR2004 - a clock face has twelve hours.
        return None
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the file has no zone; the caller decides.
    except ValueError:
        return None
