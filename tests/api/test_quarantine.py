from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.quarantine import read_item
from archive.wiring import Archive
from tests.taking_in import take_in, trail


def test_what_waits_is_listed_without_its_content(call, archive: Archive, organisation: OrganisationRow) -> None:
    seq = take_in(archive, organisation, [b'{"text": "secret words'])[0]
    answer = call("GET", "/quarantine")
    (item,) = answer.json["items"]
    assert (item["seq"], item["size"], item["attempts"], item["source"]) == (seq, 22, 0, "api")
    assert "not JSON" in item["reason"]
    assert (answer.json["waiting"], answer.json["next"]) == (1, None)
    assert "secret" not in answer.text


def test_the_list_is_read_page_by_page(call, archive: Archive, organisation: OrganisationRow) -> None:
    seqs = take_in(archive, organisation, [f"broken {number}".encode() for number in range(5)])
    first = call("GET", "/quarantine?limit=3").json
    assert [item["seq"] for item in first["items"]] == seqs[:1:-1]
    second = call("GET", f"/quarantine?limit=3&before={first['next']}").json
    assert ([item["seq"] for item in second["items"]], second["next"]) == (seqs[1::-1], None)
    assert first["waiting"] == second["waiting"] == 5
    assert call("GET", "/quarantine?before=0").status_code == 400


def test_a_retry_says_what_came_of_it(call, archive: Archive, organisation: OrganisationRow) -> None:
    seq = take_in(archive, organisation, [b"{nope"])[0]
    answer = call("POST", f"/quarantine/{seq}/retry")
    assert answer.status_code == 200
    assert answer.json["status"] == "quarantined"
    assert "not JSON" in answer.json["reason"]
    assert call("GET", "/quarantine").json["items"][0]["attempts"] == 1
    with archive.transactions.read(organisation.id, OPERATOR) as tx:
        assert read_item(tx, seq).row.is_open
    assert len(trail(archive, organisation, "quarantine.retried")) == 1


def test_scopes_and_absent_items_are_refused(call, call_with) -> None:
    assert call("POST", "/quarantine/4711/retry").status_code == 404
    reader = call_with("quarantine.read")
    assert reader("GET", "/quarantine").status_code == 200
    assert reader("POST", "/quarantine/1/retry").status_code == 403
