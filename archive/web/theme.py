"""Light, dark, or as the device: a cookie of the browser, no fact about a person."""

from datetime import timedelta

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from archive.http.access import public
from archive.http.addresses import safe_address
from archive.http.current import current_archive
from archive.http.frame import THEMES, theme_cookie

blueprint = Blueprint("theme", __name__)

_A_YEAR = timedelta(days=365)


@blueprint.post("/theme")
@public
def choose() -> Response:
    chosen = request.form.get("theme", "")
    response = redirect(safe_address(request.form.get("back"), "/"), 303)
    if chosen in THEMES:
        secure = current_archive().settings.secure_cookies
        response.set_cookie(
            theme_cookie(), chosen, max_age=_A_YEAR, path="/", secure=secure, httponly=True, samesite="Lax"
        )
    return response
