"""What one request brings, cut into items without losing a byte of any."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.core.errors import BadInput, TooLarge
from archive.intake.bodies import MOST_BYTES, MOST_ITEMS, read_items, read_lines
from tests.items import item, line


def items(body: bytes) -> list[bytes]:
    return read_items(io.BytesIO(body))


def lines(body: bytes) -> list[bytes]:
    return read_lines(io.BytesIO(body))


def test_one_object_is_one_item() -> None:
    assert items(line()) == [line()]


def test_messages_are_items_byte_for_byte() -> None:
    first, second = line("SM1"), b'{ "odd" :  1.50,"provider"  :"twilio" }'
    assert items(b'{"messages": [' + first + b" ,\n" + second + b'], "more": 1}') == [first, second]


def test_no_messages_are_no_items() -> None:
    assert items(b'{"messages": []}') == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"messages":[NaN]}',
        b'{"messages":["\\ud83d", 1e999]}',
        b'{"messages": 7}',
        b'{"messages": null}',
        b'{"messages": {}}',
        b"[]",
        b"7",
        b"nonsense",
        b"\xff\xfe",
        b'{"me',
    ],
)
def test_what_can_not_be_cut_is_one_item_for_the_quarantine(body: bytes) -> None:
    assert items(body) == [body]


@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
def test_an_empty_body_is_a_mistake(body: bytes) -> None:
    with pytest.raises(BadInput, match="The request has no body"):
        items(body)


@pytest.mark.parametrize("half", ["\ud83d", "\ude42", "\ude42\ud83d"])
def test_half_a_pair_in_an_envelope_costs_no_item_its_text(half: str) -> None:
    sent = [item("SM1", text=f"a{half}b"), item("SM2", text="🙂 whole")]
    body = json.dumps({"messages": sent}).encode()
    assert [json.loads(each) for each in items(body)] == sent


def test_half_a_pair_in_a_single_object_leaves_its_bytes_alone() -> None:
    assert items(line(text="\ud83d")) == [line(text="\ud83d")]


@given(
    st.lists(
        st.dictionaries(
            st.text(), st.text() | st.floats(allow_nan=False, allow_infinity=False) | st.none(), max_size=3
        ),
        max_size=5,
    )
)
def test_any_messages_come_out_as_they_are(messages: list[dict[str, object]]) -> None:
    assert [json.loads(each) for each in items(json.dumps({"messages": messages}).encode())] == messages


def test_lines_are_items_and_blank_ones_are_none() -> None:
    body = b"\n  \n" + line("SM1") + b"\n\r\n\t\n" + line("SM2") + b"\n\n"
    assert lines(body) == [line("SM1"), line("SM2")]


def test_lines_may_end_as_on_windows_and_the_last_need_not_end() -> None:
    assert lines(line("SM1") + b"\r\n" + line("SM2")) == [line("SM1"), line("SM2")]


def test_a_broken_line_is_an_item_like_the_others() -> None:
    assert lines(b"nonsense\n" + line() + b"\n\xff\n") == [b"nonsense", line(), b"\xff"]


def test_spaces_around_a_line_are_part_of_it() -> None:
    assert lines(b"  {} \n") == [b"  {} "]


def test_a_carriage_return_inside_a_line_cuts_nothing() -> None:
    assert lines(b'{"a":\r1}\n') == [b'{"a":\r1}']


def test_no_lines_are_no_items() -> None:
    assert lines(b"") == []


def test_as_many_items_as_are_taken_and_one_more() -> None:
    body = b"{}\n" * MOST_ITEMS
    assert len(lines(body)) == MOST_ITEMS == 10_000
    with pytest.raises(TooLarge, match="more than 10,000 messages"):
        lines(body + b"{}\n")
    enveloped = b'{"messages":[' + b",".join([b"{}"] * MOST_ITEMS)
    assert len(items(enveloped + b"]}")) == MOST_ITEMS
    with pytest.raises(TooLarge, match="more than 10,000 messages"):
        items(enveloped + b",{}]}")


def test_blank_lines_are_no_items_but_there_is_an_end_to_them() -> None:
    assert lines(b"\n" * 99_999 + line()) == [line()]
    with pytest.raises(TooLarge, match="more than 100,000 lines"):
        lines(b"\n" * 100_000 + line())


@pytest.mark.parametrize("read", [read_items, read_lines])
def test_the_largest_body_and_one_byte_more(read: object) -> None:
    assert callable(read)
    body = b'"' + b"x" * (MOST_BYTES - 2) + b'"'
    assert read(io.BytesIO(body)) == [body]
    with pytest.raises(TooLarge, match="larger than 32 MB"):
        read(io.BytesIO(body + b" "))


class Endless(io.RawIOBase):
    """A client that never stops sending; how much was read of it tells whether anybody stopped."""

    given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        size = len(memoryview(buffer))  # type: ignore[arg-type]
        self.given += size
        memoryview(buffer)[:] = b"x" * size  # type: ignore[arg-type]
        return size


def test_a_line_without_an_end_is_given_up_at_the_limit() -> None:
    stream = Endless()
    with pytest.raises(TooLarge):
        read_lines(stream)  # type: ignore[arg-type]
    assert stream.given < MOST_BYTES + (1 << 20)
