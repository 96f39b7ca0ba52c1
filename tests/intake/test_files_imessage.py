"""Apple's chat.db: every message with its service, words wherever they are kept, and the file left untouched."""

import hashlib
import io
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.files import FileProblem, Line, Message, Options, Progress, detect, imessage, sqlite_copy
from archive.intake.files.attributed_body import words_in
from archive.intake.imports import ImportOptions, import_file
from archive.wiring import Archive

OWN, ANN, BOB = "+14155550100", "+12125550123", "bob@example.com"
SCHEMA = """
    CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT, text TEXT, attributedBody BLOB,
        handle_id INTEGER, service TEXT, date INTEGER, is_from_me INTEGER, destination_caller_id TEXT);
    CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT);
    CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
    CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
    CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, mime_type TEXT, transfer_name TEXT, total_bytes INTEGER);
    CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
    INSERT INTO handle VALUES (1, '+12125550123'), (2, 'bob@example.com');
    INSERT INTO chat_handle_join VALUES (1, 1), (2, 1), (2, 2);
    INSERT INTO attachment VALUES (1, 'image/png', 'dog.png', 77);
"""
DATE = 700_000_000_500_000_000
ADD = """INSERT INTO message (guid, text, attributedBody, handle_id, service, date, is_from_me, destination_caller_id)
    VALUES (:guid, :text, :body, :handle, :service, :date, :mine, :own)"""


def body(text: str, length: bytes | None = None) -> bytes:
    words = text.encode()
    told = length if length is not None else bytes([len(words)])
    return b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject" + (
        b"\x00\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+" + told + words + b"\x86\x84\x02iI\x01"
    )


def row(guid: str = "G-1", **changes: object) -> dict[str, object]:
    whole = {"text": "Hi", "body": None, "handle": 1, "service": "SMS", "date": DATE, "mine": 0, "own": OWN}
    return {"guid": guid, **whole, **changes}


def database(path: Path, *rows: dict[str, object], chat: int = 1, files: bool = False) -> Path:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMA)
        for at, each in enumerate(rows, 1):
            connection.execute(ADD, each)
            connection.execute("INSERT INTO chat_message_join VALUES (?, ?)", (chat, at))
            if files:
                connection.execute("INSERT INTO message_attachment_join VALUES (?, 1)", (at,))
        connection.commit()
    return path


def read(path: Path, options: Options | None = None) -> list[Line]:
    return list(imessage.read(path, options or Options(), Progress()))


def only(path: Path, options: Options | None = None) -> Message:
    (line,) = read(path, options)
    assert line.message is not None, line.problem
    return line.message


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat.db"


def test_a_text_that_was_received_keeps_its_guid_its_service_and_its_time(path: Path) -> None:
    assert only(database(path, row())) == {
        "provider": "imessage",
        "provider_id": "G-1",
        "direction": "inbound",
        "from": ANN,
        "to": [OWN],
        "text": "Hi",
        "sent_at": "2023-03-08T20:26:40.500000Z",
        "time_as_received": str(DATE),
        "service": "SMS",
    }


@pytest.mark.parametrize("service", ["SMS", "RCS", "iMessage"])
def test_what_never_was_a_text_says_so(path: Path, service: str) -> None:
    assert only(database(path, row(service=service)))["service"] == service


def test_what_was_sent_goes_to_all_members_of_the_chat(path: Path) -> None:
    sent = only(database(path, row(mine=1, handle=0), chat=2))
    assert (sent["direction"], sent["from"], sent["to"]) == ("outbound", OWN, [ANN, BOB])
    received = only(database(path, row(handle=2), chat=2))
    assert (received["from"], received["to"]) == (BOB, [OWN, ANN])
    assert only(database(path, row(mine=1, handle=0), chat=9))["to"] == ["unknown"]


@pytest.mark.parametrize(
    ("date", "sent_at"),
    [(700_000_000, "2023-03-08T20:26:40Z"), (700_000_000 * 10**9, "2023-03-08T20:26:40Z"), (0, None), ("x", None)],
)
def test_a_date_is_in_nanoseconds_or_in_old_databases_in_seconds(path: Path, date: object, sent_at: str | None) -> None:
    assert only(database(path, row(date=date))).get("sent_at") == sent_at


