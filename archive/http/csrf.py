"""Forms come from our own pages: a signed token in each, and the browser's own word where the request comes from."""

from flask import Flask, Request, request
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError as _Mismatch
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup

from archive.access.sessions import LIMIT
from archive.core.errors import BadInput
from archive.http.addresses import FOR_PROGRAMS
from archive.http.cookies import cookie_name

_OUR_OWN = frozenset({"", "none", "same-origin"})
_protect = CSRFProtect()


class PageCookie(SecureCookieSessionInterface):
    """The API has no cookies, and a request there should not pay for reading one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | NullSession | None:
        if request.path.startswith(FOR_PROGRAMS):
            return self.make_null_session(app)
        return super().open_session(app, request)


class ForgedForm(BadInput):
    """A form without its token, or from another site."""

    slug = "form-expired"


def install_csrf(app: Flask, *, secure: bool) -> None:
    """The token's own cookie is Flask's signed one; it holds nothing else but notices."""
    app.session_interface = PageCookie()
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name("form", secure=secure),
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_CHECK_DEFAULT=False,  # The guard calls `check_form`, on pages only.
        WTF_CSRF_SSL_STRICT=False,  # Our pages send no referrer; Sec-Fetch-Site says the same thing below.
        WTF_CSRF_TIME_LIMIT=int(LIMIT.total_seconds()),
    )
    _protect.init_app(app)
    app.jinja_env.globals["csrf_field"] = csrf_field


def check_form() -> None:
    """Raises `ForgedForm` for a changing request that none of our pages made."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if request.headers.get("Sec-Fetch-Site", "") not in _OUR_OWN:
        raise ForgedForm("This form was sent by another site.", "Open the page here and send the form again.")
    try:
        _protect.protect()
    except _Mismatch:
        raise ForgedForm(
            "The form does not carry its token, or was open for too long.",
            "Go back, load the page again, and send the form again.",
        ) from None


def csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
