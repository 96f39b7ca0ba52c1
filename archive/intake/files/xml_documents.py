"""The XML documents of a source: the file itself, or every .xml in it if it is a zip file."""

from collections.abc import Iterator
from typing import BinaryIO

from archive.intake.files.model import Progress, Source
from archive.intake.files.source import Counted, name_of, opened, size_of
from archive.intake.files.unzip import Unpacked, opened_member, unzipped, xml_files
from archive.intake.files.xml_stream import Readable

ZIP_BEGINS = b"PK\x03\x04"


def documents(source: Source, progress: Progress) -> Iterator[tuple[str, Readable]]:
    """(name without its folder, stream) of each."""
    with opened(source) as stream:
        if not is_zip(stream):
            progress.begin(size_of(stream))
            yield name_of(source), Counted(stream, progress)
            return
        with unzipped(stream) as archive:
            files = xml_files(archive)
            progress.begin(sum(info.file_size for info in files))
            for info in files:
                with opened_member(archive, info) as member:
                    yield info.filename.rsplit("/", 1)[-1], Unpacked(member, info.compress_size, progress)


def is_zip(stream: BinaryIO) -> bool:
    """A stream that can't be rewound is read as plain XML: a zip's table of contents stands at its end."""
    if not stream.seekable():
        return False
    here = stream.tell()
    begins = stream.read(len(ZIP_BEGINS))
    stream.seek(here)
    return begins == ZIP_BEGINS
