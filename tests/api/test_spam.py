import pytest

from archive.access.organisations import OrganisationRow
from archive.spam.finding import compare_new
from archive.wiring import Archive
from tests.spam.reporting import WORDS, sent
from tests.taking_in import OTHER, OWN, own_number, trail

BODY = {"own_number": "(212) 555-0123", "reporter": OTHER, "texted_at": "2026-11-20T07:00:00-05:00", "words": WORDS}


@pytest.fixture(autouse=True)
def number(archive: Archive, organisation: OrganisationRow) -> str:
    return own_number(archive, organisation)


def test_a_report_is_handed_in_matched_listed_and_read(call, archive: Archive, organisation: OrganisationRow) -> None:
    (serial,) = sent(archive, organisation, (4, WORDS))
    answer = call("POST", "/spam-reports", json=BODY)
    assert (answer.status_code, answer.json["new"]) == (201, True)
    again = call("POST", "/spam-reports", json=BODY)
    assert (again.status_code, again.json) == (200, {**answer.json, "new": False})
    compare_new(archive.transactions, organisation.id)
    address = f"/spam-reports/{answer.json['id']}"
    whole = call("GET", address).json
    assert whole["matches"] == [
        {"serial": serial, "score": 100, "reason": "same parties, 3 minutes apart, 100 % of the words"}
    ]
    assert (whole["reporter"], whole["words"], whole["source"], whole["state"]) == (OTHER, WORDS, "api", "new")
    assert whole["texted_since"] == "2026-11-20T12:00:00Z"
    (brief,) = call("GET", "/spam-reports").json["reports"]
    assert brief.items() <= whole.items()
    assert "words" not in brief
    assert len(trail(archive, organisation, "spam.viewed")) == 1


def test_a_carrier_s_complaint_is_due_sooner(call) -> None:
    call("POST", "/spam-reports", json={**BODY, "carrier": "T-Mobile", "reference": "C-1", "fee_tier": "tier-3"})
    call("POST", "/spam-reports", json={"campaign": "CABC", "carrier": "T-Mobile", "reference": "C-2"})
    found = call("GET", "/spam-reports", query_string={"source": "carrier", "order": "oldest"}).json["reports"]
    assert [(one["due_on"], one["fee_tier"], one["campaign"]) for one in found] == [
        ("2026-11-27", "tier-3", None),
        ("2026-11-27", None, "CABC"),
    ]


def test_pages_follow_one_another(call) -> None:
    ids = [call("POST", "/spam-reports", json={**BODY, "words": str(at)}).json["id"] for at in range(5)]
    seen, after = [], None
    while True:
        page = call("GET", "/spam-reports", query_string={"limit": 2, **({"after": after} if after else {})}).json
        seen += [one["id"] for one in page["reports"]]
        after = page["next"]
        if after is None:
            break
    assert seen == ids[::-1]


def test_it_is_changed_whole_or_not_at_all(call) -> None:
    address = f"/spam-reports/{call('POST', '/spam-reports', json=BODY).json['id']}"
    assert call("POST", address, json={"due_on": "2026-12-01", "state": "confirmed"}).status_code == 409
    assert call("GET", address).json["due_on"] == "2026-12-08"
    order = {"state": "investigating", "due_on": "2026-12-01", "fee_tier": "tier-1", "assignee": ""}
    changed = call("POST", address, json={**order, "actions": ["suspend-number", "opt-out"]}).json
    assert (changed["state"], changed["due_on"], changed["fee_tier"]) == ("investigating", "2026-12-01", "tier-1")
    assert call("GET", f"/numbers/{OWN}").json["number"]["state"] == "suspended"
    assert [one["party"] for one in call("GET", "/opt-outs").json["opt_outs"]] == [OTHER]
    assert call("POST", address, json={"fee_tier": "", "note": "Not proven"}).json["fee_tier"] is None
    assert call("POST", address, json={"actions": ["opt-out"]}).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], {"own_number": 5}, {"own_number": "+12125550199"}, {**BODY, "texted_at": "2026-11-20T07:00:00"}),
        *({**BODY, "reporter": "x"}, {**BODY, "fee_tier": "x"}, {**BODY, "more": 1}, {**BODY, "words": "x" * 2_001}),
    ],
)
def test_what_cannot_be_read_is_refused(call, body: object) -> None:
    answer = call("POST", "/spam-reports", json=body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_scopes(call, call_with) -> None:
    report_id = call("POST", "/spam-reports", json=BODY).json["id"]
    reporter, reader = call_with("spam.report"), call_with("spam.read")
    assert reporter("POST", "/spam-reports", json=BODY).status_code == 200
    for path in ("", f"/{report_id}"):
        assert reporter("GET", f"/spam-reports{path}").status_code == 403
        assert reader("GET", f"/spam-reports{path}").status_code == 200
    assert reader("POST", "/spam-reports", json=BODY).status_code == 403
    assert reader("POST", f"/spam-reports/{report_id}", json={"note": "x"}).status_code == 403
    assert call("GET", "/spam-reports/spm_nothing").status_code == 404
    assert call("POST", "/spam-reports/spm_nothing", json={"note": "x"}).status_code == 404


def test_the_packet_takes_both_scopes(call, call_with) -> None:
    address = f"/spam-reports/{call('POST', '/spam-reports', json=BODY).json['id']}/packet"
    for ending, start in (("zip", b"PK"), ("pdf", b"%PDF")):
        assert call("GET", f"{address}.{ending}").data.startswith(start)
        assert call_with("spam.read", "messages.read")("GET", f"{address}.{ending}").status_code == 200
        assert call_with("spam.read")("GET", f"{address}.{ending}").status_code == 403
