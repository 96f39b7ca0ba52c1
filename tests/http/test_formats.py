from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from archive.http.formats import clock, coded, day, initials, marked, moment, number, phone, size, span, weekday

AT = datetime(2026, 11, 3, 23, 5, 9, tzinfo=UTC)
LATER_ELSEWHERE = AT.astimezone(timezone(timedelta(hours=9)))


@pytest.mark.parametrize("at", [AT, LATER_ELSEWHERE])
def test_moments_are_in_utc_wherever_they_come_from(at: datetime) -> None:
    assert moment(at) == '<time datetime="2026-11-03T23:05:09+00:00">3 Nov 2026, 23:05:09 UTC</time>'
    assert day(at) == "3 Nov 2026"
    assert weekday(at) == "Tuesday, 3 Nov 2026"
    assert clock(at) == "23:05"


def test_a_date_is_itself() -> None:
    assert day(date(2026, 1, 31)) == "31 Jan 2026"


def test_numbers_and_sizes_are_said_as_people_do() -> None:
    assert number(2118204) == "2,118,204"
    assert [size(n) for n in (0, 1, 999, 1000, 4100, 15_400, 999_499, 32_000_000, 7_200_000_000, 9 * 10**13)] == [
        "0 bytes",
        "1 byte",
        "999 bytes",
        "1 kB",
        "4.1 kB",
        "15 kB",
        "999 kB",
        "32 MB",
        "7.2 GB",
        "90000 GB",
    ]


def test_phone_numbers_are_readable_and_anything_else_is_left() -> None:
    assert phone("+14155550188") == "+1 (415) 555-0188"
    assert phone("ACME") == "ACME"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Dana Whitfield", "DW"), ("Madonna", "M"), ("Ana de la Cruz", "AC"), ("", ""), ("李 明", "李明")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_marks_are_spans_of_code_points() -> None:
    assert marked("a 👍 wire", [[2, 3], [4, 8]]) == "a <mark>👍</mark> <mark>wire</mark>"


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ([], "abcdef"),
        ([[4, 6], [0, 2]], "<mark>ab</mark>cd<mark>ef</mark>"),
        ([[0, 3], [2, 4]], "<mark>abc</mark><mark>d</mark>ef"),
        ([[5, 99], [-3, 1]], "<mark>a</mark>bcde<mark>f</mark>"),
        ([[3, 3], [4, 2]], "abcdef"),
    ],
)
def test_marks_in_any_order_and_beyond_the_ends(marks: list[list[int]], shown: str) -> None:
    assert marked("abcdef", marks) == shown


def test_a_text_is_escaped_inside_and_outside_of_marks() -> None:
    assert marked("<b>&<i>", [[0, 3]]) == "<mark>&lt;b&gt;</mark>&amp;&lt;i&gt;"


def test_what_can_t_be_seen_is_shown_and_can_be_sent() -> None:
    shown = marked("a\x00b\ud83dc\x1b\x7f\td\n", [[1, 2]])
    assert shown == "a<mark>␀</mark>b\ufffdc␛␡\td\n"
    assert shown.encode()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "0 s"), (0.0412, "0.041 s"), (0.3, "0.3 s"), (1, "1 s"), (1.94, "1.9 s"), (20.4, "20 s"), (60, "1 min"),
        (90, "90 s"), (300, "5 min"), (3_600, "1 h"), (5_400, "90 min"), (93_600, "26 h"), (86_400, "1 d"),
        (259_200, "3 d"),
    ],
)  # fmt: skip
def test_spans_of_time_are_said_in_two_or_more_of_a_unit_or_exactly_one(seconds: float, said: str) -> None:
    assert span(seconds) == said


def test_commands_stand_as_code_and_nothing_gets_through_unescaped() -> None:
    assert coded("Run `textarchive <b>`, & then `x`.") == (
        "Run <code>textarchive &lt;b&gt;</code>, &amp; then <code>x</code>."
    )
    assert coded("nothing") == "nothing"
