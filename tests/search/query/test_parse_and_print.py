from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.messages.flags import FLAGS
from archive.providers.codes import MEANINGS, STATUSES
from archive.search.query.chips import chips
from archive.search.query.dates import sent
from archive.search.query.error import QueryError
from archive.search.query.model import (
    And,
    Everything,
    Fact,
    Fuzzy,
    Near,
    Not,
    Or,
    Party,
    Phrase,
    Prefix,
    Query,
    Sent,
    Serial,
    Word,
    all_of,
    any_of,
    without,
    words,
)  # fmt: skip
from archive.search.query.parse import parse
from archive.search.query.print import to_line

READ = {
    "nothing is everything": ("  ", Everything()),
    "words side by side must both be there": ("a b", And((Word("a"), Word("b")))),
    "AND may be written": ("a AND b", And((Word("a"), Word("b")))),
    "operators in small letters are words": ("a or b", And((Word("a"), Word("or"), Word("b")))),
    "AND binds closer than OR": ("a OR b c", Or((Word("a"), And((Word("b"), Word("c")))))),
    "nested groups are flattened": ("a (b (c a))", And((Word("a"), Word("b"), Word("c")))),
    "two negations cancel": ("-NOT a", Word("a")),
    "a query may only exclude": ("-spam", Not(Word("spam"))),
    "a quotation of one word is the word": ('"a"', Word("a")),
    "a quotation collapses white space": ('" a  b "', Phrase("a b")),
    "curly quotation marks do": ("“a b”", Phrase("a b")),
    "a star makes a prefix": ("refund*", Prefix("refund")),
    "a tilde makes it fuzzy": ("colour~ colour~2", And((Fuzzy("colour"), Fuzzy("colour", 2)))),
    "NEAR means ten words": ("wire NEAR close", Near(Word("wire"), Word("close"), 10)),
    "NEAR takes a distance": ('"a b" NEAR/5 c*', Near(Phrase("a b"), Prefix("c"), 5)),
    "addresses and times are words": ("http://x 12:30", And((Word("http://x"), Word("12:30")))),
    "a word with a colon at its end is a word": ("Reminder:", Word("Reminder:")),
    "a number is read in any spelling": ('from:"+1 (415) 555-0188"', Party("from", "number", "+14155550188")),
    "a name stays text": ('with:"Dana Lee"', Party("with", "name", "Dana Lee")),
    "a field name may be in capitals": ("Direction:Outbound", Fact("direction", "out")),
    "a flag may be written as pages show it": ('flag:"Unknown number"', Fact("flag", "unknown-number")),
    "one serial number": ("serial:7", Serial(7, 7)),
    "a range of serial numbers": ("serial:7..9", Serial(7, 9)),
}  # fmt: skip

WRONG = {
    "an unknown field suggests the right one": ("a fron:x", 2, 8, "from:", "a"),
    "a star at the beginning": ("a *abc", 2, 6, "star at the end", "a"),
    "a star inside": ("a*b", 0, 3, "a*", ""),
    "an open quotation": ('a "b c', 2, 6, "Close the quotation mark", "a"),
    "an open bracket": ("(a b", 0, 1, ")", "a b"),
    "a stray bracket": ("a) b", 1, 2, "quotation marks", "a b"),
    "an operator without a right side": ("a OR", 2, 4, "missing", "a"),
    "an operator without a left side": ("AND a", 0, 3, "missing", "a"),
    "a field without a value": ("a from:", 2, 7, "colon", "a"),
    "half a telephone number": ("from:+1 (415) x", 0, 7, "quotation marks", "415 x"),
    "a date of another form": ("a on:11/01/2026", 2, 15, "2026-11-01", "a"),
    "a day that is not": ("a on:2026-02-30", 2, 15, "2026-11-01", "a"),
    "a direction that is not": ("direction:up", 0, 12, "in or out", ""),
    "a property that is not": ("a has:links", 2, 11, "link, media, emoji or number", "a"),
    "a flag that is not": ("a flag:nope", 2, 11, "It is after-opt-out, campaign-not-for-carrier, conflict, ", "a"),
    "punctuation only": ("a & b", 2, 3, "words", "a b"),
    "empty brackets": ("a ()", 2, 4, "Leave them out", "a"),
    "a field in NEAR": ("from:x NEAR b", 0, 6, "NEAR", ""),
    "a word too short for a tilde": ("it~", 0, 3, "letters", ""),
    "a serial range backwards": ("serial:9..7", 0, 11, "serial:7..9", ""),
}  # fmt: skip


@pytest.mark.parametrize(("line", "query"), READ.values(), ids=READ.keys())
def test_a_line_is_read(line: str, query: Query) -> None:
    assert parse(line) == query
    assert parse(to_line(query)) == query


