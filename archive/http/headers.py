"""What every answer tells the browser: run nothing of others, keep nothing, tell nobody."""

from flask import Flask, request
from werkzeug.wrappers import Response

STATIC = "static"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TWO_YEARS = 63_072_000


def install_headers(app: Flask, *, secure: bool) -> None:
    always = dict(HEADERS)
    if secure:
        always["Strict-Transport-Security"] = f"max-age={_TWO_YEARS}; includeSubDomains"

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.extend(always)
        if request.endpoint != STATIC:
            response.headers["Cache-Control"] = "no-store"
        return response
