"""The mails of a file, one after the other: the file is one, or an mbox (RFC 4155) of many."""

import re
from collections.abc import Iterator

from archive.intake.files.bundles import lines_of
from archive.intake.files.mail import LARGEST_MAIL
from archive.intake.files.xml_stream import Readable

MBOX = b"From "
_QUOTED = re.compile(rb">+From ")


def mails_of(name: str, document: Readable) -> Iterator[tuple[str, bytes, bool]]:
    """(where it is, the mail up to LARGEST_MAIL bytes, whether there is more of it)."""
    lines = lines_of(document)
    first = next(lines, b"")
    if not first.startswith(MBOX):
        raw, is_cut, _more = _collect(first, lines, splits=False)
        yield name, raw, is_cut
        return
    number, more = 0, True
    while more:
        number += 1
        raw, is_cut, more = _collect(b"", lines, splits=True)
        yield f"{name}, mail {number}", raw, is_cut


def _collect(first: bytes, lines: Iterator[bytes], *, splits: bool) -> tuple[bytes, bool, bool]:
    """Up to the end, or in an mbox to the next mail; the last says whether there is one."""
    kept, size, after_blank = [first], len(first), False
    for line in lines:
        if splits and after_blank and line.startswith(MBOX):
            return _joined(kept, splits=True), size > LARGEST_MAIL, True
        after_blank = not line.strip(b"\r\n")
        if size <= LARGEST_MAIL:
            kept.append(line[1:] if splits and _QUOTED.match(line) else line)
        size += len(line)
    return _joined(kept, splits=splits), size > LARGEST_MAIL, False


def _joined(kept: list[bytes], *, splits: bool) -> bytes:
    """The empty line before the next mail belongs to the mbox."""
    if splits and kept and not kept[-1].strip(b"\r\n"):
        kept.pop()
    return b"".join(kept)[:LARGEST_MAIL]
