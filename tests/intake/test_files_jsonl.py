"""JSON lines: every line is a message or a problem, and nothing between them is lost."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.files import Line, Options, Progress, jsonl
from archive.intake.files.model import LARGEST

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
messages = st.dictionaries(st.text(), values, max_size=6)


def read(content: bytes, options: Options | None = None) -> list[Line]:
    return list(jsonl.read(io.BytesIO(content), options or Options(), Progress()))


@given(st.lists(messages, max_size=8), st.sampled_from(["\n", "\r\n", "\n\n"]), st.booleans())
def test_what_was_written_is_read_again(written: list[dict[str, object]], end: str, escaped: bool) -> None:
    content = "".join(json.dumps(message, ensure_ascii=escaped) + end for message in written)
    lines = read(content.encode("utf-8"))
    assert [line.message for line in lines] == written
    assert [line.offset for line in lines] == list(range(len(written)))
    assert b"".join(line.raw for line in lines) == content.replace(end, "").encode()


@given(st.lists(st.binary(max_size=60), max_size=12))
def test_whatever_the_bytes_each_line_is_a_message_or_a_problem(parts: list[bytes]) -> None:
    content = b"\n".join(parts)
    lines = read(content)
    assert all((line.message is None) != (line.problem is None) for line in lines)
    physical = content.split(b"\n")
    physical[0] = physical[0].removeprefix(b"\xef\xbb\xbf")
    assert len(lines) == sum(1 for line in physical if line.strip())


def test_lone_surrogates_and_null_characters_are_kept() -> None:
    (line,) = read(rb'{"text":"\ud83d and \u0000 and \ud83d\udc68\u200d\ud83d\udc69"}')
    assert line.message == {"text": "\ud83d and \x00 and \U0001f468\u200d\U0001f469"}


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (b'{"text": "cut off', "isn't JSON"),
        (b'["a list"]', "not an object"),
        (b"17", "not an object"),
        (b'{"text": NaN}', "NaN"),
        (b'{"text": 1e999}', "too large to be kept"),
        (b'{"text": "\xff"}', "isn't UTF-8: byte 11 is 0xff"),
        (b'{"text": "\xed\xa0\xbd"}', "isn't UTF-8"),
        (b'{"n": ' + b"9" * 5000 + b"}", "can be kept"),
        (b"[" * 200_000, "can be kept"),
    ],
)
def test_a_broken_line_is_a_problem_and_costs_the_others_nothing(broken: bytes, says: str) -> None:
    before, line, after = read(b'{"text":"before"}\n' + broken + b'\n{"text":"after"}')
    assert line.message is None
    assert says in (line.problem or "")
    assert (line.position, line.raw) == ("line 2", broken)
    assert (before.message, after.message) == ({"text": "before"}, {"text": "after"})


def test_a_line_that_is_too_long_is_a_problem_with_its_beginning() -> None:
    long = b'{"text":"' + b"x" * (3 * LARGEST) + b'"}'
    lines = read(long + b'\n{"text":"after"}\n')
    assert [line.position for line in lines] == ["line 1", "line 2"]
    assert "longer than 1,000,000 bytes" in (lines[0].problem or "")
    assert lines[0].raw == long[:LARGEST]
    assert lines[1].message == {"text": "after"}


def test_blank_lines_and_a_byte_order_mark_are_skipped_but_counted_in_positions() -> None:
    lines = read(b'\xef\xbb\xbf{"text":"a"}\r\n\r\n  \n{"text":"b"}')
    assert [(line.position, line.offset) for line in lines] == [("line 1", 0), ("line 4", 1)]


def test_the_default_provider_fills_in_only_where_none_is_named() -> None:
    first, second = read(b'{"text":"a"}\n{"text":"b","provider":"telnyx"}', Options(default_provider="twilio"))
    assert first.message == {"text": "a", "provider": "twilio"}
    assert second.message == {"text": "b", "provider": "telnyx"}


def test_progress_is_the_bytes_read_of_all() -> None:
    content = b'{"text":"a"}\n' * 10
    progress = Progress()
    shares = [progress.share for _ in jsonl.read(io.BytesIO(content), Options(), progress)]
    assert shares == sorted(shares)
    assert (progress.done, progress.total, progress.share) == (130, 130, 1.0)


TWILIO = {
    "sid": "SM1",
    "account_sid": "AC1",
    "body": "Hello",
    "direction": "outbound-api",
    "from": "+12125550123",
    "to": "+14155550188",
    "date_sent": "2026-11-20T12:00:00Z",
    "status": "delivered",
    "num_media": "0",
}


def test_a_text_as_twilio_lists_it_gets_the_names_by_which_its_webhook_brings_it() -> None:
    (line,) = read(json.dumps(TWILIO).encode())
    assert line.message == {
        "provider": "twilio", "account": "AC1", "provider_id": "SM1", "direction": "outbound",
        "direction_as_received": "outbound-api", "from": "+12125550123", "to": ["+14155550188"], "text": "Hello",
        "sent_at": "2026-11-20T12:00:00Z", "status": "delivered", "num_media": "0",
    }  # fmt: skip
    mail_time = read(json.dumps({**TWILIO, "date_sent": "Fri, 20 Nov 2026 12:00:00 +0000"}).encode())[0].message
    assert mail_time
    assert mail_time["sent_at"] == "2026-11-20T12:00:00Z"
    odd = read(json.dumps({**dict.fromkeys(TWILIO), "note": 5}).encode())[0].message
    assert odd
    assert (odd["direction"], odd["to"], odd["note"]) == ("", [None], 5)
