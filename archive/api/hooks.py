"""The webhooks of providers and registries: open to whoever can sign."""

from flask import Blueprint, current_app, request
from msgspec import Struct
from werkzeug.exceptions import MethodNotAllowed

from archive.api.answers import Answer, json_answer
from archive.hooks import deliver, greet
from archive.http.access import public
from archive.http.buckets import Buckets
from archive.http.current import current_archive
from archive.providers.frame import HookRequest

blueprint = Blueprint("hooks", __name__)

LARGEST = 262_144
A_SECOND, AT_ONCE = 500.0, 2_000.0
"""Of one address: far above what a provider sends, and a limit to what somebody can try."""


class TakenBody(Struct):
    """`new`: how many of what was sent were not here already."""

    new: int


def make_buckets() -> Buckets:
    return Buckets(A_SECOND, AT_ONCE)


@blueprint.route("/hooks/<provider>/<account>", methods=["GET", "POST"])
@public
def take(provider: str, account: str) -> Answer:
    """200 after the commit, to a repeat as well."""
    if request.method == "HEAD":
        raise MethodNotAllowed(["GET", "POST"])
    buckets: Buckets = current_app.extensions["hook_buckets"]
    buckets.take(request.remote_addr or "")
    request.max_content_length = LARGEST
    archive = current_archive()
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    sent = HookRequest(
        url=f"{archive.settings.public_url}{request.path}{query}",
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.get_data(cache=False),
        at=archive.clock(),
        method=request.method,
    )
    if greeting := greet(archive, provider, account, sent):
        return Answer(status=200, headers=dict(greeting))
    return json_answer(TakenBody(deliver(archive, provider, account, sent)))
