"""One mail, opened with the standard library and with an end to everything: its headers, words and files.

The library raises for headers and parts that are made to be odd; each becomes a sentence here.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from functools import lru_cache
from typing import Any, TypeVar

from archive.intake.files.model import Message, NoText

LARGEST_MAIL = 25_000_000
LONGEST_HEADER = 200_000
MOST_PARTS = 200
MOST_NESTED = 40
DEEPEST_JOURNAL = 3
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_ODD = (
    *(ValueError, LookupError, AttributeError, TypeError, OverflowError, AssertionError, RecursionError),
    MessageError,
)
_REPORTED = "message/rfc822"

_REMEMBERED = 4_096
_WORTH_REMEMBERING = 500
"""Letters of a header. Most of a mail's are those of the mail before, and each is asked for several times."""

_understood = HeaderRegistry()
_remembered = lru_cache(_REMEMBERED)(_understood)


def _header(name: str, value: str) -> Any:
    return (_remembered if len(value) <= _WORTH_REMEMBERING else _understood)(name, value)


_POLICY = policy.default.clone(header_factory=_header)

T = TypeVar("T")
Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mail:
    """Headers by their names in small letters, the first of each, unfolded. `plain` and `html` are None if not there.

    `senders` and `recipients` (To and Cc) are (name, address), each once.
    """

    headers: dict[str, str]
    senders: list[Named]
    recipients: list[Named]
    plain: str | None
    html: str | None
    files: list[Message]


def opened_mail(raw: bytes) -> Mail:
    """The mail, or the one that it reports. NoText if it can't be read for certain."""
    if len(_BOUNDARY.findall(raw)) > MOST_NESTED:
        raise NoText(f"This mail has more than {MOST_NESTED} parts with parts of their own.")
    ends = _HEADERS_END.search(raw)
    if (ends.start() if ends else len(raw)) > LONGEST_HEADER:
        raise NoText(f"The header of this mail is longer than {LONGEST_HEADER:,} bytes.")
    return _guarded(lambda: _understand(raw))


def _understand(raw: bytes) -> Mail:
    mail = message_from_bytes(raw, policy=_POLICY)
    if not mail.keys():
        raise NoText("This is no mail: it has no header.")
    mail = _reported(mail)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    files = [_file(part) for part in mail.iter_attachments()]
    return Mail(_headers(mail), _named(mail, "from"), _named(mail, "to", "cc"), _words(plain), _words(html), files)


def _guarded(work: Callable[[], T]) -> T:
    try:
        return work()
    except NoText:
        raise
    except _ODD as error:
        raise NoText(f"This mail is not built as a mail has to be ({type(error).__name__}).") from None


def _reported(mail: EmailMessage) -> EmailMessage:
    for _ in range(DEEPEST_JOURNAL):
        inner = [part for part in _parts(mail) if part.get_content_type() == _REPORTED]
        if not inner:
            return mail
        found = inner[0].get_payload(0)
        if len(inner) > 1 or not isinstance(found, EmailMessage):
            raise NoText("More than one mail is in this mail.")
        mail = found
    raise NoText("This mail is in too many other mails.")


def _parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    """Not those of a mail within."""
    waiting, count = [mail], 0
    while waiting:
        part = waiting.pop()
        count += 1
        if count > MOST_PARTS:
            raise NoText(f"This mail has more than {MOST_PARTS} parts.")
        yield part
        if part.is_multipart() and part.get_content_type() != _REPORTED:
            waiting += [inner for inner in part.iter_parts() if isinstance(inner, EmailMessage)]


def _headers(mail: EmailMessage) -> dict[str, str]:
    """As they are written, decoded where the standard says how."""
    found: dict[str, str] = {}
    for name, value in mail.items():
        found.setdefault(name.casefold(), str(value))
    return found


def _named(mail: EmailMessage, *names: str) -> list[Named]:
    found = [one for name in names for header in mail.get_all(name, []) for one in header.addresses]
    pairs = ((one.display_name, one.addr_spec.strip("<>")) for one in found)
    return list(dict.fromkeys(pair for pair in pairs if any(pair)))


def _words(part: Any) -> str | None:
    """Mails end their lines in one way only, and the last one always; both are the mail's and not the text's."""
    if part is None:
        return None
    try:
        written: str = part.get_content(errors="strict")
    except UnicodeDecodeError:
        raise NoText("The words of this mail are not in the character set that it says.") from None
    except LookupError:
        raise NoText("The words of this mail are in a character set that is not known.") from None
    return written.replace("\r\n", "\n").removesuffix("\n")


def _file(part: EmailMessage) -> Message:
    content = part.get_payload(decode=True)
    file: Message = {"name": part.get_filename() or "", "type": part.get_content_type()}
    if not isinstance(content, bytes):
        return file
    return file | {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
