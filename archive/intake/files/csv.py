"""CSV with a header row: our own field names, or a provider's console export (Twilio's columns and their
like).

A text is taken exactly as it stands between its quotes. A row that can't be read costs the others nothing.
"""

import re
from collections.abc import Iterator, Sequence

from archive.intake.files.csv_columns import Columns, check, delimiter_of, understand_header
from archive.intake.files.csv_records import Records
from archive.intake.files.model import FileProblem, Line, Message, Options, Progress, Source
from archive.intake.files.source import Counted, counted
from archive.intake.files.times import RFC_3339, read_export_time, times_of

SEVERAL = re.compile(r"[;,|]")
DIRECTIONS = {
    "inbound": ("inbound", "in", "incoming", "received"),
    "outbound": ("outbound", "out", "outgoing", "sent", "outbound-api", "outbound-reply", "outbound-call"),
}


def read(source: Source, options: Options, progress: Progress) -> Iterator[Line]:
    """FileProblem, before the first line, if the header lacks a sender, a recipient or a text, or nobody
    names the provider."""
    with counted(source, progress) as stream:
        records, header = _open_table(stream)
        columns = understand_header(header)
        check(columns, header, options.default_provider)
        for offset, record in enumerate(records):
            message, problem = None, record.problem
            if record.cells is not None:
                message, problem = _understand(record.cells, columns, options)
            yield Line(f"line {record.line}", offset, record.raw, message, problem)


def _open_table(stream: Counted) -> tuple[Records, list[str]]:
    records = Records(stream)
    records.delimiter = delimiter_of(records.peek())
    header = next(records, None)
    if header is None or header.cells is None:
        raise FileProblem("This CSV file has no header row that can be read. The first row must name the columns.")
    return records, header.cells


def _understand(cells: Sequence[str], columns: Columns, options: Options) -> tuple[Message | None, str | None]:
    if len(cells) != columns.width:
        return None, f"This row has {len(cells)} columns where the header has {columns.width}."
    given = {field: cells[position] for field, position in columns.fields.items()}
    message: Message = {"from": given["from"].strip(), "to": _list(given["to"]), "text": given["text"]}
    for field in ("provider", "account", "provider_id", "campaign", "status"):
        if given.get(field, "").strip():
            message[field] = given[field].strip()
    if options.default_provider:
        message.setdefault("provider", options.default_provider)
    if given.get("media", "").strip():
        message["media"] = [{"url": url} for url in _list(given["media"])]
    message |= _direction(given.get("direction", "")) | _times(given.get("sent_at", ""), options)
    return message | {name: cells[position] for position, name in columns.others.items() if name not in message}, None


def _list(written: str) -> list[str]:
    return [part.strip() for part in SEVERAL.split(written) if part.strip()]


def _direction(written: str) -> Message:
    plain = written.strip().casefold()
    for direction, words in DIRECTIONS.items():
        if plain in words:
            return (
                {"direction": direction}
                if written == direction
                else {"direction": direction, "direction_as_received": written}
            )
    return {"direction": written} if plain else {}


def _times(written: str, options: Options) -> Message:
    """A time that is already as the API wants it is passed on untouched."""
    if RFC_3339.fullmatch(written.strip()):
        return {"sent_at": written.strip()}
    return times_of(written, read_export_time(written), options.zone)
