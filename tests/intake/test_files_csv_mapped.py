"""Tables whose columns somebody has said: nothing about them is guessed."""

import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.files import FileProblem, Line, Options, Progress, read_file
from archive.intake.files.csv_mapping import faults, is_date_format
from archive.intake.files.model import Mapping
from archive.intake.parse import parse_text
from archive.intake.profiles.model import BUILT_IN

OURS, THEIRS = "+12125550123", "+14155550188"
PARTIES = {"from": "Sender", "to": "Receiver", "text": "Words"}


def read(table: str, columns: dict[str, str], *, options: dict[str, Any] | None = None, **more: Any) -> list[Line]:
    mapping = Mapping(columns, **{"constants": {"provider": "acme"}, **more})
    said = Options(mapping=mapping, own_numbers=frozenset({OURS}), **(options or {}))
    return list(read_file(io.BytesIO(table.encode()), "auto", said, Progress()))


def one(table: str, columns: dict[str, str], **more: Any) -> dict[str, Any]:
    (line,) = read(table, columns, **more)
    assert line.message is not None, line.problem
    return line.message


def test_columns_may_be_called_anything_and_what_has_no_field_is_kept() -> None:
    table = f"sender;Receiver ;Words;Tag\n{THEIRS};{OURS};Hello, you;x\n"
    said = one(table, PARTIES)
    name = said.pop("provider_id")
    assert said == {
        "from": THEIRS, "to": [OURS], "text": "Hello, you", "direction": "inbound", "provider": "acme", "Tag": "x",
    }  # fmt: skip
    assert name.startswith("csv:")
    assert one(table, PARTIES)["provider_id"] == name
    assert one(table.replace("you", "all"), PARTIES)["provider_id"] != name
    assert parse_text({**said, "provider_id": name}).direction == "inbound"


def test_the_direction_follows_from_our_numbers_and_is_never_guessed() -> None:
    rows = {
        (THEIRS, OURS): "inbound",
        ("(212) 555-0123", THEIRS): "outbound",
        (THEIRS, "+14155550199"): "neither side is ours",
        (OURS, OURS): "both sides are ours",
    }
    table = "Sender,Receiver,Words\n" + "".join(f"{a},{b},Hi\n" for a, b in rows)
    for line, expected in zip(read(table, PARTIES), rows.values(), strict=True):
        assert expected in str(line.message["direction"] if line.message else line.problem)


@pytest.mark.parametrize(
    ("word", "parties"),
    [("MT", (OURS, [THEIRS])), ("mo", (THEIRS, [OURS])), ("sent", (OURS, [THEIRS])), ("???", None), ("", None)],
)
def test_a_table_of_one_number_names_the_other_party(word: str, parties: tuple[str, list[str]] | None) -> None:
    columns = {"other": "Phone", "text": "Body", "direction": "Way"}
    more = {"constants": {"own": OURS, "provider": "acme"}, "inbound": ("MO",), "outbound": ("MT",)}
    (line,) = read(f"Phone,Body,Way\n{THEIRS},Hi,{word}\n", columns, **more)
    assert (line.message and (line.message["from"], line.message["to"])) == parties
    assert line.message or "doesn't say in a known word" in str(line.problem)
    (line,) = read(f"Phone,Body,Way\n,Hi,{word}\n", columns, **more)
    assert line.problem == "This row names no other party."


def test_times_are_read_as_they_are_said_to_be_written() -> None:
    columns = {**PARTIES, "sent_at": "When"}
    table = f"Sender,Receiver,Words,When\n{THEIRS},{OURS},Hi,03/04/2026 1:05 PM\n"
    assert "sent_at" not in one(table, columns), "nothing says which of the two is the month"
    pattern = {"date_format": "%m/%d/%Y %I:%M %p"}
    assert "sent_at" not in one(table, columns, **pattern), "nothing says the zone"
    said = one(table, columns, **pattern, zone="America/New_York")
    assert said["sent_at"] == "2026-03-04T13:05:00-05:00"
    assert said["zone_assumed"] == "America/New_York"
    options = {"zone": ZoneInfo("UTC")}
    assert one(table, columns, **pattern, zone="America/New_York", options=options)["sent_at"].endswith("Z")
    odd = one(table.replace("03/04", "3. of 4."), columns, **pattern, zone="UTC")
    assert odd["time_as_received"] == "3. of 4./2026 1:05 PM"
    assert "sent_at" not in odd


