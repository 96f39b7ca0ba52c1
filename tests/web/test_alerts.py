"""The page of alerts, and the same for programs: what is wrong, with what, the first texts, and closing it."""

from flask import Flask

from archive.access.organisations import OrganisationRow
from archive.alerts.actions import list_alerts, raise_alert
from archive.alerts.model import Cause, Occurrence
from archive.core.actor import OPERATOR
from archive.core.clock import day_of
from archive.wiring import Archive
from tests.browsing import api_key, signed_in_browser
from tests.items import OWN_NUMBER, own_number


def test_an_alert_is_shown_counted_and_closed(app: Flask, archive: Archive, organisation: OrganisationRow) -> None:
    dana = signed_in_browser(app, archive, organisation.id, "dana@harbour.example")
    assert "Nothing to look at" in dana.get("/alerts").text
    own_number(archive, organisation.id)
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        for about in (f"number:{OWN_NUMBER}", "campaign:cmp_<b>"):
            happened = [Occurrence(1, 4711), Occurrence(2, 4712)]
            raise_alert(tx, Cause("number-unregistered", about), day_of(tx.now), happened)
        first = list_alerts(tx)[0].id
    page = dana.get("/alerts").text
    for words in ("A carrier says that our number is not registered", "(212) 555-0123", "#4711", "cmp_&lt;b&gt;"):
        assert words in page
    assert "/search?q=delivery%3Ablocked+from%3A%2B12125550123+on%3A2026-11-23" in page
    assert 'Alerts <span class="count">2' in page
    refused = dana.post(f"/alerts/{first}/close", {"reason": " "})
    page = dana.get(refused.headers["Location"]).text
    assert 'Alerts <span class="count">2' in page, "without a reason it stays"
    dana.post(f"/alerts/{first}/close", {"reason": "Put on <i>again</i>"})
    page = dana.get("/alerts").text
    assert "Put on &lt;i&gt;again&lt;/i&gt;" in page
    client, headers = app.test_client(), api_key(archive, organisation.id)
    (closed,) = client.get("/api/v1/alerts?state=closed", headers=headers).json["alerts"]
    assert (closed["id"], closed["closed_because"]) == (first, "Put on <i>again</i>")
    (still,) = client.get("/api/v1/alerts", headers=headers).json["alerts"]
    assert (still["count"], still["serials"]) == (2, [4711, 4712])
    answer = client.post(f"/api/v1/alerts/{still['id']}/close", headers=headers, json={"reason": "Looked at"})
    assert answer.json["closed_because"] == "Looked at"
    assert client.get("/api/v1/alerts", headers=headers).json == {"alerts": []}
    assert "textarchive_alerts_open 0" in client.get("/metrics", headers=headers).text
