"""One JSON object a line, as the messages API takes it, as this archive hands it out, or as Twilio lists it. A broken
line costs the others nothing."""

import json
from collections.abc import Iterator

from archive.core.canonical import parse_json
from archive.intake.files.model import LARGEST, Line, Message, Options, Progress, Source
from archive.intake.files.own_export import as_it_came, is_our_own
from archive.intake.files.source import counted, physical_lines
from archive.intake.files.twilio_record import in_our_words, is_of_twilio

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read(source: Source, options: Options, progress: Progress) -> Iterator[Line]:
    """Blank lines are skipped. `options.default_provider` fills in for objects that name no provider."""
    offset = 0
    with counted(source, progress) as stream:
        for number, raw, cut in physical_lines(stream):
            content = raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw
            if not content.strip():
                continue
            message, problem = _too_long() if cut else understand(content)
            message = _in_our_words(message)
            if message is not None and options.default_provider:
                message.setdefault("provider", options.default_provider)
            yield Line(f"line {number}", offset, raw.rstrip(b"\r\n"), message, problem)
            offset += 1


def _in_our_words(message: Message | None) -> Message | None:
    if message is None:
        return None
    if is_our_own(message):
        return as_it_came(message)
    return in_our_words(message) if is_of_twilio(message) else message


def understand(content: bytes) -> tuple[Message | None, str | None]:
    """The object in these bytes, or what is wrong with them. Lone surrogates and U+0000 in escapes are
    kept."""
    try:
        value = parse_json(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return None, f"This line isn't UTF-8: byte {error.start + 1} is 0x{content[error.start]:02x}."
    except json.JSONDecodeError as error:
        return None, f"This line isn't JSON: {error.msg} at character {error.pos + 1}."
    except (ValueError, RecursionError) as error:
        return None, f"This line isn't JSON that can be kept: {error}."
    if not isinstance(value, dict):
        return None, "This line is JSON, but not an object with a message's fields."
    return value, None


def _too_long() -> tuple[None, str]:
    return None, f"This line is longer than {LARGEST:,} bytes; only its beginning is kept here."