def test_a_wrong_mapping_is_told_with_the_columns_that_are_there() -> None:
    with pytest.raises(
        FileProblem, match=r"no column Words; its columns are Sender, Receiver, Message\. Choose another"
    ):
        read("Sender,Receiver,Message\n", PARTIES)
    with pytest.raises(FileProblem, match="names no provider"):
        read("Sender,Receiver,Words\n", PARTIES, constants={})
    with pytest.raises(FileProblem, match="jsonl has none"):
        list(read_file(io.BytesIO(b"{}"), "jsonl", Options(mapping=Mapping(PARTIES)), Progress()))


def test_what_can_not_be_meant_is_refused_in_a_sentence_each() -> None:
    wrong = {
        "which column holds the text": Mapping({"from": "A", "to": "B"}),
        "which columns hold the sender": Mapping({"text": "A"}),
        "and not both": Mapping({"text": "A", "other": "B", "from": "C"}),
        "no field body": Mapping({**PARTIES, "body": "D"}),
        "no field text": Mapping(PARTIES, {"text": "always this"}),
        "One column can't be two": Mapping({**PARTIES, "status": " words"}),
        "written like +14155550100": Mapping(PARTIES, {"own": "415-555-0100"}),
        "inbound or outbound": Mapping(PARTIES, {"direction": "sideways"}),
        "date format": Mapping(PARTIES, date_format="%d.%m."),
        "time zone": Mapping(PARTIES, zone="Mars/Olympus"),
        "up to 20 words": Mapping(PARTIES, inbound=("x",) * 21),
        "1 to 200 characters": Mapping({**PARTIES, "status": "x" * 201}),
    }
    for sentence, mapping in wrong.items():
        assert any(sentence in fault for fault in faults(mapping)), sentence
    assert list(faults(Mapping(PARTIES, date_format="%Y-%m-%d %H:%M:%S", zone="UTC"))) == []
    assert not is_date_format("%I:%M %d/%m/%Y")
    assert not is_date_format("%c")


def test_the_export_of_twilios_console_needs_no_more_than_its_name() -> None:
    header = "From,To,Body,Status,SentDate,ApiVersion,NumSegments,ErrorCode,AccountSid,Sid,Direction,Price,PriceUnit"
    row = f'{OURS},{THEIRS},"Hi, ""you""",delivered,2026-03-04 21:05:06 UTC,2010-04-01,1,,AC1,SM1,outbound-api,-0.1,USD'
    said = one(f"{header}\r\n{row}\r\n", BUILT_IN[0].mapping.columns, constants=BUILT_IN[0].mapping.constants)
    text = parse_text(said)
    assert (text.provider, text.account, text.provider_id) == ("twilio", "AC1", "SM1")
    assert (text.direction, text.sender, text.recipients) == ("outbound", OURS, (THEIRS,))
    assert (text.text, text.status, str(text.sent_at)) == ('Hi, "you"', "delivered", "2026-03-04 21:05:06+00:00")
    assert (text.extra or {})["NumSegments"] == "1"
    assert list(faults(BUILT_IN[0].mapping)) == []


@given(st.text(max_size=300), st.text(max_size=30))
def test_no_table_and_no_pattern_ends_in_an_exception(rows: str, pattern: str) -> None:
    is_date_format(pattern)
    columns = {**PARTIES, "sent_at": "When"}
    table = "Sender,Receiver,Words,When\n" + rows.encode("utf-8", "replace").decode()
    for line in read(table, columns, date_format="%Y-%m-%d %H:%M"):
        assert (line.message is None) != (line.problem is None)
