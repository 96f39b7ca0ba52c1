"""Every address of the product: who may use it, and that nobody reaches another organisation through it."""

import json
import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from archive.access.api_keys import list_keys, make_key
from archive.access.organisations import OrganisationRow, create_organisation
from archive.access.people import list_people
from archive.access.sessions import list_sessions
from archive.alerts.actions import list_alerts, raise_alert
from archive.alerts.model import Cause, Occurrence
from archive.authorising.model import Draft as OrderDraft
from archive.authorising.ordering import place_order
from archive.campaigns.cases.actions import open_case
from archive.completeness.gap import Cause as Lack
from archive.completeness.gap import Shortfall
from archive.completeness.model import Cell
from archive.completeness.recording import open_gap
from archive.core.actor import OPERATOR
from archive.core.clock import day_of
from archive.holds.covering import Found
from archive.holds.model import Predicate
from archive.holds.placing import HoldOrder, place_found
from archive.http.access import Access, access_of, public, requires
from archive.http.addresses import FOR_PROGRAMS
from archive.intake.actions import receive
from archive.intake.files.model import Mapping
from archive.intake.import_runs import ImportOptions, run_of
from archive.intake.parse import arrival
from archive.intake.profiles.actions import save_profile
from archive.ledger.checkpoints import bring_up
from archive.locations.actions import add_location
from archive.locations.model import Location
from archive.messages.store import MessageRow
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from archive.optouts.managing import add_opt_out
from archive.providers.accounts import connect
from archive.retention.batch import Batch, State
from archive.retention.batches import add_batch, note_certified
from archive.retention.changing import propose
from archive.retention.model import EVERYTHING
from archive.retention.period import Period
from archive.retention.serials import NOTHING
from archive.search.saved.actions import save_search
from archive.spam.model import NewReport, Source
from archive.spam.recording import take_report
from archive.tx import Tx
from archive.users.actions import add_user
from archive.users.model import User
from archive.wiring import Archive
from tests.browsing import Browser, api_key, signed_in_browser
from tests.campaigns.making import brand, draft
from tests.letters.signing import OTHER_NEEDS, sign_in

PUBLIC = {
    "GET /healthz",
    "GET /sign-in",
    "POST /sign-in",
    "POST /theme",
    "GET /report-spam",
    "POST /report-spam",
    "GET /report-spam/thanks",
    "GET /api/v1/openapi.json",  # The description of the API: the same for every archive of this version.
    "GET /static/<version_asked>/<path:name>",
    "GET /hooks/<provider>/<account>",  # Some providers send by GET.
    "POST /hooks/<provider>/<account>",  # Providers have no key; `api/test_hooks` tries their signatures.
}


def routes(app: Flask) -> dict[str, Access | None]:
    found = {}
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found[f"{method} {rule.rule}"] = access_of(app.view_functions[rule.endpoint])
    return found


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    table = routes(app)
    for route, access in sorted(table.items()):
        print(f"{route:60} {access}")
    assert [route for route, access in table.items() if access is None] == []


def test_only_these_routes_ask_nobody(app: Flask) -> None:
    assert {route for route, access in routes(app).items() if access and access.is_public} == PUBLIC


def test_no_route_of_the_api_is_open_or_for_people(app: Flask) -> None:
    api = {route: access for route, access in routes(app).items() if " /api/" in route and route not in PUBLIC}
    assert api
    assert [route for route, access in api.items() if not (access and access.permission)] == []


def test_nothing_changes_by_get(app: Flask) -> None:
    changing = (".write", ".manage", ".retry", ".place", ".release", ".approve")
    for route, access in routes(app).items():
        if route.startswith("GET") and access and access.permission:
            assert not access.permission.value.endswith(changing), route


def test_nothing_for_developers_is_reachable(app: Flask, browser: Browser) -> None:
    assert not app.debug
    assert not app.testing
    for path in (
        "/console",
        "/debug",
        "/admin",
        "/.git/config",
        "/.env",
        "/?__debugger__=yes&cmd=resource",
    ):
        assert browser.get(path).status_code in {303, 404}, path
    assert browser.get("/static/x/../../pyproject.toml").status_code == 404
    assert browser.get("/static/x/%2e%2e/base.html").status_code == 404


def test_a_route_that_declares_nothing_is_closed(app: Flask, browser: Browser) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = browser.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_access_is_declared_once() -> None:
    try:
        public(requires("messages.read")(lambda: ""))  # type: ignore[arg-type]
    except TypeError:
        return
    raise AssertionError("two declarations were taken")


