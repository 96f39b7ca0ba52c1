"""Readers of files for `textarchive import`: streams of messages in, whatever the format, one small module
each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.intake.files import csv, eml, google_voice, imessage, jsonl, nus_xml, rsmf, sms_backup
from archive.intake.files.detect import detect
from archive.intake.files.model import FileProblem, Line, Message, Options, Progress, Source

__all__ = [
    "FORMATS",
    "FileProblem",
    "Format",
    "Line",
    "Message",
    "Options",
    "Progress",
    "Source",
    "detect",
    "format_of",
    "read_file",
]


@dataclass(frozen=True, slots=True)
class Format:
    title: str
    read: Callable[[Source, Options, Progress], Iterator[Line]]


FORMATS: dict[str, Format] = {
    "jsonl": Format("JSON lines, one message object a line", jsonl.read),
    "csv": Format("A table (CSV) with a header row, ours, a provider's, or with its columns said", csv.read),
    "nus-xml": Format("The NUS SMS corpus, .xml or .zip", nus_xml.read),
    "sms-backup": Format("SMS Backup & Restore of an Android phone, .xml or .zip", sms_backup.read),
    "google-voice": Format("Google Voice from Takeout, a page (.html) or the .zip", google_voice.read),
    "imessage": Format("Messages of a Mac or an iPhone, chat.db", imessage.read),
    "rsmf": Format("RSMF of Relativity, .rsmf, or a .zip or folder of them", rsmf.read),
    "eml": Format("Mails made of texts, .eml or .mbox, or a .zip or folder of them", eml.read),
}


def read_file(source: Source, name: str, options: Options, progress: Progress) -> Iterator[Line]:
    """Reads `source` in the format of this name, or in the one that it turns out to have for "auto".

    FileProblem may come at the first step of the iteration, or later (a damaged or dishonest zip file).
    """
    return FORMATS[format_of(source, name, options)].read(source, options, progress)


def format_of(source: Source, name: str, options: Options) -> str:
    """The format's name. FileProblem if it is none, or not one that can be read with these options."""
    known_columns = "csv" if options.mapping else None
    chosen = known_columns or detect(source) if name == "auto" else name
    if options.mapping and chosen != "csv":
        raise FileProblem(f"A profile says the columns of a table, and {chosen} has none. Import it without a profile.")
    if chosen not in FORMATS:
        raise FileProblem(f'There is no format "{name}". Known are: auto, {", ".join(FORMATS)}.')
    return chosen