@pytest.mark.parametrize(
    ("blob", "text"),
    [
        (body("Grüße 😀"), "Grüße 😀"),
        (body("x" * 300, b"\x81" + (300).to_bytes(2, "little")), "x" * 300),
        (body("y" * 70_000, b"\x82" + (70_000).to_bytes(4, "little")), "y" * 70_000),
    ],
)
def test_words_that_are_only_in_the_attributed_body_are_found_there(path: Path, blob: bytes, text: str) -> None:
    assert only(database(path, row(text=None, body=blob)))["text"] == text


@pytest.mark.parametrize("blob", [None, b"", b"NSString", body("cut", b"\x7f"), body("", b"\x83"), body("a")[:-8]])
def test_without_words_or_files_it_goes_to_quarantine_and_costs_the_others_nothing(path: Path, blob: object) -> None:
    lines = read(database(path, row("A"), row("B", text=None, body=blob), row("C")))
    assert [line.problem for line in lines] == [None, "This message has neither words nor files.", None]
    assert b'"guid":"B"' in lines[1].raw


def test_files_are_told_by_type_name_and_size(path: Path) -> None:
    found = only(database(path, row(text=None), files=True))
    assert (found["text"], found["media"]) == ("", [{"type": "image/png", "name": "dog.png", "bytes": 77}])


def test_where_the_database_names_no_number_of_ours_somebody_must(path: Path) -> None:
    database(path, row(own=None))
    with pytest.raises(FileProblem, match="--number"):
        read(path, Options(first_number=OWN))
    assert only(path, Options(own_number=OWN))["to"] == [OWN]


def test_what_is_still_in_the_log_beside_it_is_read_and_nothing_is_written(path: Path) -> None:
    database(path, row("A"))
    with closing(sqlite3.connect(path)) as writing:
        writing.execute("PRAGMA journal_mode = WAL")
        writing.execute(ADD, row("B"))
        writing.commit()
        copied = path.with_name("copied.db")
        for ending in ("", "-wal"):
            shutil.copyfile(f"{path}{ending}", f"{copied}{ending}")
    before = {each.name: hashlib.sha256(each.read_bytes()).digest() for each in path.parent.glob("copied*")}
    assert [line.message and line.message["provider_id"] for line in read(copied)] == ["A", "B"]
    assert before == {each.name: hashlib.sha256(each.read_bytes()).digest() for each in path.parent.glob("copied*")}


def test_another_database_and_a_view_that_calls_itself_message_are_refused(path: Path) -> None:
    for script in (
        "CREATE TABLE a (b)",
        "CREATE VIEW message AS SELECT 1 AS guid, 2 AS text; CREATE TABLE handle (id)",
    ):
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
        with pytest.raises(FileProblem, match=r"isn't a chat\.db"):
            read(path)


def test_a_database_that_would_take_for_ever_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_copy, "MOST_STEPS", 1)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with sqlite_copy.opened_copy(database(path, row())) as copy, pytest.raises(FileProblem, match="interrupted"):
        list(copy.rows(endless))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40_000), st.binary(min_size=1, max_size=40)), min_size=1, max_size=6))
def test_no_damage_makes_it_fail_in_any_other_way_than_said(path: Path, damages: list[tuple[int, bytes]]) -> None:
    if not path.exists():
        database(path, *(row(f"G{at}", body=body("Hi"), text=None) for at in range(50)), files=True)
    content = bytearray(path.read_bytes())
    for at, damage in damages:
        content[at : at + len(damage)] = damage
    try:
        for line in imessage.read(io.BytesIO(bytes(content)), Options(own_number=OWN), Progress()):
            assert (line.message is None) != (line.problem is None)
    except FileProblem:
        pass


@given(st.binary(max_size=60))
def test_no_body_makes_it_fail(rest: bytes) -> None:
    assert isinstance(words_in(b"NSString\x01\x94\x84\x01+" + rest), str | None)


def test_importing_a_later_copy_stores_only_what_is_new(
    archive: Archive, organisation: OrganisationRow, path: Path
) -> None:
    counts = []
    for rows in ([row("A"), row("B", mine=1)], [row("A"), row("B", mine=1), row("C", text=None), row("D")]):
        assert detect(database(path, *rows)) == "imessage"
        summary = import_file(archive.transactions, organisation.id, OPERATOR, path, ImportOptions(), lambda *_: None)
        counts.append([summary.counts[name] for name in ("stored", "duplicate", "conflict", "quarantined")])
    assert counts == [[2, 0, 0, 0], [1, 2, 0, 1]]
