"""Runs before every view: who asks, and may they? A route that declared nothing is closed to everybody.

The API knows bearer keys only and pages know session cookies only, so a key in a browser and a cookie in a program are
both worth nothing, and the API needs no protection against forged forms.
"""

from flask import Flask, current_app, g, redirect, request
from werkzeug.wrappers import Response

from archive.access.roles import Permission
from archive.core.actor import Actor
from archive.core.errors import NotPermitted, NotSignedIn
from archive.http.access import Access, access_of, most_bytes_of
from archive.http.addresses import FOR_PROGRAMS
from archive.http.buckets import Buckets
from archive.http.cookies import caller_or_nobody
from archive.http.csrf import check_form
from archive.http.current import Caller, key_door

CHANGE_PASSWORD = "/password"  # noqa: S105 - an address.
_FREE_WITH_OLD_PASSWORD = frozenset({CHANGE_PASSWORD, "/sign-out"})


def install_guard(app: Flask) -> None:
    app.before_request(_guard)


def is_api() -> bool:
    return request.path.startswith(FOR_PROGRAMS)


def _guard() -> Response | None:
    if request.routing_exception is not None:
        return None  # Flask raises it next.
    access = _declared()
    if is_api():
        g.caller = None
        _let_program_in(access)
        return None
    turned_away = _let_person_in(access)
    if turned_away is None:
        if most := most_bytes_of(current_app.view_functions[request.endpoint or ""]):
            request.max_content_length = most
        check_form()
    return turned_away


def _declared() -> Access:
    access = access_of(current_app.view_functions[request.endpoint or ""])
    if access is None:
        raise NotPermitted("This address is closed: it does not say who may use it.", "Report this as a fault.")
    return access


def _let_program_in(access: Access) -> None:
    if access.is_public:
        return
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.casefold() != "bearer" or not text:
        raise NotSignedIn("The API needs a key.", "Send it as the header: Authorization: Bearer ta_…")
    row = key_door().admit(text.strip())
    buckets: Buckets = current_app.extensions["buckets"]
    buckets.take(row.id)
    g.caller = Caller(row.org_id, Actor("key", row.id), row.permissions, key=row)
    _check(g.caller, access.permission)


def _let_person_in(access: Access) -> Response | None:
    """An answer when the person has to go elsewhere first."""
    if access.is_public:
        return None
    asking = caller_or_nobody()
    if asking is None or asking.person is None:
        raise NotSignedIn("Nobody is signed in here, or the session is over.", "Sign in.")
    if asking.person.must_change_password and request.path not in _FREE_WITH_OLD_PASSWORD:
        return redirect(CHANGE_PASSWORD, 303)
    _check(asking, access.permission)
    return None


def _check(asking: Caller, permission: Permission | None) -> None:
    if permission is not None and not asking.may(permission):
        who = "This API key" if asking.key else "Your role"
        next_step = "Use a key with that scope." if asking.key else "Ask an administrator of your organisation for it."
        raise NotPermitted(f"{who} does not include {permission}.", next_step)
