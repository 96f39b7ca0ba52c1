"""Signing in and out."""

from typing import Annotated

import msgspec
from flask import Blueprint, redirect, render_template, request
from msgspec import Meta
from werkzeug.wrappers import Response

from archive.access import sign_in
from archive.access.throttle import RetryLater
from archive.core.errors import NotSignedIn
from archive.http.access import public, signed_in
from archive.http.addresses import safe_address
from archive.http.cookies import caller_or_nobody, enter_with, leave
from archive.http.current import current_archive, signed_in_person, whence, writing
from archive.http.forms import BadFields, Form, read_form, typed_again
from archive.http.problems import status_of

blueprint = Blueprint("sign_in", __name__)

FIRST_PAGE = "/"

Page = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


class SignIn(msgspec.Struct):
    email: Annotated[str, Meta(description="Type your e-mail address.")]
    password: Annotated[str, Meta(description="Type your password.")]


@blueprint.get("/sign-in")
@public
def show() -> Page:
    wanted = safe_address(request.args.get("next"), FIRST_PAGE)
    return redirect(wanted, 303) if caller_or_nobody() else _page(wanted, Form())


@blueprint.post("/sign-in")
@public
def enter() -> Page:
    wanted = safe_address(request.form.get("next"), FIRST_PAGE)
    transactions = current_archive().transactions
    try:
        order = read_form(SignIn)
        token = sign_in.sign_in(transactions, order.email, order.password, whence())
    except BadFields as bad:
        return _page(wanted, typed_again(bad.fields)), status_of(bad)[0]
    except RetryLater as refused:
        headers = {"Retry-After": str(refused.seconds)}
        return _page(wanted, typed_again({}), str(refused)), status_of(refused)[0], headers
    except NotSignedIn as refused:
        return _page(wanted, typed_again({}), str(refused)), status_of(refused)[0]
    if caller_or_nobody():
        _end_present_session()
    return enter_with(redirect(wanted, 303), token)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Page:
    _end_present_session()
    return leave(redirect("/sign-in", 303))


def _page(wanted: str, form: Form, problem: str | None = None) -> str:
    return render_template("sign_in.html", next=wanted, form=form, problem=problem)


def _end_present_session() -> None:
    person, session = signed_in_person()
    with writing() as tx:
        sign_in.sign_out(tx, person.id, session.id)
