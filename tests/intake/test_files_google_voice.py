"""Conversations of Google Voice: who said what to whom, from a page or the whole of Takeout."""

import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.access.organisations import OrganisationRow
from archive.core.actor import OPERATOR
from archive.intake.files import FileProblem, Line, Message, Options, Progress, detect, google_voice
from archive.intake.files.google_voice import LARGEST_PAGE
from archive.intake.imports import ImportOptions, import_file
from archive.wiring import Archive

OWN, ANN, BOB = "+14155550100", "+12125550123", "+13125550177"
AT = "2011-12-16T01:08:08.571-05:00"
PAGE_NAME = "Ann Doe - Text - 2011-12-16T06_08_08Z.html"


def person(number: str, name: str) -> str:
    tag = "abbr" if number == OWN else "span"
    return f'<cite class="sender vcard"><a class="tel" href="tel:{number}"><{tag} class="fn">{name}</{tag}></a></cite>'


def message(text: str | None, number: str = ANN, *, at: str = AT, more: str = "") -> str:
    shown = "Dec 16, 2011, 1:08:08\N{NARROW NO-BREAK SPACE}AM Eastern Time"
    words = "" if text is None else f"<q>{text}</q>"
    who = person(number, "Me" if number == OWN else "Ann Doe")
    return f'<div class="message"><abbr class="dt" title="{at}">{shown}</abbr>:\n{who}: {words}{more}</div>\n'


def page(*messages: str, group: str = "") -> bytes:
    begins = '<?xml version="1.0" ?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><html><head>'
    style = "<title>Ann Doe</title><style>q > a { color: red }</style></head><body>"
    ends = '<div class="tags">Labels: <a rel="tag" href="https://voice/#sms">Text</a></div></div></body></html>'
    return f'{begins}{style}<div class="hChatLog hfeed">{group}{"".join(messages)}{ends}'.encode()


def read(content: bytes, options: Options | None = None, name: str = PAGE_NAME) -> list[Line]:
    stream = io.BytesIO(content)
    stream.name = name
    return list(google_voice.read(stream, options or Options(), Progress()))


def messages(content: bytes, options: Options | None = None) -> list[Message]:
    lines = read(content, options)
    assert [line.problem for line in lines] == [None] * len(lines)
    return [line.message for line in lines if line.message is not None]


def test_both_sides_of_a_conversation_are_told_apart_by_who_owns_the_account() -> None:
    received, sent = messages(page(message("Hi &amp; bye"), message("Moin", OWN)))
    assert str(received.pop("provider_id")).startswith("gv:")
    assert received == {
        "provider": "google-voice",
        "direction": "inbound",
        "from": ANN,
        "to": [OWN],
        "text": "Hi & bye",
        "sent_at": "2011-12-16T01:08:08.571000-05:00",
        "time_as_received": AT,
        "source": {"page": PAGE_NAME, "sender": "Ann Doe"},
    }
    assert (sent["direction"], sent["from"], sent["to"]) == ("outbound", OWN, [ANN])


def test_a_group_has_all_its_people() -> None:
    group = f'<div class="participants">With: {person(ANN, "Ann")}, {person(BOB, "Bob")}</div>'
    received, sent = messages(page(message("Hi"), message("Moin", OWN), group=group))
    assert (received["from"], received["to"]) == (ANN, [OWN, BOB])
    assert (sent["from"], sent["to"]) == (OWN, [ANN, BOB])


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("  kept  \n", "  kept  \n"),
        ("&lt;q&gt; &#39;x&#39; 1 < 2", "<q> 'x' 1 < 2"),
        ('see <a href="https://x.example">https://x.example</a>!', "see https://x.example!"),
        ("😀 &#128512; 漏水", "😀 😀 漏水"),
        ("", ""),
    ],
)
def test_a_text_is_what_was_written(written: str, text: str) -> None:
    (found,) = messages(page(message(written)), Options(own_number=OWN))
    assert found["text"] == text


def test_files_are_told_by_their_names() -> None:
    more = '<div><img src="Ann - 1-1" alt="MMS attachment" /></div><a class="video" href="film">Video</a>'
    (found,) = messages(page(message(None, more=more)), Options(own_number=OWN))
    assert (found["text"], found["media"]) == ("", [{"name": "Ann - 1-1"}, {"name": "film"}])


def test_where_the_owner_said_nothing_somebody_must_say_whose_it_is() -> None:
    with pytest.raises(FileProblem, match="--number"):
        read(page(message("Hi")), Options(first_number=OWN))
    assert messages(page(message("Hi")), Options(own_number=BOB))[0]["to"] == [BOB]


