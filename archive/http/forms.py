"""Reads what was sent into typed structs, with a message for each field that can't be read.

A field's own message is its description: `Annotated[str, Meta(min_length=1, description="Give it a name.")]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec
from flask import request
from msgspec.structs import FieldInfo, fields
from werkzeug.datastructures import MultiDict

from archive.core.errors import BadInput

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

MISSING = "Fill this in."
UNREADABLE = "This can't be read."
_MANY = (list, set, frozenset, tuple)


class BadFields(BadInput):
    """`fields` says for each field what is wrong."""

    slug = "bad-fields"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("Some fields can't be read.", " ".join(f"{name}: {why}" for name, why in fields.items()))
        self.fields = dict(fields)


@dataclass(slots=True)
class Form:
    """What a page shows in its fields: what was typed, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def typed_again(errors: Mapping[str, str]) -> Form:
    """The form as it was sent, to be shown again. Passwords are never sent back."""
    return Form({name: value for name, value in request.form.items() if "password" not in name}, errors)


def read_form(kind: type[S]) -> S:
    """The sent form as a `kind`; raises `BadFields` naming every field that is wrong, not only the first."""
    return _read(kind, request.form)


def read_query(kind: type[S]) -> S:
    """The same for what stands behind the question mark of the address."""
    return _read(kind, request.args)


def _read(kind: type[S], sent: MultiDict[str, str]) -> S:
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for info in fields(kind):
        try:
            values.update(_read_field(info, sent))
        except ValueError as problem:
            errors[info.encode_name] = str(problem)
    if errors:
        raise BadFields(errors)
    return kind(**values)


def read_body(kind: type[T]) -> T:
    """The JSON body as a `kind`; raises `BadInput`, which says where in the body the fault is."""
    try:
        return msgspec.json.decode(request.get_data(cache=False), type=kind)
    except UnicodeDecodeError:
        raise BadInput("The body is not UTF-8.", "Send JSON as UTF-8.") from None
    except msgspec.DecodeError as problem:
        raise BadInput(f"The body can't be read: {problem}.", "Compare it with the API's description.") from None


def _read_field(info: FieldInfo, sent: MultiDict[str, str]) -> dict[str, Any]:
    """{name: value}, or nothing where the field was left empty and has a default."""
    plain, message = _unwrapped(info.type)
    value: Any
    if get_origin(plain) in _MANY:
        value = sent.getlist(info.encode_name)
    else:
        value = sent.get(info.encode_name, "")
        value = value if "password" in info.encode_name else value.strip()
    if not value and not info.required:
        return {}
    if not value:
        raise ValueError(message or MISSING)
    try:
        return {info.name: msgspec.convert(value, info.type, strict=False)}
    except msgspec.ValidationError:
        raise ValueError(message or UNREADABLE) from None


def _unwrapped(kind: Any) -> tuple[Any, str | None]:
    """The type without its annotations, and the message that they carry."""
    if get_origin(kind) is not Annotated:
        return kind, None
    plain, *notes = get_args(kind)
    return plain, next(
        (note.description for note in notes if isinstance(note, msgspec.Meta) and note.description), None
    )
