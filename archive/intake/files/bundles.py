"""Documents of one kind: the file itself, those in a zip, or those in a folder and below it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from archive.intake.files.model import LARGEST, FileProblem, Progress, Source
from archive.intake.files.source import Counted, name_of, opened, size_of
from archive.intake.files.unzip import MOST_PAGES, Unpacked, files_in, has_ending, opened_member, unzipped
from archive.intake.files.xml_documents import is_zip
from archive.intake.files.xml_stream import CHUNK, Readable

Endings = tuple[str, ...]


def documents_in(source: Source, progress: Progress, endings: Endings) -> Iterator[tuple[str, Readable]]:
    """(name, stream) of each, in the same order on every reading. FileProblem if a zip or a folder has none."""
    if isinstance(source, Path) and source.is_dir():
        yield from _in_folder(source, progress, endings)
        return
    with opened(source) as stream:
        if not is_zip(stream):
            progress.begin(size_of(stream))
            yield name_of(source), Counted(stream, progress)
            return
        with unzipped(stream) as archive:
            found = files_in(archive, endings, MOST_PAGES)
            progress.begin(sum(info.file_size for info in found))
            for info in found:
                with opened_member(archive, info) as member:
                    yield info.filename, Unpacked(member, info.compress_size, progress)


def _in_folder(folder: Path, progress: Progress, endings: Endings) -> Iterator[tuple[str, Readable]]:
    found = paths_below(folder, endings)
    if not found:
        raise FileProblem(f"There is no {' or '.join(endings)} file in {folder.name}.")
    progress.begin(sum(path.stat().st_size for path in found))
    for path in found:
        with opened(path) as stream:
            yield path.relative_to(folder).as_posix(), Counted(stream, progress)


def paths_below(folder: Path, endings: Endings = ("",)) -> list[Path]:
    """Links are not followed: they may lead anywhere."""
    every = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in every if has_ending(path.relative_to(folder).as_posix(), endings)]


def digest_of(source: Source) -> str:
    """SHA-256 of a file, or of the names and the content of all files of a folder. FileProblem if it can't be read."""
    if not (isinstance(source, Path) and source.is_dir()):
        with opened(source) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    whole = hashlib.sha256()
    for path in paths_below(source):
        whole.update(f"{digest_of(path)} {path.relative_to(source).as_posix()}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


class Remembered:
    """A stream whose beginning is kept as it passes, for what turns out to be no text."""

    def __init__(self, document: Readable) -> None:
        self._document = document
        self._begins = bytearray()

    @property
    def begins(self) -> bytes:
        return bytes(self._begins)

    def read(self, size: int) -> bytes:
        chunk = self._document.read(size)
        self._begins += chunk[: LARGEST - len(self._begins)]
        return chunk


def lines_of(document: Readable) -> Iterator[bytes]:
    """Lines with their ends; one that is longer than LARGEST bytes comes in pieces."""
    held = b""
    while chunk := document.read(CHUNK):
        *lines, held = (held + chunk).split(b"\n")
        yield from (line + b"\n" for line in lines)
        if len(held) > LARGEST:
            yield held
            held = b""
    if held:
        yield held
