"""Google Voice, as Takeout gives it: the page of one conversation, .html, or the whole .zip.

============= ======================================================================================
`provider`    "google-voice", or what the import says
`provider_id` "gv:" and a name made of time, sender and words: pages have no ids
`direction`   "outbound" for what the account's owner said, "inbound" for everything else
`from`, `to`  our side is the owner's number as the page has it, or `own_number` where the owner said
              nothing; the others are everybody else in the page, by number, or by name without one.
              Where nobody else said anything, the page's own name tells who it was with
`sent_at`     `abbr.dt/@title`, which has its zone
`text`        <q> with a line for each <br>
`media`       names of files, which lie beside the page in the zip
============= ======================================================================================

Pages of calls and voice mail are no texts, and are passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.core import phone
from archive.intake.files.google_voice_page import CHAT, Page, Said, understand_page
from archive.intake.files.model import LARGEST, Line, Message, NoText, Options, Progress, Source
from archive.intake.files.own_number import needed_own_number, own_number
from archive.intake.files.source import Counted, name_of, opened, size_of
from archive.intake.files.times import read_export_time, times_of
from archive.intake.files.unzip import Unpacked, opened_member, pages, unzipped
from archive.intake.files.xml_documents import is_zip
from archive.intake.files.xml_stream import Readable

PROVIDER = "google-voice"
LARGEST_PAGE = 4_000_000
"""Bytes. Takeout begins a new page long before."""
MOST_PEOPLE = 100
NAME_ENDS = " - "


def read(source: Source, options: Options, progress: Progress) -> Iterator[Line]:
    own_number(options)
    offset = 0
    for name, document in _pages(source, progress):
        for line in _read_page(name, _whole(document), options, offset):
            yield line
            offset += 1


def _pages(source: Source, progress: Progress) -> Iterator[tuple[str, Readable]]:
    with opened(source) as stream:
        if not is_zip(stream):
            progress.begin(size_of(stream))
            yield name_of(source), Counted(stream, progress)
            return
        with unzipped(stream) as archive:
            found = pages(archive)
            progress.begin(sum(info.file_size for info in found))
            for info in found:
                with opened_member(archive, info) as member:
                    yield info.filename.rsplit("/", 1)[-1], Unpacked(member, info.compress_size, progress)


def _whole(document: Readable) -> bytes:
    """At most one byte more than a page may have."""
    content = b""
    while len(content) <= LARGEST_PAGE and (chunk := document.read(LARGEST_PAGE + 1 - len(content))):
        content += chunk
    return content


def _read_page(name: str, content: bytes, options: Options, offset: int) -> Iterator[Line]:
    if CHAT.encode() not in content:
        return
    problem = _problem(content)
    if problem:
        yield Line(name, offset, content[:LARGEST], None, problem)
        return
    html = content.decode("utf-8-sig")
    page = understand_page(html)
    around = _Around(name, page.owner or options.own_number, _others(page, name))
    ends = [said.begins for said in page.said[1:]] + [len(html)]
    for at, (said, end) in enumerate(zip(page.said, ends, strict=False)):
        raw = html[said.begins : end].encode()[:LARGEST]
        yield _line(f"{name}, text {at + 1}", offset + at, raw, said, around, options)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a page says of all its messages."""

    name: str
    own: str | None
    others: list[str]


def _others(page: Page, name: str) -> list[str]:
    with_whom = name.split(NAME_ENDS, 1)[0] if NAME_ENDS in name else "unknown"
    return page.others[: MOST_PEOPLE + 1] or [with_whom]


def _problem(content: bytes) -> str | None:
    if len(content) > LARGEST_PAGE:
        return f"This page is longer than {LARGEST_PAGE:,} bytes; only its beginning is kept here."
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return f"This page isn't UTF-8 (byte {error.start + 1})."
    return None


def _line(position: str, offset: int, raw: bytes, said: Said, around: _Around, options: Options) -> Line:
    try:
        return Line(position, offset, raw, _message(said, around, options))
    except NoText as reason:
        return Line(position, offset, raw, None, str(reason))


def _message(said: Said, around: _Around, options: Options) -> Message:
    if said.words is None and not said.files:
        raise NoText("This message has neither words nor files.")
    if len(around.others) > MOST_PEOPLE:
        raise NoText(f"More than {MOST_PEOPLE} people are in this conversation.")
    own = around.own or needed_own_number(options)
    sender = own if said.sender.is_owner else said.sender.address
    recipients = [each for each in around.others if each != sender and phone.parse(each).address != own]
    moment = read_export_time(said.at)
    return {
        "provider": options.default_provider or PROVIDER,
        "provider_id": f"gv:{options.name_of(_made_of(own, sender, moment, said))}",
        "direction": "outbound" if said.sender.is_owner else "inbound",
        "from": sender,
        "to": (recipients or [own]) if said.sender.is_owner else [own, *recipients],
        "text": said.text,
        **({"media": [{"name": each} for each in said.files]} if said.files else {}),
        **times_of(said.at, moment, options.zone),
        "source": {"page": around.name, "sender": said.sender.name},
    }


def _made_of(own: str, sender: str, moment: datetime | None, said: Said) -> str:
    """The moment and not how it is written: an account's zone may change."""
    try:
        at = moment.astimezone(UTC).isoformat() if moment and moment.tzinfo else said.at
    except OverflowError:
        at = said.at
    return "\0".join((own, sender, at, said.text, *said.files))
