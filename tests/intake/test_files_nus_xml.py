"""The NUS corpus: every message, exact texts, flat memory, and no way in for hostile XML or zips."""

import io
import tracemalloc
import zipfile
from collections import Counter
from datetime import UTC
from pathlib import Path

import pytest

from archive.intake.files import FileProblem, Line, Message, Options, Progress, nus_xml, read_file
from archive.intake.files.model import LARGEST

OWN = "+14155550100"
OPTIONS = Options(own_number=OWN, zone=UTC)
CORPUS = Path(__file__).parents[3] / "shared" / "data" / "texts"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the NUS corpus is not beside this checkout")
PROFILE = '<messageProfile language="en" time="{time}" type="{type}"/><collectionMethod time="2011/2"/>'


def message(text: str, *, number: int = 7, time: str = "unknown", kind: str = "send", to: str = "ab12") -> str:
    return (
        f'<message id="{number}"><text>{text}</text><source><srcNumber>51</srcNumber></source>'
        f'<destination country="unknown"><destNumber>{to}</destNumber></destination>'
        f"{PROFILE.format(time=time, type=kind)}</message>"
    )


def corpus(*messages: str) -> bytes:
    inside = "\n".join(messages)
    return f"<?xml version='1.0' encoding='UTF-8'?><smsCorpus>\n{inside}\n</smsCorpus>".encode()


def zipped(files: dict[str, bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    target.seek(0)
    return target


def read(content: bytes | io.BytesIO) -> list[Line]:
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    return list(nus_xml.read(stream, OPTIONS, Progress()))


def only(content: bytes) -> Message:
    (line,) = read(content)
    assert line.message is not None
    return line.message


def test_a_message_that_was_sent_keeps_everything_the_corpus_says() -> None:
    assert only(corpus(message("Hi", time="2010.10.29 09:43:06"))) == {
        "provider": "nus",
        "account": "en",
        "provider_id": "7@2011/2",
        "direction": "outbound",
        "from": OWN,
        "to": ["nus:ab12"],
        "text": "Hi",
        "sent_at": "2010-10-29T09:43:06Z",
        "time_as_received": "2010.10.29 09:43:06",
        "zone_assumed": "UTC",
        "source": {
            "source": {"srcNumber": "51"},
            "destination": {"country": "unknown", "destNumber": "ab12"},
            "messageProfile": {"language": "en", "time": "2010.10.29 09:43:06", "type": "send"},
            "collectionMethod": {"time": "2011/2"},
        },
    }


def test_a_message_of_unknown_direction_is_inbound_from_the_contributor_and_has_no_time() -> None:
    found = only(corpus(message("Hi", kind="unknown")))
    assert (found["direction"], found["from"], found["to"]) == ("inbound", "nus:51", [OWN])
    assert "sent_at" not in found
    assert found["time_as_received"] == "unknown"


def test_an_unknown_party_stays_unknown() -> None:
    assert only(corpus(message("Hi", to="unknown")))["to"] == ["unknown"]


@pytest.mark.parametrize(
    ("written", "sent_at"),
    [
        ("2010.10.24 11:59", "2010-10-24T11:59:00Z"),
        ("2011.01.10 18:08    ", "2011-01-10T18:08:00Z"),
        ("\N{NO-BREAK SPACE}2010.12.3\N{NO-BREAK SPACE}02:57:10\N{NO-BREAK SPACE}", "2010-12-03T02:57:10Z"),
        ("2011.2.1 1:43:45", "2011-02-01T01:43:45Z"),
        ("2010.12.2512:01:45", "2010-12-25T12:01:45Z"),
        ("12/30/2010 12:16:30 PM", "2010-12-30T12:16:30Z"),
        ("11/8/2010 12:21:30 AM", "2010-11-08T00:21:30Z"),
        ("1/3/2011 9:46:57 PM", "2011-01-03T21:46:57Z"),
        ("2011.3.7 ", None),
        ("2011.3.0 09:32:19", None),
        ("2011.02.0419:43不", None),
        ("13/30/2010 6:44:41 PM", None),
        ("1/3/2011 13:46:57 PM", None),
        ("unknown", None),
    ],
)
def test_a_time_is_read_if_it_is_whole_and_else_left_as_it_is(written: str, sent_at: str | None) -> None:
    found = only(corpus(message("Hi", time=written)))
    assert found.get("sent_at") == sent_at
    assert found["time_as_received"] == written


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("  two before, one after ", "  two before, one after "),
        ("a &lt;#&gt; &amp;amp; b", "a <#> &amp; b"),
        ("line&#13;\nnext&#10;", "line\r\nnext\n"),
        ("漏水 👨‍👩‍👧 &#128512;", "漏水 👨‍👩‍👧 \U0001f600"),
        ("<![CDATA[<b>&amp;</b>]]>", "<b>&amp;</b>"),
        ("", ""),
    ],
)
def test_a_text_is_exactly_its_code_points(written: str, text: str) -> None:
    assert only(corpus(message(written)))["text"] == text


def test_the_raw_bytes_and_the_position_lead_back_to_the_message() -> None:
    first, second = message("one", number=1), message("two\n二", number=2)
    lines = read(corpus(first, second))
    assert [line.raw.decode() for line in lines] == [first, second]
    assert [line.position for line in lines] == ["stream#1, line 2", "stream#2, line 3"]


def test_a_message_without_text_is_a_problem_and_costs_the_others_nothing() -> None:
    lines = read(corpus("<message/>", "<message id='9'></message>", message("fine")))
    assert [line.problem for line in lines] == ["This message has no <text>."] * 2 + [None]
    assert [line.raw for line in lines[:2]] == [b"<message/>", b"<message id='9'></message>"]


