"""A format is found by what is in the file; what can't be read says what to do."""

import gzip
import zipfile
from pathlib import Path

import pytest

from archive.intake.files import FORMATS, FileProblem, Options, Progress, detect, read_file

KNOWN = {
    "jsonl": [b'{"text":"a"}\n', b'\xef\xbb\xbf\n {"text":"a"}', b'{"text": "cut'],
    "csv": [
        b"From,To,Body,Status\n",
        b'\xef\xbb\xbf"from";"to";"text"\r\n',
        b"provider\tfrom\tto\ttext\n",
        b"Absender;Empfaenger;Worte\r\nA;B;C\r\n",
    ],
    "nus-xml": [b"<?xml version='1.0'?><smsCorpus>", b"<smsCorpus/>"],
    "imessage": [b"SQLite format 3\0and so on"],
    "google-voice": [b'<?xml version="1.0" ?><!DOCTYPE html><html><body><div class="hChatLog hfeed">'],
    "rsmf": [b"From: a@b.example\r\nX-RSMF-Version: 2.0.0\r\n\r\n"],
    "eml": [
        b"Received: from x\r\n\tby y\r\nFrom: a@b.example\n\nHi",
        b"From a@b.example Fri Nov 20 12:00:00 2026\nSubject: SMS\n\nHi",
        b"X-GlobalRelay-MsgType: SMS\n",
    ],
    "sms-backup": [b"<?xml version='1.0'?><!-- made by an app --><smses count='1'>", b"<smses/>"],
}
UNKNOWN = [
    (b"", "is empty"),
    (b" \n", "is empty"),
    (b'[{"text":"a"}]', "one JSON list"),
    (b"<calls count='1'/>", "XML of an unknown kind"),
    (gzip.compress(b"{}", mtime=0), "gunzip"),
    ("from,to,text".encode("utf-16"), "UTF-16"),
    (b"Dear all,\nplease find", "in no format that is known"),
    (b"One, two, three\nno table", "in no format that is known"),
    (b"\x00\x01\x02", "in no format that is known"),
    (b"PK\x03\x04 but no zip", "in no format that is known"),
]


@pytest.mark.parametrize(("name", "content"), [(name, one) for name, several in KNOWN.items() for one in several])
def test_a_format_is_known_by_its_content(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "misleading.bin"
    path.write_bytes(content)
    assert detect(path) == name
    assert name in FORMATS


@pytest.mark.parametrize(("content", "says"), UNKNOWN)
def test_an_unknown_file_says_what_to_do(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=says):
        detect(path)


def test_a_zip_with_the_corpus_is_known_and_one_without_says_so(tmp_path: Path) -> None:
    files = {"good.zip": "corpus.xml", "phone.zip": "sms.xml", "bad.zip": "photo.jpg"}
    for name, inside in files.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(inside, "<smses/>" if inside == "sms.xml" else "<smsCorpus/>")
    assert detect(tmp_path / "good.zip") == "nus-xml"
    assert detect(tmp_path / "phone.zip") == "sms-backup"
    with pytest.raises(FileProblem, match=r"no \.xml file"):
        detect(tmp_path / "bad.zip")


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="No such file"):
        detect(tmp_path / "missing.jsonl")
    with pytest.raises(FileProblem, match=r"neither an \.rsmf nor an \.eml"):
        detect(tmp_path)


def test_reading_by_name_or_by_content_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_bytes(b'{"text":"a"}\n')
    by_content = list(read_file(path, "auto", Options(), Progress()))
    assert by_content == list(read_file(path, "jsonl", Options(), Progress()))
    with pytest.raises(FileProblem, match='no format "pdf"'):
        read_file(path, "pdf", Options(), Progress())
