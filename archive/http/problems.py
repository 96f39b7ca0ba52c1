"""How it looks when something went wrong. The one table of status codes; nothing else in the archive knows them.

Programs get `application/problem+json` (RFC 9457) with a `type` that stays the same and a `next_step`; people get a
page that says the same. What nobody expected is answered without details and logged without the content of the request.
"""

import logging
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec
from flask import Flask, Response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from archive.access.throttle import RetryLater
from archive.campaigns.fields import FieldProblems
from archive.core.errors import (
    ArchiveError,
    BadInput,
    Conflict,
    Damaged,
    NotFound,
    NotPermitted,
    NotReady,
    NotSignedIn,
    TooLarge,
    TooMany,
)
from archive.core.faults import path_of
from archive.http.forms import BadFields
from archive.http.guard import is_api
from archive.search.query.error import QueryError

log = logging.getLogger("archive.http")

STATUS: dict[type[ArchiveError], tuple[int, str]] = {
    BadInput: (400, "The request can't be read"),
    NotSignedIn: (401, "Not signed in"),
    NotPermitted: (403, "Not permitted"),
    NotFound: (404, "Not found"),
    Conflict: (409, "Not possible in this state"),
    TooLarge: (413, "Too large"),
    TooMany: (429, "Too many requests"),
    Damaged: (500, "Stored data is damaged"),
    NotReady: (503, "Not ready"),
    ArchiveError: (500, "Something failed"),
}

# What Flask itself raises: status to (slug, title, what to do next).
_OF_FLASK = {
    400: ("bad-input", "The request can't be read", "Check how the request is made."),
    404: ("not-found", "Not found", "Check the address, or start from the search."),
    405: ("not-allowed", "This can't be done here", "Check the address and the method."),
    408: ("too-slow", "The request took too long", "Send it again."),
    411: ("length-required", "The length is missing", "Send a Content-Length header."),
    413: ("too-large", "Too large", "Send less at once."),
    415: ("unsupported-media", "Not a format that is read here", "Send JSON as application/json."),
    429: ("too-many", "Too many requests", "Wait a moment and try again."),
}
_HAPPENED = {
    404: "There is nothing at this address, or nothing that you may see.",
    405: "The address is right, but not for this kind of request.",
    413: "The request is larger than what is taken here.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`next` and `happened` are the names that the error page uses."""

    status: int
    slug: str
    title: str
    happened: str
    next: str
    instance: str | None = None

    @property
    def type(self) -> str:
        return f"/problems/{self.slug}"


class ProblemBody(msgspec.Struct, omit_defaults=True):
    """`fields`: what is wrong with each field. The last four are of a search line: where it can't be read (in code
    points), what the rest of it means, and what to do about it.
    """

    type: str
    title: str
    status: int
    detail: str
    next_step: str = ""
    instance: str = ""
    fields: dict[str, str] = {}
    start: int | None = None
    end: int | None = None
    understood: str | None = None
    suggestion: str | None = None


def install_problems(app: Flask) -> None:
    app.register_error_handler(ArchiveError, _of_archive)
    app.register_error_handler(HTTPException, _of_flask)
    app.register_error_handler(Exception, _of_nobody)


def status_of(error: ArchiveError) -> tuple[int, str]:
    """(status, title) by the nearest ancestor in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _of_archive(error: ArchiveError) -> Answer:
    if isinstance(error, NotSignedIn) and not is_api() and request.path != "/sign-in":
        return _to_sign_in()
    status, title = status_of(error)
    instance = _log(error) if status >= 500 else None  # noqa: PLR2004 - the server's own faults.
    answer = _answer(
        Problem(status, error.slug, title, error.message, error.next_step, instance),
        _members(error),
    )
    if isinstance(error, RetryLater):
        answer.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, NotSignedIn):
        answer.headers["WWW-Authenticate"] = 'Bearer realm="textarchive"'
    return answer


def _members(error: ArchiveError) -> dict[str, Any]:
    """What an answer to a program says beyond what all problems have in common."""
    if isinstance(error, BadFields | FieldProblems):
        return {"fields": error.fields}
    if isinstance(error, QueryError):
        return {name: getattr(error, name) for name in ("start", "end", "understood", "suggestion")}
    return {}


def _of_flask(error: HTTPException) -> Answer:
    if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004 - a redirect.
        return Answer.force_type(error.get_response(), request.environ)
    if error.code >= 500:  # noqa: PLR2004 - the server's own faults.
        return _of_nobody(error)
    slug, title, next_step = _OF_FLASK.get(error.code, _OF_FLASK[400])
    answer = _answer(Problem(error.code, slug, title, _HAPPENED.get(error.code, f"{title}."), next_step), {})
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _of_nobody(error: Exception) -> Answer:
    reference = _log(error)
    happened = "The archive failed at this request. Nothing of it was kept unless you were told so before."
    next_step = f"Try again. If it stays so, give your operator the reference {reference}."
    return _answer(Problem(500, "fault", "Something failed", happened, next_step, reference), {})


def _answer(problem: Problem, members: dict[str, Any]) -> Answer:
    if not is_api():
        return _page(problem)
    body = ProblemBody(
        type=problem.type,
        title=problem.title,
        status=problem.status,
        detail=problem.happened,
        next_step=problem.next,
        instance=problem.instance or "",
        **members,
    )
    return Response(msgspec.json.encode(body), problem.status, content_type="application/problem+json")


def _page(problem: Problem) -> Answer:
    try:
        return Response(render_template("error.html", problem=problem), problem.status, mimetype="text/html")
    except Exception as again:  # noqa: BLE001 - the frame of the page asks the database, which may be what failed.
        _log(again)
        words = f"{problem.title}\n\n{problem.happened}\n{problem.next}\n{problem.type}\n"
        return Response(words, problem.status, mimetype="text/plain")


def _to_sign_in() -> Answer:
    """Back to where they wanted to go after that, if it was to look at something."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(f"/sign-in?next={quote(wanted)}" if wanted else "/sign-in", 303)


def _log(error: BaseException) -> str:
    """What failed and where, never with which values: messages of drivers quote parameters, which may be texts."""
    reference = secrets.token_hex(4)
    route = request.url_rule.rule if request.url_rule else "no route"
    log.error("%s: %s in %s %s at %s", reference, type(error).__name__, request.method, route, path_of(error))
    return reference
