"""Mails that were made of texts: one each, transcripts, journals around them, and what strangers may make of mails."""

import io
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.intake.files import FileProblem, Line, Options, Progress, detect, mail, read_file
from archive.intake.parse import parse_text
from tests.intake.making_mails import OURS, THEIRS, THIRD, sms_mail, transcript, zipped

OUR_NUMBERS = Options(own_numbers=frozenset({OURS}))
MORNING, LATER = "2026-11-20T17:00:00Z", "2026-11-20T17:01:00Z"


def read(content: bytes, options: Options = OUR_NUMBERS) -> list[Line]:
    return list(read_file(io.BytesIO(content), "auto", options, Progress()))


def one(content: bytes, options: Options = OUR_NUMBERS) -> dict[str, Any]:
    (line,) = read(content, options)
    assert line.message is not None, line.problem
    return line.message


def why(content: bytes, options: Options = OUR_NUMBERS) -> str:
    (line,) = read(content, options)
    assert line.message is None
    assert line.raw
    return str(line.problem)


def test_a_mail_is_a_text_with_what_its_headers_say() -> None:
    said = one(sms_mail("Käse, “closing” 🙂\n\n second line", X_GlobalRelay_MsgType="SMS"))
    assert said == {
        "provider": "mail", "provider_id": "01JD@archive.example", "direction": "inbound", "from": THEIRS,
        "to": [OURS], "text": "Käse, “closing” 🙂\n\n second line", "sent_at": "2026-11-20T12:00:00-05:00",
        "time_as_received": "Fri, 20 Nov 2026 12:00:00 -0500",
        "source": {
            "subject": "SMS", "headers": {"x-globalrelay-msgtype": "SMS"},
            "people": ["Dana Reyes <14155550188@sms.invalid>", "12125550123@sms.invalid"],
        },
    }  # fmt: skip
    assert parse_text(said).sent_at
    sent = one(
        sms_mail(From=f'"{OURS}" <desk@firm.example>', To='"+1 (415) 555-0188" <x@y.example>', Cc=THIRD + "@z.ex")
    )
    assert (sent["direction"], sent["from"], sent["to"]) == ("outbound", OURS, [THEIRS, THIRD])


def test_a_name_does_not_give_a_strangers_number_away() -> None:
    told, other = (one(sms_mail(Message_ID=f"<{at}.4155550188@x.example>"))["provider_id"] for at in (1, 2))
    assert told.startswith("mail:")
    assert "4155550188" not in told
    assert told != other
    assert len(one(sms_mail(Message_ID=f"<{'x' * 300}@y>"))["provider_id"]) < 100


def test_an_archive_may_say_everything_exactly() -> None:
    exact = {
        "X_Archive_Provider": "twilio", "X_Archive_Account": "AC1", "X_Archive_Provider_Id": "SM1",
        "X_Archive_Direction": "outbound", "X_Archive_Campaign": "C8K2L9", "X_Archive_Status": "delivered",
        "X_Archive_Sent_At": "2026-11-20T17:00:00.123456Z",
    }  # fmt: skip
    text = parse_text(one(sms_mail(**exact), Options()))
    assert (text.provider, text.account, text.provider_id) == ("twilio", "AC1", "SM1")
    assert (text.direction, text.campaign, text.status) == ("outbound", "C8K2L9", "delivered")
    assert str(text.sent_at) == "2026-11-20 17:00:00.123456+00:00"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (sms_mail(From="Ann <ann@firm.example>", To="bob@firm.example"), "neither side of it is ours"),
        (sms_mail(From=f"{OURS[1:]}@sms.invalid"), "both sides of it are ours"),
        (sms_mail(To=""), "from whom and to whom"),
        (sms_mail(Message_ID=""), "no Message-ID"),
        (sms_mail(None), "neither words nor files"),
        (sms_mail().replace(b"utf-8", b"klingon"), "not known"),
        (sms_mail().replace(b"Can you", b"Can\xff you"), "not in the character set"),
        (sms_mail().replace(b"text/plain", b"text/html"), "no part of plain words"),
        (b"Subject: only a header", "from whom and to whom"),
    ],
)
def test_a_mail_that_does_not_say_enough_is_kept_whole(content: bytes, reason: str) -> None:
    assert reason in why(content)


def test_files_of_a_mail_leave_their_names_sizes_and_hashes() -> None:
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Message-ID"] = f"{THEIRS}@x.example", f"{OURS}@x.example", "<1@x>"
    outer.set_content("See the map")
    outer.add_attachment(b"a picture", maintype="image", subtype="png", filename="map.png")
    (file,) = one(outer.as_bytes())["media"]
    assert (file["name"], file["type"], file["bytes"], len(file["sha256"])) == ("map.png", "image/png", 9, 64)


def test_a_journal_is_read_as_the_mail_that_it_reports() -> None:
    journal = EmailMessage()
    journal["From"], journal["To"], journal["Message-ID"] = "journal@firm.example", "archive@firm.example", "<j@x>"
    journal.set_content("Sender: somebody")
    inner = EmailMessage()
    for name, value in (("From", f"{THEIRS}@x.ex"), ("To", f"{OURS}@x.ex"), ("Message-ID", "<i@x>")):
        inner[name] = value
    inner.set_content("The text itself")
    journal.add_attachment(inner)
    assert (one(journal.as_bytes())["text"], one(journal.as_bytes())["provider_id"]) == ("The text itself", "i@x")
    journal.add_attachment(inner)
    assert "More than one mail" in why(journal.as_bytes())


