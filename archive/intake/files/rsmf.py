"""RSMF, Relativity's format of short messages (2.0.0 and 1.0.0): a mail (.rsmf) in which `rsmf.zip` is attached, that
zip alone, or a zip or a folder of such mails.

The zip holds `rsmf_manifest.json` with participants, conversations and events, and the files that were attached to
events. What becomes of an event is in `rsmf_event`. A file that is not as the format wants it goes to quarantine as a
whole.

Nothing in it is trusted: the mail is read line by line, its attachment goes to a nameless temporary file, no name in
the zip is ever a path on this machine, and what is unpacked has an end.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any

from archive.core.canonical import canonical_json, parse_json
from archive.intake.files.attached_zip import save_attached_zip
from archive.intake.files.bundles import Remembered, documents_in
from archive.intake.files.model import LARGEST, FileProblem, Line, NoText, Options, Progress, Source
from archive.intake.files.own_number import own_number
from archive.intake.files.rsmf_event import read_event
from archive.intake.files.rsmf_manifest import MANIFEST, Manifest, understand_manifest
from archive.intake.files.rsmf_media import Attached
from archive.intake.files.source import name_of, opened
from archive.intake.files.unzip import Unpacked, opened_member, unzipped
from archive.intake.files.xml_documents import is_zip

ENDINGS = (".rsmf",)
LARGEST_MANIFEST = 20_000_000
"""Bytes. Relativity wants at most 10,000 events in a file, which are some five million."""


def read(source: Source, options: Options, progress: Progress) -> Iterator[Line]:
    """`raw` of an event is its object as canonical JSON; of a whole file its beginning."""
    own_number(options)
    offset = 0
    for lines in _files(source, options, progress):
        for line in lines:
            yield Line(line.position, offset, line.raw, line.message, line.problem)
            offset += 1


def _files(source: Source, options: Options, progress: Progress) -> Iterator[Iterator[Line]]:
    if _is_bare(source):
        with opened(source) as stream:
            yield _of_zip(name_of(source), stream, options)
        return
    for name, document in documents_in(source, progress, ENDINGS):
        yield _of_mail(name, Remembered(document), options)


def _is_bare(source: Source) -> bool:
    """Whether it is the zip itself, without the mail around it."""
    try:
        with opened(source) as stream:
            if not is_zip(stream):
                return False
            with unzipped(stream) as archive:
                return MANIFEST in archive.namelist()
    except FileProblem:
        return False


def _of_mail(name: str, document: Remembered, options: Options) -> Iterator[Line]:
    with TemporaryFile() as held:
        try:
            save_attached_zip(document, held)
        except NoText as reason:
            yield Line(name, 0, document.begins, None, str(reason))
            return
        yield from _of_zip(name, held, options, document.begins)


def _of_zip(name: str, stream: IO[bytes], options: Options, begins: bytes = b"") -> Iterator[Line]:
    try:
        with _opened(stream) as archive:
            raw = _manifest_in(archive)
            begins = begins or raw[:LARGEST]
            manifest = understand_manifest(_parsed(raw))
            attached = Attached(archive)
            for at, event in enumerate(manifest.events):
                yield _line(f"{name}, event {at + 1}", event, manifest, attached, options)
    except NoText as reason:
        yield Line(name, 0, begins or name.encode("utf-8", "replace"), None, str(reason))


@contextmanager
def _opened(stream: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        with unzipped(stream) as archive:  # type: ignore[arg-type]
            yield archive
    except FileProblem as problem:
        raise NoText(str(problem)) from None


def _manifest_in(archive: zipfile.ZipFile) -> bytes:
    if MANIFEST not in archive.namelist():
        raise NoText(f"There is no {MANIFEST} in its zip file.")
    info = archive.getinfo(MANIFEST)
    with opened_member(archive, info) as member:
        unpacked = Unpacked(member, info.compress_size, Progress())
        content = b"".join(iter(lambda: unpacked.read(1 << 16), b"")) if info.file_size <= LARGEST_MANIFEST else b""
    if not content or len(content) > LARGEST_MANIFEST:
        raise NoText(f"Its {MANIFEST} is empty, or longer than {LARGEST_MANIFEST:,} bytes.")
    return content


def _parsed(raw: bytes) -> Any:
    try:
        return parse_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NoText(f"Its {MANIFEST} isn't UTF-8 (byte {error.start + 1}).") from None
    except RecursionError:
        raise NoText(f"Its {MANIFEST} is nested too deeply.") from None
    except ValueError as error:
        where = getattr(error, "pos", None)
        raise NoText(
            f"Its {MANIFEST} isn't JSON" + (f" (character {where + 1})." if where is not None else ".")
        ) from None


def _line(position: str, event: Any, manifest: Manifest, attached: Attached, options: Options) -> Line:
    raw = canonical_json(event)[:LARGEST]
    try:
        return Line(position, 0, raw, read_event(event, manifest, attached, options))
    except NoText as reason:
        return Line(position, 0, raw, None, str(reason))