def test_without_signing_in_nothing_private_is_answered(app: Flask, browser: Browser) -> None:
    for rule in app.url_map.iter_rules():
        for route in _calls(rule):
            if route in PUBLIC:
                continue
            method, _, _ = route.partition(" ")
            path = _filled(rule, dict.fromkeys(rule.arguments, "1"))
            answer = browser.client.open(path, method=method)
            expected = 401 if path.startswith(FOR_PROGRAMS) else 303
            assert answer.status_code == expected, route
            if expected == 303:
                assert answer.headers["Location"].startswith("/sign-in"), route


def test_nobody_crosses_into_another_organisation_on_any_route(
    app: Flask, archive: Archive, organisation: OrganisationRow
) -> None:
    """Somebody with every permission in B calls every route that takes an id with what belongs to A."""
    owner = signed_in_browser(app, archive, organisation.id, "dana@harbour.example"), api_key(archive, organisation.id)
    other = create_organisation(archive.transactions, "Other", OPERATOR, archive.settings.public_url)
    stranger = signed_in_browser(app, archive, other.id, "eve@other.example"), api_key(archive, other.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        ids = {name: make(tx) for name, make in IDS.items()}
    ids["size"] = str(bring_up(archive.transactions, organisation.id, organisation.origin).size)
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments and not PUBLIC & set(_calls(rule))]
    for rule in rules:
        missing = rule.arguments - ids.keys()
        assert not missing, f"{rule.rule}: say in IDS how to make a {missing} of another organisation"
    before = _state(archive, organisation.id)
    calls = {route: _filled(rule, ids) for rule in rules for route in _calls(rule)}
    calls = dict(sorted(calls.items(), key=lambda call: call[0].startswith("DELETE")))  # What is deleted is gone.
    assert {
        route: status for route, path in calls.items() if (status := _call(*stranger, route, path)) not in {403, 404}
    } == {}
    assert _state(archive, organisation.id) == before
    calls.pop("POST /sessions/<session_id>/revoke")  # It would sign the owner out; `web/test_sign_in` tries it.
    calls.pop("POST /search/saved/<saved_id>/delete")  # Once is enough: the API deletes it.
    calls.pop("POST /opt-outs/<serial:entry>/withdraw")  # Once is enough: the API ends it.
    calls.pop("POST /providers/<provider>/<account>/end")  # Once is enough: the API ends it.
    calls.pop("DELETE /api/v1/provider-accounts/<provider>/<account>/reading")  # Its account has ended by then.
    calls.pop("POST /imports/profiles/<profile_id>/remove")  # Once is enough: the API removes it.
    calls.pop("POST /holds/<hold_id>/release/allow")  # Whoever asked may not; `web/test_holds` tries it.
    assert {
        route: status for route, path in calls.items() if (status := _call(*owner, route, path)) in {403, 404}
    } == {}


def _call(browser: Browser, header: dict[str, str], route: str, path: str) -> int:
    method = route.partition(" ")[0]
    if path.startswith("/api/"):
        return browser.client.open(path, method=method, headers=header, json=BODIES.get(route, JSON)).status_code
    return browser.get(path).status_code if method == "GET" else browser.post(path, FORM).status_code


BODIES: dict[str, dict[str, object]] = {
    "POST /api/v1/spam-reports/<report_id>": {"note": "By telephone"},
    "POST /api/v1/import-profiles/<profile_id>": {"name": "Older system"},
    "POST /api/v1/provider-accounts/<provider>/<account>/reading": {"credentials": {}},
    "POST /api/v1/provider-accounts/<provider>/<account>/reading/now": {},
}

FORM = {
    **{"role": "auditor", "state": "suspended", "name": "Another name", "shared": True},
    **{
        "reason": "A letter",
        "sooner": "1",
        "freed": "1",
        "note": "By telephone",
        "confirmed": True,
        "action": "number-suspended",
    },
    **{"to": "own//paused", "level": "own", "registry_id": "C000001", "numbers": ["+12125550123"]},
    "signing_password": "another secret",
    **{"provider": "telnyx", "theirs": "4b30019b"},
}
JSON = {**FORM, "fields": {}}


def _key(tx: Tx) -> str:
    make_key(tx, name="Bridge", scopes=["*"])
    tx.session.flush()
    return list_keys(tx)[0].id


