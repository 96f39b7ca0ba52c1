"""Files through the API: previewed, imported, told item by item, read by profiles."""

import json
from typing import Any

from tests.api.conftest import Call
from tests.items import OWN_NUMBER, STRANGER, line

LINES = b"\n".join([line("SM1", text="secret words"), line("SM2"), line("SM1", text="secret words"), b"nonsense"])


def sent(call: Call, content: bytes = LINES, **query: Any) -> tuple[int, dict[str, Any]]:
    answer = call("POST", "/imports", data=content, query_string={"name": "texts.jsonl", **query})
    return answer.status_code, json.loads(answer.get_data())


def test_a_file_is_previewed_imported_and_told_item_by_item(call: Call) -> None:
    status, foretold = sent(call, preview="true")
    assert (status, foretold["id"], foretold["stored"], foretold["quarantined"]) == (200, None, 2, 1)
    assert call("GET", "/imports").json == {"imports": []}
    status, done = sent(call)
    assert (status, done["stored"], done["duplicate"], done["file"]) == (201, 2, 1, "texts.jsonl")
    shown = call("GET", f"/imports/{done['id']}").json
    assert (shown["lines"], shown["counts"]["stored"], shown["format"]) == (4, 2, "jsonl")
    assert call("GET", "/imports").json == {"imports": [shown]}
    told = call("GET", f"/imports/{done['id']}/fates", query_string={"form": "jsonl"}).get_data(as_text=True)
    fates = [json.loads(each) for each in told.splitlines()]
    assert [one["status"] for one in fates] == ["stored", "stored", "duplicate", "quarantined"]
    assert fates[2]["serial"] == fates[0]["serial"]
    assert "secret" not in told
    assert call("GET", "/imports/imp_nobody/fates").status_code == 404


def test_profiles_are_kept_and_used_and_wrong_ones_say_why(call: Call, call_with: Any) -> None:
    mapping = {"columns": {"from": "A", "to": "B", "text": "C"}, "constants": {"provider": "acme"}}
    made = call("POST", "/import-profiles", json={"name": "Acme", "mapping": mapping})
    assert (made.status_code, made.json["mapping"]) == (201, mapping)
    assert call("POST", "/import-profiles", json={"name": "acme", "mapping": mapping}).status_code == 409
    wrong = call("POST", "/import-profiles", json={"name": "x", "mapping": {"columns": {"text": "A"}}})
    assert (wrong.status_code, "sender and the recipient" in wrong.json["next_step"]) == (400, True)
    table = f"A,B,C\n{STRANGER},{OWN_NUMBER},Hello\n".encode()
    status, done = sent(call, table, profile="Acme")
    assert (status, done["quarantined"]) == (201, 1)
    assert "neither side is ours" in str(done["reasons"])
    own = {"number": OWN_NUMBER, "location": "Austin"}
    assert call("POST", "/numbers", json=own).status_code == 201
    assert sent(call, table, profile="Acme")[1]["stored"] == 1
    at = f"/import-profiles/{made.json['id']}"
    assert call("POST", at, json={"name": "Acme Mobile"}).json["name"] == "Acme Mobile"
    assert [one["name"] for one in call("GET", "/import-profiles").json["profiles"]] == ["twilio", "Acme Mobile"]
    assert call("DELETE", at).status_code == 200
    assert call("DELETE", at).status_code == 404
    for query in ({"format": "tar"}, {"zone": "Mars"}, {"number": "5"}, {"anchor": "never"}):
        assert sent(call, **query)[0] == 400
    assert sent(call, b"")[0] == 400
    reader = call_with("quarantine.read")
    assert reader("POST", "/imports", data=LINES).status_code == 403
    assert reader("GET", "/import-profiles").status_code == 200
