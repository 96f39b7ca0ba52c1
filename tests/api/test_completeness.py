"""Completeness for programs, monitoring and the command line: one gap, seen from everywhere."""

from collections.abc import Callable
from typing import Any

from archive.access.organisations import OrganisationRow
from archive.doctor import examine
from archive.search.follower import catch_up
from archive.wiring import Archive
from jobs.completeness import run
from tests.browsing import api_key
from tests.items import OWN_NUMBER, line, take_in

Call = Callable[..., Any]
ON = "2026-11-21"


def say(call: Call, **count: Any) -> Any:
    counts = [{"day": ON, "direction": "inbound", **count}]
    return call("POST", "/provider-counts", json={"provider": "twilio", "account": "AC1", "counts": counts})


def test_a_gap_is_seen_from_everywhere(
    call: Call, call_with: Callable[..., Call], archive: Archive, organisation: OrganisationRow, app: Any
) -> None:
    take_in(archive, organisation.id, *(line(f"SM{at}", sent_at=f"{ON}T12:00:00Z") for at in range(2)))
    catch_up(archive.transactions, archive.index, organisation.id)
    assert say(call_with("messages.write"), number="(212) 555-0123", count=3).json == {
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "too_old": 0,
    }
    assert say(call_with("integrity.read"), count=1).status_code == 403
    assert say(call, count=-1).status_code == 400
    assert run(archive) == {"texts_counted": 2, "gaps_opened": 1, "gaps_closed": 0}

    found = call("GET", f"/completeness?number=%2B12125550123&from={ON}&to={ON}").json
    (day,), (gap,) = found["days"], found["gaps"]
    figures = {"expected": 3, "stored": 2, "indexed": 2, "missing": 1}
    assert day == {
        **{"day": ON, "provider": "twilio", "account": None, "number": OWN_NUMBER, "direction": "inbound"},
        **{**figures, "surplus": 0, "state": "lacking"},
    }
    assert {name: gap[name] for name in figures} == figures
    assert (gap["cause"], found["alarms"]) == ("not-stored", {"not-stored": {"gaps": 1, "texts": 1}})
    assert call("GET", "/completeness?from=2026-01-01&to=2026-11-01").status_code == 400
    assert call("GET", "/completeness?from=2024-01-01&to=2024-01-02").status_code == 400

    finding = next(one for one in examine(archive) if one.part == "completeness")
    assert (finding.state, finding.what.partition(": ")[2]) == (
        "broken",
        "texts that providers carried and that are not here: 1, in 1 gap",
    )
    metrics = app.test_client().get("/metrics", headers=api_key(archive, organisation.id)).text
    assert 'textarchive_texts_missing{cause="not-stored"} 1.0' in metrics
    parts = {part["part"]: part["state"] for part in call("GET", "/health").json["findings"]}
    assert parts["completeness"] == "broken"

    acknowledge = f"/completeness/gaps/{gap['id']}/acknowledge"
    assert call_with("integrity.read")("POST", acknowledge, json={"reason": "A test"}).status_code == 403
    assert call("POST", acknowledge, json={"reason": "A test"}).json["acknowledged_at"]
    assert call("POST", acknowledge, json={"reason": "A test"}).status_code == 409
    assert call("GET", "/completeness").json["alarms"] == {}
    assert say(call, number=OWN_NUMBER, count=5).json["changed"] == 1
    run(archive)
    every = {"day": ON, "reason": "An outage of theirs"}
    assert call("POST", "/completeness/acknowledge", json=every).json == {"gaps": 1}
    assert call("POST", "/completeness/acknowledge", json=every).status_code == 409
    assert call("POST", "/completeness/gaps/gap_1/acknowledge", json={"reason": "A test"}).status_code == 404


def test_a_table_can_be_sent(call: Call) -> None:
    table = f"day,provider,account,number,direction,count\n{ON},twilio,AC1,,inbound,4\n"
    fates = call("POST", "/provider-counts/import", data=table, content_type="text/csv").json
    assert (fates["added"], fates["refused"]) == (1, 0)
    days = call("GET", "/completeness").json["days"]
    assert [(day["account"], day["number"], day["expected"], day["state"]) for day in days] == [
        ("AC1", None, 4, "lacking")
    ]
