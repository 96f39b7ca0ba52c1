"""CSV: our own columns and consoles' exports, with texts exactly as they stand between their quotes."""

import csv as standard
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.files import FileProblem, Line, Message, Options, Progress, csv
from archive.intake.files.model import LARGEST

TWILIO = Options(default_provider="twilio")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def read(content: str | bytes, options: Options = TWILIO) -> list[Line]:
    raw = content.encode("utf-8") if isinstance(content, str) else content
    return list(csv.read(io.BytesIO(raw), options, Progress()))


def only(content: str | bytes, options: Options = TWILIO) -> Message:
    (line,) = read(content, options)
    assert line.problem is None
    assert line.message is not None
    return line.message


@given(st.lists(texts, max_size=6), st.sampled_from([",", ";", "\t"]), st.booleans())
def test_texts_come_back_exactly_with_any_delimiter(written: list[str], delimiter: str, marked: bool) -> None:
    file = io.StringIO()
    rows = standard.writer(file, delimiter=delimiter, quoting=standard.QUOTE_ALL)
    rows.writerow(["from", "to", "text"])
    rows.writerows(["+14155550100", "+14155550101", text] for text in written)
    content = file.getvalue()
    lines = read(("\ufeff" if marked else "") + content)
    assert [line.message and line.message["text"] for line in lines] == written
    assert "\r\n".join(line.raw.decode() for line in lines) == content.split("\r\n", 1)[1].removesuffix("\r\n")


@given(st.lists(st.binary(max_size=40), max_size=10))
def test_whatever_the_bytes_each_row_is_a_message_or_a_problem(parts: list[bytes]) -> None:
    lines = read(b"from,to,text\n" + b"\n".join(parts) + b"\n+14155550100,+14155550101,last\n")
    assert all((line.message is None) != (line.problem is None) for line in lines)
    assert [line.offset for line in lines] == list(range(len(lines)))


def test_a_twilio_console_export_is_understood() -> None:
    header = "From,To,Body,Status,SentDate,ApiVersion,NumSegments,ErrorCode,AccountSid,Sid,Direction,Price,PriceUnit"
    row = (
        '+14155550100,+14155550171,"Line one\n""two"" 😀",delivered,'
        '"Tue, 03 Nov 2026 17:04:11 +0000",2010-04-01,1,,AC0001,SM0001,outbound-api,-0.0075,USD'
    )
    assert only(f"{header}\n{row}\n") == {
        "provider": "twilio",
        "account": "AC0001",
        "provider_id": "SM0001",
        "direction": "outbound",
        "direction_as_received": "outbound-api",
        "from": "+14155550100",
        "to": ["+14155550171"],
        "text": 'Line one\n"two" 😀',
        "status": "delivered",
        "sent_at": "2026-11-03T17:04:11Z",
        "time_as_received": "Tue, 03 Nov 2026 17:04:11 +0000",
        "ApiVersion": "2010-04-01",
        "NumSegments": "1",
        "ErrorCode": "",
        "Price": "-0.0075",
        "PriceUnit": "USD",
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-03T17:04:11.250+01:00", {"sent_at": "2026-11-03T17:04:11.250+01:00"}),
        (
            "2026-11-03 17:04:11",
            {"time_as_received": "2026-11-03 17:04:11"},
        ),
        (
            "2026-11-03 17:04 UTC",
            {"sent_at": "2026-11-03T17:04:00Z", "time_as_received": "2026-11-03 17:04 UTC"},
        ),
        ("1793725451", {"sent_at": "2026-11-03T17:04:11Z", "time_as_received": "1793725451"}),
        ("1793725451007", {"sent_at": "2026-11-03T17:04:11.007000Z", "time_as_received": "1793725451007"}),
        ("03/04/2026 10:00", {"time_as_received": "03/04/2026 10:00"}),
        ("2026-02-31 10:00:00", {"time_as_received": "2026-02-31 10:00:00"}),
        ("yesterday", {"time_as_received": "yesterday"}),
        ("", {}),
    ],
)
def test_a_time_is_read_for_certain_or_left_as_it_is(written: str, expected: Message) -> None:
    message = only(f'from,to,text,sent_at\n+14155550100,+14155550101,hello,"{written}"\n')
    assert {name: message[name] for name in message if "time" in name or "sent" in name or "zone" in name} == expected


def test_several_recipients_and_media_are_lists() -> None:
    message = only("from,to,text,media\n+14155550100,+14155550101; +14155550102,hi,https://media.example/a.jpg\n")
    assert message["to"] == ["+14155550101", "+14155550102"]
    assert message["media"] == [{"url": "https://media.example/a.jpg"}]


def test_spaces_and_line_ends_inside_a_text_stay() -> None:
    assert only('from,to,text\n+14155550100,+14155550101,"  a\r\n\r\nb \t"\n')["text"] == "  a\r\n\r\nb \t"


def test_columns_that_mean_the_same_are_all_kept() -> None:
    message = only("from,to,text,Body,note,note\n+14155550100,+14155550101,one,two,three,four\n")
    assert (message["text"], message["Body"]) == ("one", "two")
    assert (message["note"], message["note (2)"]) == ("three", "four")


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (b"+14155550100,+14155550101", "2 columns where the header has 3"),
        (b"+14155550100,+14155550101,a,b", "4 columns"),
        (b'+14155550100,+14155550101,"a"b', "isn't CSV"),
        (b"+14155550100,+14155550101,\xff", "isn't UTF-8"),
        (b'+14155550100,+14155550101,"never closed', "never closed"),
        (b"+14155550100,+14155550101," + b"x" * LARGEST, "longer than"),
    ],
)
def test_a_broken_row_is_a_problem_and_costs_the_others_nothing(broken: bytes, says: str) -> None:
    good = b"+14155550100,+14155550101,good\n"
    lines = read(b"from,to,text\n" + good + broken + b"\n" + good + good)
    assert [line.problem is None for line in lines] == [True, False, True, True]
    assert says in (lines[1].problem or "")
    assert lines[1].position == "line 3"
    assert broken.startswith(lines[1].raw)


def test_a_forgotten_quote_in_a_long_file_costs_its_own_row_only() -> None:
    good = b"+14155550100,+14155550101,good\n" * 40_000
    lines = read(b"from,to,text\n" + good + b'+14155550100,+14155550101,"oops\n' + good)
    assert len(lines) == 80_001
    assert [line.offset for line in lines if line.problem] == [40_000]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no header row"),
        ("from,to\n", "no column for text"),
        ("Message UUID,From,To,Direction\n", "no column for text"),
        ("from,to,text\n", 'no column "provider"'),
    ],
)
def test_a_file_without_what_is_needed_says_so_at_once(content: str, says: str) -> None:
    with pytest.raises(FileProblem, match=says):
        read(content, Options())


def test_a_provider_column_needs_no_default() -> None:
    assert only("provider,from,to,text\ntelnyx,+14155550100,+14155550101,a\n", Options())["provider"] == "telnyx"
