"""What a user of the telephone system is, and what may be said of one."""

import re
from dataclasses import dataclass, fields, replace

from archive.core import phone
from archive.core.details import BadDetail

LONGEST = 200
LONGEST_EMAIL = 254

_is_email = re.compile(r"[^@\s]+@[^@\s]+").fullmatch
_is_extension = re.compile(r"[0-9]{1,20}").fullmatch


@dataclass(frozen=True, slots=True)
class User:
    """What is not known is empty. `location`: its name. `primary_number`: one of the organisation's, E.164."""

    name: str
    email: str = ""
    location: str = ""
    primary_number: str = ""
    extension: str = ""


def checked(user: User) -> User:
    """In the spelling in which it is kept. Raises `BadDetail`."""
    lines = {field.name: _line(field.name, getattr(user, field.name)) for field in fields(user)}
    if not lines["name"]:
        raise BadDetail("name", "A user has a name.", "Write it as people know it.")
    email = lines["email"].lower()
    if email and not (_is_email(email) and len(email) <= LONGEST_EMAIL):
        raise BadDetail("email", f"{email!r} is no e-mail address.", "Type it like dana@harbour.example.")
    if lines["extension"] and not _is_extension(lines["extension"]):
        raise BadDetail("extension", f"{lines['extension']!r} is no extension.", "Give it up to 20 digits, like 4711.")
    lines |= {"email": email, "primary_number": _number(lines["primary_number"])}
    return replace(user, **lines)


def key_of(name: str) -> str:
    """Names are the same in any case."""
    return name.strip().casefold()


def _line(field: str, text: str) -> str:
    if len(text) > LONGEST + (LONGEST_EMAIL - LONGEST) * (field == "email"):
        raise BadDetail(field, f"What is said of a user has up to {LONGEST} characters each.", "Shorten it.")
    if any(character < " " for character in text):
        raise BadDetail(field, "What is said of a user is one line each.", "Leave out line breaks.")
    return text.strip()


def _number(text: str) -> str:
    party = phone.parse(text)
    if text and party.kind != "number":
        raise BadDetail("primary_number", f"{text!r} is not a telephone number.", "Type it like +1 (415) 555-0188.")
    return party.address if text else ""
