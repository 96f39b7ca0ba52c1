"""Purge batches, for programs: they see everything, look again, and can stop it."""

from archive.access.organisations import OrganisationRow
from archive.wiring import Archive
from tests.holds.ordering import texts
from tests.retention.purging import DAY, go_to, planned, purge_time, run


def test_batches_are_listed_and_shown(call, archive: Archive, organisation: OrganisationRow) -> None:
    assert call("GET", "/retention/batches").json == {"batches": [], "stop": None}
    texts(archive, organisation, {"text": "first"}, {"text": "second"})
    planned(archive, organisation)
    (listed,) = call("GET", "/retention/batches").json["batches"]
    assert listed == call("GET", f"/retention/batches/{DAY}").json
    assert (listed["id"], listed["state"], listed["texts"]) == (DAY.isoformat(), "planned", 2)
    assert listed["numbers"] == {"+12125550123": 2}
    assert call("GET", "/retention/batches/2020-01-01").status_code == 404
    assert call("GET", f"/retention/batches/{DAY}/certificate").status_code == 404
    assert call("GET", f"/retention/batches/{DAY}/certificate.pdf").status_code == 404
    assert call("POST", f"/retention/batches/{DAY}/verify").status_code == 409


def test_a_certificate_is_fetched_and_the_batch_looked_at_again(
    call, archive: Archive, organisation: OrganisationRow
) -> None:
    texts(archive, organisation, {"text": "first"})
    planned(archive, organisation)
    go_to(archive, purge_time())
    (done,) = run(archive, organisation).certified
    answer = call("GET", f"/retention/batches/{DAY}/certificate")
    assert answer.mimetype == "application/json"
    assert answer.text == done.certificate
    printed = call("GET", f"/retention/batches/{DAY}/certificate.pdf")
    assert (printed.mimetype, printed.data[:5]) == ("application/pdf", b"%PDF-")
    again = call("POST", f"/retention/batches/{DAY}/verify").json
    assert (again["good"], again["found"]["rows"], again["faults"]) == (True, 0, [])


def test_a_program_stops_the_purging_and_can_not_let_it_go_on(
    call_with, archive: Archive, organisation: OrganisationRow
) -> None:
    reader, stopper = call_with("retention.read"), call_with("retention.read", "retention.approve")
    assert reader("POST", "/retention/stop", json={"reason": "Looks wrong"}).status_code == 403
    assert stopper("POST", "/retention/stop", json={"reason": " "}).status_code == 400
    stopped = stopper("POST", "/retention/stop", json={"reason": "Looks wrong"})
    assert (stopped.status_code, stopped.json["everywhere"]) == (201, False)
    assert stopper("POST", "/retention/stop", json={"reason": "Again"}).status_code == 409
    assert reader("GET", "/retention/batches").json["stop"] == stopped.json
    assert run(archive, organisation).stop is not None
    assert stopper("POST", "/retention/resume").status_code == 404
