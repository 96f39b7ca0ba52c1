"""Messages of a Mac or an iPhone: `chat.db`, with its `-wal` beside it if there is one.

============= ======================================================================================
`provider`    "imessage", or what the import says
`provider_id` `guid`, which Apple gives and keeps
`service`     "SMS" or "RCS" for texts; "iMessage" for what never was one, and is kept as such
`direction`   "outbound" if `is_from_me`
`from`, `to`  our side is `destination_caller_id`, or `own_number` where there is none; the others are
              the sender (`handle`) and the members of the chat
`sent_at`     `date`, since 2001: nanoseconds, or seconds in databases before 2017
`text`        `text`, or the words in `attributedBody` where that is empty. U+FFFC stands for a file
`media`       type, name and size of the files
============= ======================================================================================

What the app notes about a group (who came, its new name) has no words, and goes to quarantine.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from archive.core import phone
from archive.core.canonical import canonical_json
from archive.intake.files.attributed_body import words_in
from archive.intake.files.model import LARGEST, FileProblem, Line, Message, NoText, Options, Progress, Source
from archive.intake.files.own_number import needed_own_number, own_number
from archive.intake.files.sqlite_copy import Copy, opened_copy
from archive.intake.files.times import times_of

PROVIDER = "imessage"
NEEDED = {"guid", "text", "handle_id", "date", "is_from_me"}
OPTIONAL = ("attributedBody", "service", "destination_caller_id", "subject", "associated_message_guid")
MOST_BESIDE = 500
"""Members of a chat, or files of a message."""

EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
MOST_SECONDS = 1 << 33
"""Beyond, a date is in nanoseconds: no phone was on its way nine seconds after 2001 began."""

Row = dict[str, object]

MEMBERS_NEED = ("chat_message_join", "chat_handle_join")
MEMBERS = """
    SELECT DISTINCT handle.id AS id FROM chat_message_join
    JOIN chat_handle_join ON chat_handle_join.chat_id = chat_message_join.chat_id
    JOIN handle ON handle.ROWID = chat_handle_join.handle_id
    WHERE chat_message_join.message_id = ? ORDER BY handle.ROWID LIMIT ?"""
FILES_NEED = ("attachment", "message_attachment_join")
FILES = """
    SELECT attachment.mime_type AS type, attachment.transfer_name AS name, attachment.total_bytes AS bytes
    FROM message_attachment_join JOIN attachment ON attachment.ROWID = message_attachment_join.attachment_id
    WHERE message_attachment_join.message_id = ? ORDER BY attachment.ROWID LIMIT ?"""


def read(source: Source, options: Options, progress: Progress) -> Iterator[Line]:
    """In the order in which they came. Progress counts messages."""
    own_number(options)
    with opened_copy(source) as copy:
        question = _question(copy)
        members, files = _asked_for(copy, MEMBERS, MEMBERS_NEED), _asked_for(copy, FILES, FILES_NEED)
        progress.begin(_number(next(copy.rows("SELECT count(*) AS n FROM message"))["n"]))
        for offset, row in enumerate(copy.rows(question)):
            progress.done += 1
            yield _line(row, [str(each["id"]) for each in members(row)], files(row), offset, options)


def _question(copy: Copy) -> str:
    """What to ask for all messages, with those columns that this version has. FileProblem if it is no chat.db."""
    columns = copy.columns("message")
    if not columns >= NEEDED or not copy.columns("handle"):
        raise FileProblem("This database isn't a chat.db: it has no table of messages as Apple makes it.")
    known = ", ".join(f"message.{name}" for name in (*sorted(NEEDED), *OPTIONAL) if name in columns)
    return f"""SELECT message.ROWID AS row, handle.id AS sender, {known} FROM message
        LEFT JOIN handle ON handle.ROWID = message.handle_id ORDER BY message.ROWID"""  # noqa: S608 - our own names.


def _asked_for(copy: Copy, question: str, tables: Sequence[str]) -> Callable[[Row], list[Row]]:
    """Asks this of a message; nothing in databases that are older than what is asked for."""
    if not all(copy.columns(table) for table in tables):
        return lambda _row: []
    return lambda row: list(copy.rows(question, row["row"], MOST_BESIDE))


def _line(row: Row, members: list[str], files: list[Row], offset: int, options: Options) -> Line:
    raw, position = canonical_json({name: _writable(value) for name, value in row.items()}), f"message {row['row']}"
    try:
        return Line(position, offset, raw[:LARGEST], _message(row, members, files, options))
    except NoText as reason:
        return Line(position, offset, raw[:LARGEST], None, str(reason))


def _message(row: Row, members: list[str], files: list[Row], options: Options) -> Message:
    text = _words(row)
    if text is None and not files:
        raise NoText("This message has neither words nor files.")
    own = _own(row, options)
    sent = _number(row["is_from_me"]) == 1
    sender = own if sent else _said(row, "sender") or "unknown"
    everybody = dict.fromkeys([*members, _said(row, "sender")])
    others = [each for each in everybody if each not in ("", sender) and phone.parse(each).address != own]
    names = ("service", "subject", "associated_message_guid")
    return {
        "provider": options.default_provider or PROVIDER,
        "provider_id": _said(row, "guid"),
        "direction": "outbound" if sent else "inbound",
        "from": sender,
        "to": (others or ["unknown"]) if sent else [own, *others],
        "text": text or "",
        **({"media": [{name: _writable(value) for name, value in file.items()} for file in files]} if files else {}),
        **_times(row["date"]),
        **{name: _said(row, name) for name in names if _said(row, name)},
    }


def _own(row: Row, options: Options) -> str:
    """An address of mail may stand there too, of which nobody knows whose number it goes with."""
    named = _said(row, "destination_caller_id")
    return named if phone.parse(named).e164 else needed_own_number(options)


def _words(row: Row) -> str | None:
    if isinstance(row["text"], str) and row["text"]:
        return row["text"]
    body = row.get("attributedBody")
    return words_in(body) if isinstance(body, bytes) else None


def _said(row: Row, name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _times(date: object) -> Message:
    since = _number(date)
    seconds, rest = (since, 0) if abs(since) < MOST_SECONDS else divmod(since, 1_000_000_000)
    moment = EPOCH + timedelta(seconds=seconds, microseconds=rest // 1000) if since else None
    return times_of(str(since) if since else "", moment, None)


def _writable(value: object) -> object:
    if isinstance(value, float):
        return repr(value)
    return b64encode(value).decode() if isinstance(value, bytes) else value
