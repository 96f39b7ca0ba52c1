from datetime import date
from typing import Annotated

import msgspec
import pytest
from flask import Flask
from msgspec import Meta

from archive.core.errors import BadInput
from archive.http.forms import MISSING, BadFields, read_body, read_form, typed_again


class Order(msgspec.Struct):
    name: Annotated[str, Meta(max_length=10, description="Up to ten characters.")]
    scope: Annotated[list[str], Meta(description="Choose one.")]
    count: int
    password: str
    on: Annotated[date | None, Meta(description="Choose a day.")] = None


GOOD = {"name": " Dana ", "scope": ["a", "b"], "count": "3", "password": " kept ", "on": "2026-11-23"}


def read(form: dict[str, object]) -> Order:
    with Flask("test").test_request_context(method="POST", data=form):
        return read_form(Order)


def test_a_form_becomes_what_its_fields_say() -> None:
    assert read(GOOD) == Order(name="Dana", scope=["a", "b"], count=3, password=" kept ", on=date(2026, 11, 23))


def test_an_empty_field_with_a_default_is_the_default() -> None:
    assert read({**GOOD, "on": ""}).on is None


def test_every_wrong_field_is_named_with_its_own_words() -> None:
    with pytest.raises(BadFields) as bad:
        read({"name": "x" * 11, "count": "many", "on": "soon"})
    assert bad.value.fields == {
        "name": "Up to ten characters.",
        "scope": "Choose one.",
        "count": "This can't be read.",
        "password": MISSING,
        "on": "Choose a day.",
    }


def test_what_was_typed_is_shown_again_but_no_password() -> None:
    with Flask("test").test_request_context(method="POST", data={"name": "x", "new_password": "secret"}):
        form = typed_again({"name": "wrong"})
    assert form.values == {"name": "x"}
    assert form.errors == {"name": "wrong"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"name": 3}', b'{"name": "\xff"}', b"[]", b'{"name": "x", "count": "3"}']
)
def test_a_body_that_is_not_what_was_asked_for_is_bad_input(body: bytes) -> None:
    with Flask("test").test_request_context(method="POST", data=body), pytest.raises(BadInput):
        read_body(Order)


def test_a_good_body_is_read() -> None:
    body = b'{"name": "x", "scope": [], "count": 3, "password": "p"}'
    with Flask("test").test_request_context(method="POST", data=body):
        assert read_body(Order).count == 3