def test_where_nobody_else_said_anything_the_name_of_the_page_tells_who_it_was_with() -> None:
    (found,) = messages(page(message("Hello?", OWN)))
    assert found["to"] == ["Ann Doe"]
    (line,) = read(page(message("Hello?", OWN)), name="renamed.html")
    assert line.message is not None
    assert line.message["to"] == ["unknown"]


def test_somebody_without_a_number_is_called_by_name_and_a_time_without_sense_stays_unread() -> None:
    (found,) = messages(page(message("Hi", "", at="yesterday")), Options(own_number=OWN))
    assert (found["from"], found["time_as_received"]) == ("Ann Doe", "yesterday")
    assert "sent_at" not in found


def test_a_time_before_all_calendars_is_read_as_it_is() -> None:
    (found,) = messages(page(message("Hi", at="0001-01-01T00:00:00+14:00")), Options(own_number=OWN))
    assert found["time_as_received"] == "0001-01-01T00:00:00+14:00"


def test_a_message_with_nothing_in_it_goes_to_quarantine_with_its_place() -> None:
    good, bad = read(page(message("Hi"), message(None)), Options(own_number=OWN))
    assert good.problem is None
    assert bad.problem == "This message has neither words nor files."
    assert bad.raw.decode().startswith(message(None).strip())


def test_the_same_moment_in_another_zone_is_the_same_text() -> None:
    (here,) = messages(page(message("Hi", OWN)))
    (there,) = messages(page(message("Hi", OWN, at="2011-12-16T06:08:08.571Z")))
    (later,) = messages(page(message("Hi", OWN, at="2011-12-16T06:08:08.572Z")))
    assert here["provider_id"] == there["provider_id"] != later["provider_id"]


def test_pages_that_are_too_long_or_no_utf8_are_problems_and_calls_are_passed_over() -> None:
    long, latin = page(message("x" * LARGEST_PAGE)), page(message("caf?")).replace(b"?", b"\xe9")
    assert "longer than" in (read(long)[0].problem or "")
    assert "isn't UTF-8" in (read(latin)[0].problem or "")
    assert read(b'<html><div class="haudio">Voicemail</div></html>') == []


def takeout(path: Path, pages: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pages.items():
            archive.writestr(name, content)
    return path


def test_all_conversations_of_a_zip_are_stored_once_however_often_it_is_exported(
    archive: Archive, organisation: OrganisationRow, tmp_path: Path
) -> None:
    folder = "Takeout/Voice/Calls/"
    first = {f"{folder}{PAGE_NAME}": page(message("Hi"), message("Moin", OWN)), f"{folder}Ann.jpg": b"x"}
    second = {**first, f"{folder}Bob - Text - x.html": page(message("New", BOB)), "Takeout/index.html": b"<html>"}
    counts = []
    for at, pages in enumerate((first, second)):
        path = takeout(tmp_path / f"{at}.zip", pages)
        assert detect(path) == "google-voice"
        options = ImportOptions(own_number=OWN)
        summary = import_file(archive.transactions, organisation.id, OPERATOR, path, options, lambda *_: None)
        counts.append([summary.counts[name] for name in ("stored", "duplicate", "conflict", "quarantined")])
    assert counts == [[2, 0, 0, 0], [1, 2, 0, 0]]


def test_a_zip_bomb_costs_no_more_than_one_page(tmp_path: Path) -> None:
    progress = Progress()
    path = takeout(tmp_path / "bomb.zip", {"Calls/a.html": page() + b" " * 300_000_000})
    (line,) = google_voice.read(path, Options(), progress)
    assert "longer than" in (line.problem or "")
    assert progress.done <= LARGEST_PAGE + 1


def test_a_page_made_to_be_slow_is_not() -> None:
    begins = time.process_time()
    for piece in ("<a ", "<a b='", "<div class='message'><q>", "<br>", "<!--", "&#", "</", "<a" + " a" * 50):
        read(page(message(piece * (200_000 // len(piece)), OWN)))
    assert time.process_time() - begins < 20


TAGS = ["<div class='message'>", "<q>", "</q>", "<br>", "<cite class='sender'>", "<abbr class='fn'>", "</abbr>"]
PIECES = st.sampled_from([*TAGS, "<abbr class='dt' title='", "<a class='tel' href='tel:+1'>", "'>", "<![x[", "<!--"])
ODD = st.sampled_from(["&#x110000;", "&#" + "9" * 5000, "<?", "-->", "\0", "\N{NO-BREAK SPACE}"])


@given(st.lists(PIECES | ODD | st.text(max_size=8), max_size=14))
def test_no_page_makes_it_fail_in_any_other_way_than_said(pieces: list[str]) -> None:
    for line in read(page("".join(pieces).encode("utf-8", "replace").decode()), Options(own_number=OWN)):
        assert (line.message is None) != (line.problem is None)
