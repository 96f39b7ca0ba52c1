"""The web application: what `serve` runs and what tests call."""

from pathlib import Path

from flask import Blueprint, Flask, redirect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from archive import api, web
from archive.access.key_door import KeyDoor
from archive.access.system_secret import derive_secret
from archive.api import hooks, metrics
from archive.db.engine import demand_answer
from archive.http import formats
from archive.http.access import public, signed_in
from archive.http.addresses import Serial
from archive.http.buckets import Buckets
from archive.http.csrf import install_csrf
from archive.http.current import caller, current_archive
from archive.http.frame import count_with, home_of, install_frame
from archive.http.guard import install_guard
from archive.http.headers import install_headers
from archive.http.problems import install_problems
from archive.http.refusals import Refusals
from archive.http.static import install_static
from archive.http.translation import install_translation
from archive.retention.horizon import HorizonMemory
from archive.spam.inbox import Inbox
from archive.web.alerts import count_open as count_alerts
from archive.web.completeness import count_gaps
from archive.web.health import count_late
from archive.web.optouts import count_waiting as count_suspicions
from archive.web.purges import count_waiting as count_batches_waiting
from archive.web.quarantine import count_waiting
from archive.web.spam import count_new as count_new_reports
from archive.web.support_cases import count_due
from archive.wiring import Archive

API_PREFIX = "/api/v1"
PAGE_BYTES = 1_000_000
"""The largest body that is read; a route that takes more raises `request.max_content_length` itself."""

FILTERS = ("moment", "day", "weekday", "clock", "phone", "number", "size", "initials", "marked", "span", "coded")

_root = Blueprint("root", __name__)


def create_app(archive: Archive) -> Flask:
    """A Flask application on `archive`, which the caller has built and keeps open."""
    app = Flask("archive", static_folder=None, template_folder=str(templates_folder()))
    put_on(app, archive)
    app.config["MAX_CONTENT_LENGTH"] = PAGE_BYTES
    secure = archive.settings.secure_cookies
    install_csrf(app, secure=secure)
    install_guard(app)
    install_headers(app, secure=secure)
    install_problems(app)
    install_translation(app)
    install_frame(app)
    count_with(app, "quarantine", count_waiting)
    count_with(app, "retention", count_batches_waiting)
    count_with(app, "opt-outs", count_suspicions)
    count_with(app, "campaigns", count_due)
    count_with(app, "alerts", count_alerts)
    count_with(app, "health", count_late)
    count_with(app, "completeness", count_gaps)
    count_with(app, "spam-reports", count_new_reports)
    install_static(app, templates_folder() / "static")
    app.jinja_env.filters.update({name: getattr(formats, name) for name in FILTERS})
    app.url_map.converters["serial"] = Serial
    _register(app)
    if hops := archive.settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def put_on(app: Flask, archive: Archive) -> None:
    """All that an application knows of its archive, and remembers of who has asked. What else it consists of is the
    same for every archive with the same settings, and takes most of the time that making one takes."""
    app.secret_key = derive_secret(archive.transactions, archive.keyring, "form tokens")
    app.extensions["archive"] = archive
    app.extensions["key_door"] = KeyDoor(archive.transactions)
    app.extensions["horizon"] = HorizonMemory()
    app.extensions["refusals"] = Refusals()
    app.extensions["spam_inbox"] = Inbox(archive.transactions, archive.keyring)
    app.extensions["buckets"] = Buckets()
    app.extensions["hook_buckets"] = hooks.make_buckets()


def templates_folder() -> Path:
    """Inside the installed package; in a checkout beside it."""
    here = Path(__file__).resolve().parent
    inside = here / "templates"
    return inside if inside.is_dir() else here.parent / "templates"


def _register(app: Flask) -> None:
    app.register_blueprint(_root)
    for part in api.SLICES:
        app.register_blueprint(part.blueprint, url_prefix=API_PREFIX, name=f"api_{part.blueprint.name}")
    app.register_blueprint(metrics.blueprint)
    app.register_blueprint(hooks.blueprint)
    for part in web.SLICES:
        app.register_blueprint(part.blueprint)


@_root.get("/")
@signed_in
def start() -> Response:
    """To the search, or what else somebody may open; signing in leads back here."""
    return redirect(home_of(caller()), 303)


@_root.get("/healthz")
@public
def health() -> tuple[str, dict[str, str]]:
    """For load balancers: the process runs and reaches its database. No details: nobody is signed in here."""
    demand_answer(current_archive().engine)
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}