def test_a_message_that_is_too_large_is_a_problem_with_its_beginning() -> None:
    large = message("x" * (2 * LARGEST))
    lines = read(corpus(message("before"), large, message("after")))
    assert [line.problem is None for line in lines] == [True, False, True]
    assert lines[1].raw == large.encode()[:LARGEST]
    assert lines[2].raw == message("after").encode()


@pytest.mark.parametrize("missing", [1, 12, 100, 250, 350, 450, 500])
def test_a_file_that_breaks_off_gives_what_came_before_and_says_so(missing: int) -> None:
    whole = corpus(message("one", number=1), message("two", number=2))
    lines = read(whole[:-missing])
    assert [line.raw for line in lines[:-1]] == [line.raw for line in read(whole)][: len(lines) - 1]
    assert "The XML breaks here" in (lines[-1].problem or "")


def test_bytes_that_are_not_utf8_break_the_file_there() -> None:
    content = corpus(message("one"), message("t?o")).replace(b"t?o", b"t\xffo")
    good, broken = read(content)
    assert good.message is not None
    assert b"t\xffo" in broken.raw
    assert "not well-formed" in (broken.problem or "")


LAUGHS = b'<!DOCTYPE smsCorpus [<!ENTITY a "ha">' + b"".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9)
)
HOSTILE = {
    "billion laughs": LAUGHS + b"]><smsCorpus><message><text>&j;</text></message></smsCorpus>",
    "external entity": b'<!DOCTYPE smsCorpus [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<smsCorpus><message><text>&x;</text></message></smsCorpus>",
    "external document type": b'<!DOCTYPE smsCorpus SYSTEM "http://127.0.0.1/x.dtd"><smsCorpus/>',
    "another document": b"<html><body/></html>",
    "another encoding": b'<?xml version="1.0" encoding="ISO-8859-1"?><smsCorpus/>',
    "deep nesting": b"<smsCorpus>" + b"<a>" * 100_000,
    "an endless tag": b"<smsCorpus><message " + b"x" * (3 * LARGEST),
    "an endless comment": b"<smsCorpus><!--" + b"x" * (3 * LARGEST),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_or_foreign_xml_is_refused_without_being_expanded(content: bytes) -> None:
    with pytest.raises(FileProblem):
        read(content)


def test_an_entity_that_nobody_declared_breaks_the_file_there() -> None:
    (line,) = read(corpus(message("&nowhere;")))
    assert "undefined entity" in (line.problem or "")


def test_every_xml_in_a_zip_is_read_and_the_language_taken_from_the_name_if_need_be() -> None:
    silent = corpus(message("Salut")).replace(b' language="en"', b"")
    lines = read(zipped({"deep/smsCorpus_fr_x.xml": silent, "b.xml": corpus(message("Hi")), "readme.txt": b"no"}))
    assert [line.message and line.message["account"] for line in lines] == ["fr", "en"]
    assert [line.position for line in lines] == ["smsCorpus_fr_x.xml#7, line 2", "b.xml#7, line 2"]
    assert [line.offset for line in lines] == [0, 1]


def test_a_zip_bomb_is_refused_after_a_bounded_number_of_bytes() -> None:
    progress = Progress()
    bomb = zipped({"bomb.xml": b"<smsCorpus>" + b" " * 100_000_000})
    with pytest.raises(FileProblem, match="200 times its size"):
        list(nus_xml.read(bomb, OPTIONS, progress))
    assert progress.done < 30_000_000


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(zipped({"a.xml": corpus(message("Hi"))}).getvalue())
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    with pytest.raises(FileProblem, match="damaged"):
        read(bytes(content))


@pytest.mark.parametrize(
    "content",
    [zipped({"a.txt": b"x"}).getvalue(), zipped({"a.xml": b"<smsCorpus/>"}).getvalue()[:60]],
    ids=["no xml", "cut off"],
)
def test_a_zip_with_nothing_to_read_says_so(content: bytes) -> None:
    with pytest.raises(FileProblem, match="zip file"):
        read(content)


def test_without_an_own_number_our_side_stays_unknown_and_without_a_zone_the_time_stays_unread() -> None:
    (line,) = nus_xml.read(io.BytesIO(corpus(message("Hi", time="2010.10.29 09:43:06"))), Options(), Progress())
    assert line.message is not None
    assert line.message["from"] == "unknown"
    assert "sent_at" not in line.message
    assert line.message["time_as_received"] == "2010.10.29 09:43:06"


@pytest.mark.parametrize("number", ["4155550100", "+1 415 555 0100"])
def test_an_own_number_must_be_e164(number: str) -> None:
    with pytest.raises(FileProblem, match="is not a number like"):
        list(nus_xml.read(io.BytesIO(corpus()), Options(own_number=number), Progress()))


@needs_corpus
@pytest.mark.parametrize(
    ("name", "messages", "with_time"),
    [("nus-sms-en.zip", 55_835, 43_815), ("nus-sms-zh.zip", 31_465, 12_819)],
)
def test_the_whole_corpus_is_read_with_every_id_once(name: str, messages: int, with_time: int) -> None:
    progress = Progress()
    seen: Counter[object] = Counter()
    timed = 0
    for line in read_file(CORPUS / name, "auto", OPTIONS, progress):
        assert line.message is not None, line.problem
        seen[line.message["provider_id"]] += 1
        timed += "sent_at" in line.message
    assert (seen.total(), len(seen), timed) == (messages, messages, with_time)
    assert progress.done == progress.total


@needs_corpus
def test_memory_stays_flat_while_the_corpus_is_read() -> None:
    reading = read_file(CORPUS / "nus-sms-en.zip", "auto", OPTIONS, Progress())
    tracemalloc.start()
    try:
        for line in reading:
            if line.offset == 6_000:
                break
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000
