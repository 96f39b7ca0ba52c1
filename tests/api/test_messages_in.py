"""POST /api/v1/messages: what is taken, how it is answered, and that the answer comes after the commit."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from archive.access.organisations import OrganisationRow
from archive.intake.bodies import MOST_BYTES
from archive.wiring import Archive
from tests.items import item, ledger_size, line, own_number, read_back

Call = Callable[..., TestResponse]
NDJSON = "application/x-ndjson"


def post(call: Call, body: Any, content_type: str = "application/json") -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return call("POST", "/messages", data=data, content_type=content_type)


def statuses(answer: TestResponse) -> list[str]:
    return [outcome["status"] for outcome in answer.json["outcomes"]]


def stored(archive: Archive) -> int:
    """As another connection sees it: only what is committed."""
    with archive.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM message")).scalar_one()


def test_a_new_text_is_created_with_its_serial(call: Call, archive: Archive, organisation: OrganisationRow) -> None:
    own_number(archive, organisation.id)
    answer = post(call, item())
    assert answer.status_code == 201
    (outcome,) = answer.json["outcomes"]
    assert (outcome["status"], outcome["flags"], outcome["reason"]) == ("stored", [], None)
    assert answer.json["ledger"]["size"] == ledger_size(archive, organisation.id) >= outcome["serial"]
    assert stored(archive) == 1
    assert read_back(archive, organisation.id, outcome["serial"]).clear.actor.startswith("key:")


def test_the_same_again_is_answered_as_success(call: Call, archive: Archive) -> None:
    first, again = post(call, item()), post(call, item())
    assert (first.status_code, again.status_code) == (201, 200)
    assert statuses(again) == ["duplicate"]
    assert again.json["outcomes"][0]["serial"] == first.json["outcomes"][0]["serial"]
    assert stored(archive) == 1


def test_a_conflict_is_new(call: Call) -> None:
    post(call, item())
    answer = post(call, item(text="else"))
    assert (answer.status_code, statuses(answer)) == (201, ["conflict"])
    assert "conflict" in answer.json["outcomes"][0]["flags"]


def test_a_broken_item_is_kept_and_said(call: Call, archive: Archive) -> None:
    for body in (b"nonsense", b"[]", line(direction="sideways")):
        answer = post(call, body)
        assert (answer.status_code, statuses(answer)) == (200, ["quarantined"])
        assert answer.json["outcomes"][0]["reason"]
        assert answer.json["outcomes"][0]["serial"]
    assert stored(archive) == 0


@pytest.mark.parametrize("form", ["envelope", "lines"])
def test_many_are_answered_in_their_order(call: Call, archive: Archive, form: str) -> None:
    sent = [item("A"), item("B"), item("A"), item("A", text="else"), item("C", to=[]), item("D")]
    if form == "envelope":
        answer = post(call, {"messages": sent})
    else:
        body = b"\r\n\n".join(json.dumps(each).encode() for each in sent)
        answer = post(call, body, NDJSON)
    assert answer.status_code == 200
    assert statuses(answer) == ["stored", "stored", "duplicate", "conflict", "quarantined", "stored"]
    assert stored(archive) == 4


@pytest.mark.parametrize("form", ["envelope", "lines"])
def test_many_new_ones_are_created(call: Call, form: str) -> None:
    sent = [item(f"SM{at}") for at in range(20)]
    body = {"messages": sent} if form == "envelope" else b"\n".join(json.dumps(each).encode() for each in sent)
    answer = post(call, body, "application/json" if form == "envelope" else NDJSON)
    assert (answer.status_code, statuses(answer)) == (201, ["stored"] * 20)


def test_half_a_pair_and_nothing_come_through(call: Call) -> None:
    words = ["lost \ud83d half", "\0", "", "👩‍👩‍👧‍👦", "\u202bשלום\u202c"]
    answer = post(call, {"messages": [item(f"SM{at}", text=each) for at, each in enumerate(words)]})
    assert answer.status_code == 201
    for outcome, each in zip(answer.json["outcomes"], words, strict=True):
        assert call("GET", f"/messages/{outcome['serial']}").json["text"] == each


def test_no_messages_are_nothing(call: Call, archive: Archive) -> None:
    answer = post(call, {"messages": []})
    assert (answer.status_code, answer.json["outcomes"]) == (200, [])
    assert stored(archive) == 0


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
def test_an_empty_body_is_a_mistake(call: Call, content_type: str) -> None:
    answer = post(call, b"", content_type)
    assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-input")


def test_json_under_any_other_name_is_read_all_the_same(call: Call) -> None:
    assert post(call, line(), "text/plain").status_code == 201


@pytest.mark.parametrize("content_type", ["application/json", NDJSON])
def test_more_than_32_mb_is_too_large_and_changes_nothing(call: Call, archive: Archive, content_type: str) -> None:
    answer = post(call, b" " * MOST_BYTES + line(), content_type)
    assert (answer.status_code, answer.json["type"]) == (413, "/problems/too-large")
    assert "32 MB" in answer.json["detail"]
    assert stored(archive) == 0


@pytest.mark.parametrize("form", ["envelope", "lines"])
def test_more_than_10_000_are_too_large_and_change_nothing(call: Call, archive: Archive, form: str) -> None:
    body = b'{"messages":[' + b",".join([b"{}"] * 10_001) + b"]}" if form == "envelope" else b"{}\n" * 10_001
    answer = post(call, body, "application/json" if form == "envelope" else NDJSON)
    assert answer.status_code == 413
    assert "10,000" in answer.json["detail"]
    assert answer.json["next_step"]
    assert stored(archive) == 0


@pytest.mark.parametrize("header", [None, "Bearer ta_nonsense", "Basic ZGFuYTpwYXNz", "Bearer "])
def test_without_a_key_nothing_is_read(app: Flask, archive: Archive, header: str | None) -> None:
    headers = {"Authorization": header} if header is not None else {}
    answer = app.test_client().post("/api/v1/messages", data=line(), headers=headers)
    assert answer.status_code == 401
    assert stored(archive) == 0


def test_a_key_for_something_else_is_not_enough(call_with: Callable[..., Call], archive: Archive) -> None:
    assert post(call_with("messages.read"), item()).status_code == 403
    assert stored(archive) == 0
    assert post(call_with("messages.write"), item()).status_code == 201


def test_what_the_lenient_reader_can_not_keep_costs_no_other_line(call: Call) -> None:
    lines = b"\n".join([line("A"), line("B", n=float("nan")), line("C", n=7).replace(b"7}", b"1e999}"), line("D")])
    answer = post(call, lines, NDJSON)
    assert statuses(answer) == ["stored", "quarantined", "quarantined", "stored"]
