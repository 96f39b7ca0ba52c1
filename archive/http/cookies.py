"""The session cookie: out of reach of scripts and of other sites."""

from typing import cast

from flask import g, request
from flask import session as browser
from werkzeug.wrappers import Response

from archive.access.organisations import OrganisationRow
from archive.access.people import PersonRow
from archive.access.sessions import LIMIT, find_session, see, should_be_seen
from archive.core.actor import Actor
from archive.http.current import Caller, current_archive


def cookie_name(name: str, *, secure: bool) -> str:
    """`__Host-` makes the browser itself insist on https, this host, and the whole path (RFC 6265bis §4.1.3.2)."""
    return f"__Host-{name}" if secure else name


def enter_with(response: Response, token: str) -> Response:
    """Signed in from here on. What the browser held before, the form token too, is forgotten."""
    secure = current_archive().settings.secure_cookies
    browser.clear()
    response.set_cookie(
        cookie_name("session", secure=secure),
        token,
        max_age=LIMIT,
        path="/",
        secure=secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def leave(response: Response) -> Response:
    secure = current_archive().settings.secure_cookies
    browser.clear()
    name = cookie_name("session", secure=secure)
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def caller_or_nobody() -> Caller | None:
    """Who is signed in on a page, if anybody; looked up once, and only when something asks."""
    if "caller" not in g:
        g.caller = _caller_of_cookie()
    return cast(Caller | None, g.caller)


def _caller_of_cookie() -> Caller | None:
    """The person whose living session the cookie names, with what they may do at this moment."""
    archive = current_archive()
    token = request.cookies.get(cookie_name("session", secure=archive.settings.secure_cookies))
    if not token:
        return None
    now = archive.clock()
    with archive.transactions.glance() as session:
        row = find_session(session, token, now)
        person = session.get(PersonRow, {"org_id": row.org_id, "id": row.person_id}) if row else None
        organisation = session.get(OrganisationRow, row.org_id) if row else None
    if row is None or person is None or organisation is None or person.disabled_at:
        return None
    if should_be_seen(row, now):
        with archive.transactions.across() as session:
            see(session, row, now)
    actor = Actor("person", person.id)
    return Caller(person.org_id, actor, person.permissions, person, row, organisation.name)