def _serial(tx: Tx) -> str:
    """Beyond the end of the other organisation's ledger, so that it can't be one of theirs by chance."""
    text = {"provider": "test", "from": "+14155550100", "to": ["+12125550123"], "direction": "inbound"}
    text["text"] = "Leave me alone"  # A suspicion, so that there is something to decide.
    raw = (json.dumps({**text, "provider_id": str(number)}).encode() for number in range(40))
    receive(tx, [arrival(item, tx.now, "api") for item in raw])
    return str(tx.session.scalars(select(MessageRow.seq).order_by(MessageRow.seq.desc())).first())


def _quarantined(tx: Tx) -> str:
    return str(receive(tx, [arrival(b'{"nonsense": true}', tx.now, "api")])[0].serial)


def _hold(tx: Tx) -> str:
    order = HoldOrder("A matter", Predicate("hello"), "A letter")
    return place_found(tx, order, Found(), tx.ledger_size).hold_id


def _batch(tx: Tx) -> str:
    batch_id = "2027-12-28"
    add_batch(tx, Batch(batch_id, day_of(tx.now), State.PLANNED, tx.now, 1, 0, 0, 0, 0, 0, {}, NOTHING))
    note_certified(tx, batch_id, "{}")
    return batch_id


def _account(tx: Tx) -> str:
    return connect(tx, "tcr", "SBJAF5P", "a secret of theirs").account


def _letter(tx: Tx) -> str:
    add_number(tx, OTHER_NEEDS, state=NumberState.LOA_REQUIRED)
    return sign_in(tx, OTHER_NEEDS).id


def _order(tx: Tx) -> str:
    """Order 1 of each organisation is its own, so this is one that the other doesn't have."""
    number = add_number(tx, "+12125550129").e164
    place_order(tx, OrderDraft("drf_0", None, (number,)))
    second = add_number(tx, "+12125550130").e164
    return str(place_order(tx, OrderDraft("drf_1", None, (second,))).number)


def _gap(tx: Tx) -> str:
    cell = Cell(day_of(tx.now), "twilio", "AC1", "", "inbound")
    return open_gap(tx, Shortfall(Lack.NOT_STORED, cell, expected=1, stored=0, indexed=0, missing=1)).id


def _alert(tx: Tx) -> str:
    raise_alert(tx, Cause("number-unregistered", "number:+12125550123"), day_of(tx.now), [Occurrence(1)])
    return list_alerts(tx)[0].id


IDS: dict[str, Callable[[Tx], str]] = {
    "gap_id": _gap,
    "provider": lambda _tx: "tcr",
    "account": _account,
    "alert_id": _alert,
    "brand_id": brand,
    "profile_id": lambda tx: save_profile(tx, "Old system", Mapping({"text": "T", "from": "F", "to": "R"})).id or "",
    "import_id": lambda tx: run_of(tx, "texts.jsonl", "0" * 64, "jsonl", ImportOptions()).id,
    "campaign_id": draft,
    "case_id": lambda tx: open_case(tx, draft(tx, referenceId="of the case")).id,
    "entry": lambda tx: str(add_opt_out(tx, "+14155550100", note="By telephone").entry),
    "person_id": lambda tx: list_people(tx)[0].id,
    "session_id": lambda tx: list_sessions(tx)[0].id,
    "key_id": _key,
    "serial": _serial,
    "seq": _quarantined,
    "hold_id": _hold,
    "proposal_id": lambda tx: propose(tx, EVERYTHING, Period(days=400), existing=True)[0].id,
    "batch_id": _batch,
    "number_id": lambda tx: add_number(tx, "+12125550123", state=NumberState.AUTHORISED).id,
    "report_id": lambda tx: take_report(tx, NewReport(Source.PERSON, "+12125550123")).report_id,
    "e164": lambda _tx: "+12125550123",
    "letter_id": _letter,
    "order_number": _order,
    "location_id": lambda tx: add_location(tx, Location("Austin")).id,
    "user_id": lambda tx: add_user(tx, User("Dana")).id,
    "saved_id": lambda tx: save_search(tx, name="Wires", query="wire", shared=True).id,
}


def _calls(rule: Rule) -> list[str]:
    return [f"{method} {rule.rule}" for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]


def _filled(rule: Rule, ids: dict[str, str]) -> str:
    return re.sub(r"<(?:[a-z]+:)?(\w+)>", lambda match: ids[match[1]], rule.rule)


def _state(archive: Archive, org_id: int) -> tuple[int, int, list[str]]:
    with archive.transactions.read(org_id, OPERATOR) as tx:
        return tx.ledger_size, len(list_sessions(tx)), [row.roles for row in list_people(tx)]
