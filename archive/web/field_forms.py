"""The registry's fields as parts of a form: shown with their limits, and read back."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request

from archive.campaigns.fields import Field, Shape, Values
from archive.http.translation import _

_TYPES = {Shape.EMAIL: "email", Shape.PHONE: "tel", Shape.ADDRESS: "url"}


def sent_fields(known: Iterable[Field]) -> dict[str, Any]:
    """What the form of the request says, by the registry's names; a box that is not ticked says nothing."""
    given: dict[str, Any] = {}
    for field in known:
        if field.shape is Shape.FLAG:
            given[field.name] = True if request.form.get(field.name) else None
        elif field.shape is Shape.MANY:
            given[field.name] = request.form.getlist(field.name)
        elif field.shape is Shape.LIST:
            given[field.name] = [word.strip() for word in request.form.get(field.name, "").split(",")]
        else:
            given[field.name] = request.form.get(field.name, "").replace("\r\n", "\n")
    return given


def shown_fields(
    known: Iterable[Field], values: Values | Mapping[str, Any], errors: Mapping[str, str], *, locked: bool = False
) -> list[dict[str, Any]]:
    """For `templates/campaigns/_fields.html`. `locked`: only what may still be changed can be."""
    return [
        {
            "name": field.name,
            "label": field.label,
            "hint": " · ".join(part for part in (field.about, _limits(field)) if part),
            "shape": field.shape.value,
            "type": _TYPES.get(field.shape, "text"),
            "least": field.least,
            "most": field.most,
            "choices": field.choices,
            "required": field.required,
            "fixed": locked and not field.editable,
            "value": _value(field, values.get(field.name)),
            "error": errors.get(field.name),
        }
        for field in known
    ]


def chosen(known: Iterable[Field], names: Iterable[str]) -> list[Field]:
    by_name = {field.name: field for field in known}
    return [by_name[name] for name in names]


def _value(field: Field, value: Any) -> Any:
    if field.shape is Shape.LIST:
        return ", ".join(value or [])
    if field.shape is Shape.MANY:
        return value or []
    return value or ""


def _limits(field: Field) -> str:
    if field.shape is Shape.FLAG or field.choices:
        return ""
    if field.least:
        return _("%(least)s to %(most)s characters", least=field.least, most=f"{field.most:,}")
    return _("up to %(most)s characters", most=f"{field.most:,}")
