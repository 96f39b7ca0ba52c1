import pytest

from archive.core.actor import OPERATOR
from archive.numbers.actions import add_number
from archive.numbers.model import NumberState
from tests.letters.signing import NEEDS, PLAIN


@pytest.fixture(autouse=True)
def numbers(archive, organisation) -> None:
    with archive.transactions.write(organisation.id, OPERATOR) as tx:
        add_number(tx, NEEDS, location="Austin", state=NumberState.LOA_REQUIRED)
        add_number(tx, PLAIN, location="Austin")


def test_what_can_be_authorised_is_ordered_once(call) -> None:
    found = call("GET", "/authorisations/candidates", query_string={"location": "Austin"}).json["numbers"]
    assert [(one["number"], one["offered"], one["needs_letter"]) for one in found] == [
        (NEEDS, True, True),
        (PLAIN, True, False),
    ]
    placed = call("POST", "/authorisations", json={"location": "Austin", "numbers": ["(212) 555-0125"]})
    assert placed.status_code == 201
    assert (placed.json["name"], placed.json["numbers"], placed.json["letter"]) == ("A-00001", [PLAIN], None)
    assert call("GET", "/authorisations/1").json == placed.json
    assert call("GET", "/authorisations").json == {"orders": [placed.json]}
    again = call("POST", "/authorisations", json={"numbers": [PLAIN]})
    assert again.status_code == 409
    assert "It is authorised already." in again.json["detail"]


def test_a_letter_is_no_program_s_to_sign(call, call_with) -> None:
    refused = call("POST", "/authorisations", json={"numbers": [NEEDS, PLAIN]})
    assert refused.status_code == 409
    assert "Letter of Authorization" in refused.json["detail"]
    assert call("GET", "/authorisations").json == {"orders": []}
    assert call("GET", "/authorisations/1").status_code == 404
    assert call("POST", "/authorisations", json={"numbers": ["nobody"]}).status_code == 404
    assert call("POST", "/authorisations", json={"numbers": []}).status_code == 400
    assert call_with("numbers.read")("POST", "/authorisations", json={"numbers": [PLAIN]}).status_code == 403
