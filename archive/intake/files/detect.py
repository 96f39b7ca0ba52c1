"""Finds out what a file is from its first bytes; its name is never believed."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from archive.intake.files import eml, rsmf
from archive.intake.files.bundles import paths_below
from archive.intake.files.csv_columns import looks_like_header, looks_like_table
from archive.intake.files.google_voice_page import CHAT
from archive.intake.files.model import FileProblem, Progress, Source
from archive.intake.files.rsmf_manifest import MANIFEST
from archive.intake.files.source import name_of, opened
from archive.intake.files.sqlite_copy import SQLITE_BEGINS
from archive.intake.files.unzip import Unpacked, has_ending, opened_member, unzipped, xml_files

ENOUGH = 65_536
MAIL_BEGINS = re.compile(
    r"(From [^\n]*\r?\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?"
    r"(?:from|to|date|subject|message-id|mime-version|received|return-path|x-rsmf-version|x-globalrelay-msgtype):",
    re.IGNORECASE,
)
"""Header lines (RFC 5322), among the first of which is one that only mails have; perhaps an mbox's line before them."""
RSMF_HEADER = re.compile(r"^x-rsmf-version:", re.IGNORECASE | re.MULTILINE)
ROOTS = {"smsCorpus": "nus-xml", "smses": "sms-backup"}
KNOWN = (
    "Known are JSON lines (one message object a line), CSV with a header row, "
    "backups of SMS Backup & Restore and the NUS SMS corpus (.xml or .zip), "
    "Google Voice from Takeout (.html or .zip), Apple's chat.db, RSMF (.rsmf), and mails (.eml or .mbox), "
    "these two in a zip or a folder, too."
)


def detect(source: Source) -> str:
    """The format's name. FileProblem says what the file seems to be and what would be read instead."""
    name = name_of(source)
    if isinstance(source, Path) and source.is_dir():
        return _kind_of_names([path.name for path in paths_below(source)], name)
    with opened(source) as stream:
        begins = stream.read(ENOUGH)
        if begins.startswith(b"PK") and zipfile.is_zipfile(stream):
            return _kind_of_zip(stream, name)
    return _by_content(begins, name)


def _by_content(begins: bytes, name: str) -> str:
    if not begins.strip():
        raise FileProblem(f"{name} is empty. Nothing to import.")
    if begins.startswith(b"\x1f\x8b"):
        raise FileProblem(f"{name} is compressed with gzip. Unpack it (gunzip) and import what comes out.")
    if begins.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileProblem(f"{name} is written in UTF-16. Save it as UTF-8 and import it again.")
    if begins.startswith(SQLITE_BEGINS):
        return "imessage"
    text = begins.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("{"):
        return "jsonl"
    if text.startswith("["):
        raise FileProblem(
            f"{name} is one JSON list. Write one object a line, without the brackets, and import it again."
        )
    if text.startswith("<"):
        return _kind_of_xml(text, name)
    if MAIL_BEGINS.match(text):
        return "rsmf" if RSMF_HEADER.search(text) else "eml"
    lines = text.splitlines() or [""]
    if looks_like_header(lines[0]) or looks_like_table(lines):
        return "csv"
    raise FileProblem(f"{name} is in no format that is known here. {KNOWN}")


def _kind_of_zip(stream: BinaryIO, name: str) -> str:
    with unzipped(stream) as archive:
        names = archive.namelist()
        if MANIFEST in names or any(has_ending(one, (*rsmf.ENDINGS, *eml.ENDINGS)) for one in names):
            return "rsmf" if MANIFEST in names else _kind_of_names(names, name)
        if _has_conversations(archive):
            return "google-voice"
        first = xml_files(archive)[0]
        with opened_member(archive, first) as member:
            begins = Unpacked(member, first.compress_size, Progress()).read(ENOUGH)
    return _kind_of_xml(begins.decode("utf-8", "replace"), f"{first.filename} in {name}")


def _kind_of_names(names: Sequence[str], name: str) -> str:
    for format_, endings in (("rsmf", rsmf.ENDINGS), ("eml", eml.ENDINGS)):
        if any(has_ending(one, endings) for one in names):
            return format_
    raise FileProblem(f"In {name} is neither an .rsmf nor an .eml or .mbox file. {KNOWN}")


def _has_conversations(archive: zipfile.ZipFile) -> bool:
    """Takeout calls the folder of a product by its name, and that of conversations "Calls"."""
    return any(has_ending(name, ".html") and "Calls/" in name for name in archive.namelist())


def _kind_of_xml(text: str, name: str) -> str:
    if CHAT in text:
        return "google-voice"
    for root, format_ in ROOTS.items():
        if f"<{root}" in text:
            return format_
    raise FileProblem(f"{name} is XML of an unknown kind. {KNOWN}")
