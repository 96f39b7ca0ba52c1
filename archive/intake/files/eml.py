"""Mails that an archive or a gateway made of texts: .eml, .mbox, or a zip or a folder of them.

A mail is one text (`eml_text`), as Global Relay and most archives want it, or a transcript of a conversation
(`eml_transcript`), as Mattermost writes it. A mail in which another one is reported (a journal) is read as that other
one.
What can't be told apart, or has no side that is ours, goes to quarantine as a whole mail.
"""

from collections.abc import Iterator

from archive.intake.files.bundles import documents_in
from archive.intake.files.eml_text import read_text
from archive.intake.files.eml_transcript import is_transcript, read_transcript
from archive.intake.files.mail import LARGEST_MAIL, Mail, opened_mail
from archive.intake.files.mails import mails_of
from archive.intake.files.model import LARGEST, Line, Message, NoText, Options, Progress, Source
from archive.intake.files.own_number import own_number

ENDINGS = (".eml", ".mbox")


def read(source: Source, options: Options, progress: Progress) -> Iterator[Line]:
    """`raw` of a text is the mail that it is in, cut at LARGEST bytes, or its own part of a transcript."""
    own_number(options)
    offset = 0
    for name, document in documents_in(source, progress, ENDINGS):
        for position, raw, is_cut in mails_of(name, document):
            for line in _read_mail(position, raw, is_cut, options):
                yield Line(line.position, offset, line.raw, line.message, line.problem)
                offset += 1


def _read_mail(position: str, raw: bytes, is_cut: bool, options: Options) -> list[Line]:
    try:
        if is_cut:
            raise NoText(f"This mail is longer than {LARGEST_MAIL:,} bytes; only its beginning is kept here.")
        mail = opened_mail(raw)
        if is_transcript(mail):
            return _of_transcript(position, mail, options)
        return [Line(position, 0, raw[:LARGEST], read_text(mail, options))]
    except NoText as reason:
        return [Line(position, 0, raw[:LARGEST], None, str(reason))]


def _of_transcript(position: str, mail: Mail, options: Options) -> list[Line]:
    """All of it or none: a part that can't be told from its neighbours makes the others doubtful, too."""
    said: list[tuple[bytes, Message]] = list(read_transcript(mail, options))
    return [Line(f"{position}, text {at + 1}", 0, raw[:LARGEST], message) for at, (raw, message) in enumerate(said)]
