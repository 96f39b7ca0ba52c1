"""What a field of The Campaign Registry may hold. Pure; the fields themselves are in `brand_fields` and
`campaign_fields`, with the registry's own names.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from archive.core import phone
from archive.core.errors import BadInput

Value = str | bool | list[str]
Values = Mapping[str, Value]

_is_email: Final = re.compile(r"[^@\s]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE).fullmatch
_is_address: Final = re.compile(r"https?://[^\s/?#]+\.[^\s]+", re.IGNORECASE).fullmatch
_is_country: Final = re.compile(r"[A-Z]{2}").fullmatch
MOST_ENTRIES: Final = 50


class Shape(StrEnum):
    """How a field is written. `many`: several of the choices; `list`: several short words of its own."""

    LINE = "line"
    TEXT = "text"
    FLAG = "flag"
    CHOICE = "choice"
    MANY = "many"
    LIST = "list"
    KEYWORDS = "keywords"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Field:
    """`least` and `most` are characters. `editable`: may still be changed once the registry has it."""

    name: str
    label: str
    about: str = ""
    shape: Shape = Shape.LINE
    least: int = 0
    most: int = 255
    choices: tuple[str, ...] = ()
    required: bool = False
    editable: bool = False


class FieldProblems(BadInput):
    """`fields` says for each field what is wrong."""

    slug = "bad-fields"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("Some fields can't be taken.", " ".join(f"{name}: {why}" for name, why in fields.items()))
        self.fields = dict(fields)


def take(known: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Value]:
    """What was given, cleaned; raises `FieldProblems`. What is missing or too short is allowed: it is a draft."""
    by_name = {field.name: field for field in known}
    taken: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for name, value in given.items():
        if name not in by_name:
            wrong[name[:50]] = "There is no such field."
        elif value not in ("", None, []):
            try:
                taken[name] = _taken(by_name[name], value)
            except ValueError as problem:
                wrong[name] = str(problem)
    if wrong:
        raise FieldProblems(wrong)
    return taken


def short_of(field: Field, values: Values) -> str | None:
    """Why the registry would not take what is there, or None."""
    value = values.get(field.name)
    if value in (None, "", []):
        return "Fill this in." if field.required else None
    if isinstance(value, str) and len(value) < field.least:
        return f"This has {len(value)} characters; the registry asks for {field.least} to {field.most}."
    return None


def _taken(field: Field, value: Any) -> Value:
    if field.shape is Shape.FLAG:
        return _flag(value)
    if field.shape in (Shape.MANY, Shape.LIST):
        return _several(field, value)
    if not isinstance(value, str):
        raise ValueError("Write this as text.")
    return _text(field, value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("This is true or false.")


def _several(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("This is a list of words.")
    words = list(dict.fromkeys(one.strip() for one in value if one.strip()))
    if len(words) > MOST_ENTRIES or any(len(one) > field.most for one in words):
        raise ValueError(f"At most {MOST_ENTRIES} entries of {field.most} characters each.")
    if field.choices and (unknown := [one for one in words if one not in field.choices]):
        raise ValueError(f"{unknown[0]} is none of {', '.join(field.choices)}.")
    return words


def _text(field: Field, value: str) -> str:
    text = value.strip() if field.shape is Shape.TEXT else " ".join(value.split())
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("This holds characters that can't be kept.")
    if len(text) > field.most:
        raise ValueError(f"This has {len(text):,} characters; {field.most:,} is the most.")
    return _CHECKS[field.shape](field, text)


def _as_it_is(_field: Field, text: str) -> str:
    return text


def _choice(field: Field, text: str) -> str:
    if text not in field.choices:
        raise ValueError(f"This is one of {', '.join(field.choices)}.")
    return text


def _keywords(_field: Field, text: str) -> str:
    if any(character.isspace() for character in text) or "" in text.split(","):
        raise ValueError("Separate keywords by commas, without spaces: STOP,QUIT.")
    return text


def _email(_field: Field, text: str) -> str:
    if not _is_email(text):
        raise ValueError("This is no e-mail address.")
    return text


def _phone(_field: Field, text: str) -> str:
    e164 = phone.parse(text).e164
    if e164 is None:
        raise ValueError("Type a number like +1 (415) 555-0188.")
    return e164


def _address(_field: Field, text: str) -> str:
    if not _is_address(text):
        raise ValueError("Type a whole address, like https://www.example.com/terms.")
    return text


def _country(_field: Field, text: str) -> str:
    if not _is_country(text):
        raise ValueError("Two capital letters (ISO 3166), like US.")
    return text


_CHECKS = {
    Shape.LINE: _as_it_is,
    Shape.TEXT: _as_it_is,
    Shape.CHOICE: _choice,
    Shape.KEYWORDS: _keywords,
    Shape.EMAIL: _email,
    Shape.PHONE: _phone,
    Shape.ADDRESS: _address,
    Shape.COUNTRY: _country,
}
