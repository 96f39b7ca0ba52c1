import json
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from archive.access.organisations import OrganisationRow
from archive.ledger.note import VerifierKey
from archive.messages.store import MessageRow
from archive.search.statement import check_statement
from archive.wiring import Archive
from tests.taking_in import HOSTILE, OTHER, OWN, take_in, take_in_hostile, text, trail


def found(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    read: dict[str, Any] = json.loads(answer.get_data())
    return read


def test_a_hit_says_everything_about_its_text(call, archive: Archive, organisation: OrganisationRow) -> None:
    media = [{"url": "https://m.example/1", "content_type": "image/png"}]
    more = {"campaign": "C8K2L9", "account": "AC1", "status": "delivered", "media": media}
    serial = take_in(archive, organisation, [text(1, "Grüße: the refund 👩‍👩‍👧‍👦 refund", **more)])[0]
    page = found(call("GET", "/search", query_string={"q": "refund"}))
    assert page.keys() == {"hits", "count", "coverage", "next", "compared"}
    assert page["count"] == 1
    assert page["next"] is None
    assert page["coverage"].keys() == {"indexed", "of", "through", "rebuilding"}
    assert (page["coverage"]["indexed"], page["coverage"]["of"]) == (1, 1)
    (hit,) = page["hits"]
    marks = hit.pop("marks")
    assert [hit["text"][start:end] for start, end in marks] == ["refund", "refund"]
    assert hit == {
        "serial": serial,
        "direction": "inbound",
        "from": OTHER,
        "to": [OWN],
        "text": "Grüße: the refund 👩‍👩‍👧‍👦 refund",
        "sent_at": "2026-11-20T12:01:00Z",
        "received_at": "2026-11-23T09:00:00Z",
        "stored_at": "2026-11-23T09:00:00Z",
        "own_number": OWN,
        "provider": "twilio",
        "account": "AC1",
        "provider_id": "SM000001",
        "campaign": "C8K2L9",
        "status": "delivered",
        "flags": ["mms", "unknown-number"],
        "expires_at": "2027-12-28T09:00:00Z",
        "policy": 1,
        "media": media,
        "encoding": "ucs-2",
        "segments": 1,
        "delivery": [],
    }


def test_every_search_is_in_the_ledger_with_its_words_sealed(
    call, archive: Archive, organisation: OrganisationRow
) -> None:
    call("GET", "/search", query_string={"q": "refund from:Dana"})
    (made,) = trail(archive, organisation, "search.run")
    assert made.actor.startswith("key:")
    assert made.private == {"query": "refund from:Dana"}
    assert "Dana" not in str(made.detail)


def test_pages_follow_each_other_in_both_orders(call, archive: Archive, organisation: OrganisationRow) -> None:
    serials = take_in(archive, organisation, [text(number, f"refund {number}") for number in range(7)])
    for order, expected in (("newest", serials[::-1]), ("oldest", serials)):
        cursor, seen = None, []
        for _ in range(3):
            asked = {"q": "refund", "limit": 3, "order": order, **({"cursor": cursor} if cursor else {})}
            page = found(call("GET", "/search", query_string=asked))
            assert page["count"] == 7
            seen += [hit["serial"] for hit in page["hits"]]
            cursor = page["next"]
        assert (seen, cursor) == (expected, None)


def test_the_best_match_comes_first_where_that_is_asked_for(
    call, archive: Archive, organisation: OrganisationRow
) -> None:
    items = [text(1, "the refund of the refund"), text(2, "a refund"), text(3, "hello")]
    twice, once, _ = take_in(archive, organisation, items)
    page = found(call("GET", "/search?q=refund&order=best"))
    assert [hit["serial"] for hit in page["hits"]] == [twice, once]
    assert page["compared"] is None
    first = found(call("GET", "/search?q=refund&order=best&limit=1"))
    second = found(call("GET", "/search", query_string={"q": "refund", "order": "best", "cursor": first["next"]}))
    assert [hit["serial"] for hit in second["hits"]] == [once]


def test_a_page_has_25_hits_unless_told_otherwise(call, archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, [text(number, "refund") for number in range(30)])
    assert len(found(call("GET", "/search"))["hits"]) == 25
    assert len(found(call("GET", "/search?limit=200"))["hits"]) == 30
    assert len(found(call("GET", "/search?limit=1"))["hits"]) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("order=sideways", "order")],
)
def test_a_parameter_that_does_not_fit_is_named(call, query: str, field: str) -> None:
    answer = call("GET", f"/search?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.json["fields"].keys() == {field}


def test_a_mistake_in_the_line_is_pointed_at(call) -> None:
    answer = call("GET", "/search", query_string={"q": "refund frm:5 -test"})
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    problem = answer.json
    assert problem["type"] == "/problems/bad-query"
    assert (problem["start"], problem["end"]) == (7, 12)
    assert problem["understood"] == "refund -test"
    assert "from:" in problem["suggestion"]


def test_a_cursor_that_is_none_is_refused(call) -> None:
    for cursor in ("x", "%00", "A" * 500, "é"):
        assert call("GET", f"/search?cursor={cursor}").status_code == 400


def test_hostile_texts_come_out_exactly_as_they_went_in(call, archive: Archive, organisation: OrganisationRow) -> None:
    serials = take_in_hostile(archive, organisation)
    answer = call("GET", "/search")
    by_serial = {hit["serial"]: hit for hit in found(answer)["hits"]}
    for name, words in HOSTILE.items():
        assert by_serial[serials[name]]["text"] == words, name
    assert b"\\ud83d" in answer.get_data()
    answer.get_data().decode("utf-8")


def test_a_key_without_the_scope_is_refused(call_with) -> None:
    answer = call_with("messages.read", "messages.write")("GET", "/search")
    assert answer.status_code == 403
    assert answer.json["type"] == "/problems/not-permitted"


def test_a_search_covers_what_is_indexed_and_says_so(call, archive: Archive, organisation: OrganisationRow) -> None:
    take_in(archive, organisation, [text(1, "refund")])
    call("POST", "/messages", json=text(2, "refund too"))
    page = found(call("GET", "/search?q=refund"))
    assert page["count"] == 1
    assert (page["coverage"]["indexed"], page["coverage"]["of"]) == (1, 2)


@pytest.mark.tampers
def test_a_page_with_a_damaged_hit_does_not_look_whole(call, archive: Archive, organisation: OrganisationRow) -> None:
    first, changed = take_in(archive, organisation, [text(1, "refund"), text(2, "refund too")])
    with archive.transactions.across() as session:
        session.execute(update(MessageRow).where(MessageRow.seq == changed).values(flags="harmless"))
    answer = call("GET", "/search?q=refund")
    assert answer.status_code == 500
    assert answer.json["type"] == "/problems/damaged"
    assert f"-serial:{changed}" in answer.json["next_step"]
    without = call("GET", "/search", query_string={"q": f"refund -serial:{changed}"})
    assert [hit["serial"] for hit in without.json["hits"]] == [first]


def test_a_search_is_certified_into_a_statement_that_a_stranger_checks(
    call, archive: Archive, organisation: OrganisationRow
) -> None:
    take_in(archive, organisation, [text(1, "refund")])
    key = VerifierKey.parse(found(call("GET", "/integrity"))["public_key"])
    for line, count in (("refund", 1), ("nobody", 0)):
        answer = call("POST", "/search/statements", json={"q": line})
        assert (answer.status_code, answer.mimetype) == (201, "application/json")
        stated = check_statement(answer.get_data(as_text=True), key)
        assert (stated.query, stated.count, stated.coverage.complete) == (line, count, True)
        assert (stated.by.name, stated.by.actor[:8]) == ("A program", "key:apk_")
    for body in ({}, {"q": 5}, {"q": "refund", "limit": 5}):
        assert call("POST", "/search/statements", json=body).status_code == 400
    assert call("POST", "/search/statements", json={"q": "frm:5"}).json["type"] == "/problems/bad-query"