def test_a_transcript_is_a_text_for_each_of_its_lines() -> None:
    first, second = read(transcript((MORNING, THEIRS, "Is 5 &lt; 6?\nYes"), (LATER, OURS, "It is")))
    assert first.message
    assert second.message
    assert (first.message["direction"], first.message["from"], first.message["to"]) == ("inbound", THEIRS, [OURS])
    assert first.message["text"] == "Is 5 < 6?\nYes"
    assert first.message["sent_at"] == MORNING
    assert (second.message["direction"], second.message["to"]) == ("outbound", [THEIRS])
    assert first.message["provider_id"] != second.message["provider_id"]
    assert (first.message["provider"], second.position) == ("mattermost", "stream, text 2")
    assert first.message["source"]["headers"]["x-mattermost-channelid"] == "c1"  # type: ignore[index]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (transcript((MORNING, THIRD, "Hi"), people=f"{THEIRS}@x.ex").replace(OURS[1:].encode(), b"x"), "is ours"),
        (transcript(html="<p>nothing</p>"), "can't be told apart"),
        (transcript((MORNING, THEIRS, "Hi <b>there</b>")), "can't be told apart"),
        (transcript(html='<li class="message"><span class="sent_time">x</span></li>'), "can't be told apart"),
        (transcript((MORNING, THEIRS, '</span><span class="message">'), (LATER, OURS, "x")), "can't be told apart"),
        (sms_mail(X_GlobalRelay_MsgType="Mattermost"), "no HTML"),
        (transcript((MORNING, OURS, "alone"), people=f"{OURS}@x.ex"), "Only one person"),
    ],
)
def test_a_transcript_that_can_not_be_told_apart_is_kept_whole(content: bytes, reason: str) -> None:
    assert reason in why(content)


def test_mails_may_come_in_an_mbox_in_a_zip_and_in_a_folder(tmp_path: Path) -> None:
    mails = [sms_mail(f"Text {at}\n>From here\n\nFrom there", Message_ID=f"<{at}@x>") for at in range(2)]
    quoted = [b"From x Fri Nov 20 12:00:00 2026\n" + each.replace(b"\nFrom there", b"\n>From there") for each in mails]
    quoted = [each.replace(b"\n>From here", b"\n>>From here") for each in quoted]
    lines = read(b"\n".join(quoted))
    assert [line.message and line.message["text"] for line in lines] == [
        f"Text {at}\n>From here\n\nFrom there" for at in range(2)
    ]
    assert [line.position for line in lines] == ["stream, mail 1", "stream, mail 2"]
    (unquoted,) = read(b"From x\n" + sms_mail("Hello\nFrom me, a line that only looks like the next mail"))
    assert unquoted.message
    assert str(unquoted.message["text"]).startswith("Hello\nFrom me")
    bundle = zipped(a__eml=mails[0], manifest__mf=b"Count: 2", b__eml=mails[1], c__mbox=b"\n".join(quoted))
    assert [line.offset for line in read(bundle)] == [0, 1, 2, 3]
    (tmp_path / "2.eml").write_bytes(mails[1])
    (tmp_path / "1.eml").write_bytes(mails[0])
    assert detect(tmp_path) == "eml"
    found = list(read_file(tmp_path, "auto", OUR_NUMBERS, Progress()))
    assert [line.position for line in found] == ["1.eml", "2.eml"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileProblem, match=r"neither an \.rsmf nor"):
        detect(tmp_path / "empty")


def test_what_is_made_to_do_harm_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (at, at) for at in range(500))
    assert "parts of their own" in why(b"From: a@b.ex\n" + nested)
    parts = b"--B\nContent-Type: text/plain\n\nx\n" * 500
    assert "more than 200 parts" in why(b"From: a@b.ex\nContent-Type: multipart/mixed; boundary=B\n\n" + parts)
    assert "header of this mail is longer" in why(b"From: a@b.ex\nX-Long: " + b"x" * 300_000 + b"\n\nHi")
    many = ", ".join(f"{number}@x.ex" for number in range(2_125_550_200, 2_125_550_900)).encode()
    assert "More than 500 people" in why(b"From: a@b.ex\nTo: " + many + b"\nMessage-ID: <1@x>\n\nHi")
    monkeypatch.setattr("archive.intake.files.mails.LARGEST_MAIL", 3_000)
    assert "only its beginning is kept" in why(sms_mail("x" * 5_000))
    assert mail.LARGEST_MAIL == 25_000_000


@given(st.binary(max_size=200), st.integers(0, 1_500), st.integers(0, 300))
def test_no_damage_ends_in_an_exception(noise: bytes, at: int, gone: int) -> None:
    spoken = transcript((MORNING, THEIRS, "Hello"), (LATER, OURS, "Hi"))
    for whole in (sms_mail(), spoken, b"From x\n" + sms_mail()):
        content = whole[:at] + noise + whole[at + gone :]
        for line in read_file(io.BytesIO(content), "eml", OUR_NUMBERS, Progress()):
            assert (line.message is None) != (line.problem is None)


_header = st.sampled_from(["From", "To", "Cc", "Date", "Message-ID", "Content-Type", "Content-Disposition", "Subject"])
_value = st.text(alphabet=st.sampled_from(list("ab<>@,;:=\"'()[]\\ ?*%utf-8QqB\t\n/0129\x00é")), max_size=60)


@given(st.lists(st.tuples(_header, _value), max_size=8), st.binary(max_size=60))
def test_no_header_ends_in_an_exception(headers: list[tuple[str, str]], body: bytes) -> None:
    content = "".join(f"{name}: {value}\n" for name, value in headers).encode() + b"\n" + body
    for line in read_file(io.BytesIO(content), "eml", OUR_NUMBERS, Progress()):
        assert (line.message is None) != (line.problem is None)
