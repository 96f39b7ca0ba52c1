"""SMS Backup & Restore (synctech), the XML that an Android phone's texts are saved to: .xml, or .zip of them.

Backups reach gigabytes, most of it pictures. Those pass by as they are read: of each its type, size and SHA-256 are
kept with the message, and not the picture. What becomes of a text is in `sms_backup_sms`, of one with pictures or
several recipients in `sms_backup_mms`.
"""

from collections.abc import Iterator

from archive.intake.files.model import Line, NoText, Options, Progress, Source
from archive.intake.files.own_number import needed_own_number
from archive.intake.files.sms_backup_mms import read_mms
from archive.intake.files.sms_backup_sms import read_sms
from archive.intake.files.xml_attachments import attachments_told
from archive.intake.files.xml_documents import documents
from archive.intake.files.xml_references import references_mended
from archive.intake.files.xml_stream import CHUNK, Found, Readable, elements

ROOT = "smses"
KINDS = {"sms": read_sms, "mms": read_mms}


def read(source: Source, options: Options, progress: Progress) -> Iterator[Line]:
    """`raw` of a line is as the parser saw it: without pictures, and with whole references."""
    own, offset = needed_own_number(options), 0
    for name, document in documents(source, progress):
        for found in elements(_Mended(document), root=ROOT, tags=KINDS):
            yield _line(found, f"{name}, line {found.line}", offset, own, options)
            offset += 1


def _line(found: Found, position: str, offset: int, own: str, options: Options) -> Line:
    if found.element is None:
        return Line(position, offset, found.raw, None, found.problem)
    try:
        message = KINDS[found.element.tag](found.element, own, options)
    except NoText as reason:
        return Line(position, offset, found.raw, None, str(reason))
    return Line(position, offset, found.raw, message)


class _Mended:
    """What the parser reads in place of the document."""

    def __init__(self, document: Readable) -> None:
        chunks = iter(lambda: document.read(CHUNK), b"")
        self._chunks = references_mended(attachments_told(chunks))

    def read(self, _size: int) -> bytes:
        return next(self._chunks, b"")