@pytest.mark.parametrize(("line", "start", "end", "suggests", "understood"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_pointed_at(line: str, start: int, end: int, suggests: str, understood: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(line)
    error = caught.value
    assert (error.start, error.end, error.understood) == (start, end, understood)
    assert suggests in error.suggestion


@pytest.mark.parametrize("line", ["x" * 2_001, "a " * 101, "(" * 31 + "a" + ")" * 31, "NOT " * 31 + "a"])
def test_a_query_beyond_a_limit_is_refused(line: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(line)
    assert 0 <= caught.value.start < caught.value.end <= len(line)


def test_a_query_at_its_limits_is_read() -> None:
    assert parse("(" * 30 + "a" + ")" * 30) == Word("a")
    assert isinstance(parse(" ".join(f"w{number}" for number in range(100))), And)


def test_days_are_inclusive_at_the_start_and_exclusive_at_the_end() -> None:
    day, after = datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 11, 4, tzinfo=UTC)
    assert parse("on:2026-11-3") == Sent("on", "2026-11-03", day, after)
    assert parse("after:2026-11-03") == Sent("after", "2026-11-03", day, None)
    assert parse("before:2026-11-03") == Sent("before", "2026-11-03", None, day)
    assert sent("on", "2026-12").until == datetime(2027, 1, 1, tzinfo=UTC)
    assert sent("on", "2026").until == datetime(2027, 1, 1, tzinfo=UTC)
    assert sent("after", "2026-11-01T16:30+02:00").value == "2026-11-01T14:30Z"


def test_a_day_of_a_zone_has_its_own_length() -> None:
    query = parse("on:2026-11-01", zone=ZoneInfo("America/Chicago"))
    assert isinstance(query, Sent)
    assert query.start == datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert query.until == datetime(2026, 11, 2, 6, tzinfo=UTC)


def test_chips_are_the_parts_and_what_is_left_without_each() -> None:
    found = [(chip.label, chip.without) for chip in chips(parse("a -b (c OR d)"))]
    assert found == [("a", "-b (c OR d)"), ("-b", "a (c OR d)"), ("c OR d", "a -b")]
    assert chips(parse("")) == []
    assert [chip.without for chip in chips(parse("a OR b"))] == [""]


WORDS = st.text("abé谢👍ß019'\"\\*~:-().ORNEAD/“ ", min_size=1, max_size=8).filter(
    lambda text: any(character.isalnum() for character in text)
)
STEMS = st.text("abcé谢", min_size=1, max_size=8)
TEXTS = st.one_of(
    WORDS.map(words),
    st.sampled_from(["OR", "NOT", "NEAR/5", "-a", "from:b", "a~1", "x*"]).map(words),
    STEMS.map(Prefix),
    st.builds(Fuzzy, st.text("abcdé", min_size=5, max_size=9), st.sampled_from([1, 2])),
)
LEAVES = st.one_of(
    TEXTS,
    st.builds(Near, TEXTS, TEXTS, st.integers(1, 100)),
    st.builds(
        lambda role, name: Party(role, "name", name),
        st.sampled_from(["from", "to", "with", "number"]),
        st.sampled_from(["Dana", 'Dana "DJ" Lee', "a*b", "x(y)"]),
    ),
    st.just(Party("from", "number", "+14155550188")),
    st.just(Party("to", "short-code", "88811")),
    st.builds(
        sent,
        st.sampled_from(["after", "before", "on"]),
        st.one_of(
            st.dates(date(1970, 1, 1), date(2999, 12, 31)).map(str),
            st.sampled_from(["2026", "2026-11", "2026-11-01T14:30Z", "2026-11-01T14:30:15Z"]),
        ),
    ),
    st.builds(Fact, st.sampled_from(["campaign", "location", "account"]), WORDS.map(lambda t: " ".join(t.split()))),
    st.builds(Fact, st.just("held"), st.sampled_from(["yes", "no"])),
    st.builds(Fact, st.just("delivery"), st.sampled_from(STATUSES)),
    st.builds(Fact, st.just("reason"), st.sampled_from([meaning.replace("_", "-") for meaning in MEANINGS])),
    st.builds(Fact, st.just("flag"), st.sampled_from(sorted(FLAGS))),
    st.integers(0, 10**17).map(lambda first: Serial(first, first + 5)),
)
QUERIES = st.one_of(
    st.just(Everything()),
    st.recursive(
        LEAVES,
        lambda parts: st.one_of(
            st.lists(parts, min_size=1, max_size=4).map(all_of),
            st.lists(parts, min_size=1, max_size=4).map(any_of),
            parts.map(without),
        ),
        max_leaves=12,
    ),
)
PIECES = [
    *("a", "wire", "OR", "AND", "NOT", "-", "NEAR", "NEAR/3", "(", ")", '"', "“", "*", "~", "from:", "after:"),
    *("2026-11-01", "x:y", " ", " ", "+1", "415-555-0188", "\\", "\ud800", "\x00", "谢", "serial:", "1..2", "has:"),
]


@given(QUERIES)
def test_what_is_printed_reads_back_as_the_same_query(query: Query) -> None:
    assert parse(to_line(query)) == query


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_any_line_is_read_or_its_mistake_is_inside_it(line: str) -> None:
    try:
        query = parse(line)
    except QueryError as error:
        assert 0 <= error.start <= error.end <= len(line)
        assert error.message
        assert parse(error.understood) is not None
    else:
        printed = to_line(query)
        assert parse(printed) == query
        assert to_line(parse(printed)) == printed
