"""CSV with a header row: our own field names, or a provider's console export (Twilio's columns and their
like).

A text is taken exactly as it stands between its quotes. A row that can't be read costs the others nothing.
"""

from collections.abc import Iterator, Sequence

from archive.intake.files.csv_columns import Columns, check, delimiter_of, understand_header
from archive.intake.files.csv_mapped import understand_mapped
from archive.intake.files.csv_mapping import columns_of, delimiter_for
from archive.intake.files.csv_records import Records
from archive.intake.files.csv_words import as_list, direction_of
from archive.intake.files.model import FileProblem, Line, Mapping, Message, NoText, Options, Progress, Source
from archive.intake.files.source import Counted, counted
from archive.intake.files.times import time_of


def read(source: Source, options: Options, progress: Progress) -> Iterator[Line]:
    """FileProblem, before the first line, if the header lacks a sender, a recipient or a text, or what the mapping
    names, or if nobody names the provider."""
    with counted(source, progress) as stream:
        records, header = _open_table(stream, options.mapping)
        columns = _columns(header, options)
        for offset, record in enumerate(records):
            message, problem = None, record.problem
            if record.cells is not None:
                message, problem = _understand(record.cells, columns, options)
            yield Line(f"line {record.line}", offset, record.raw, message, problem)


def _open_table(stream: Counted, mapping: Mapping | None) -> tuple[Records, list[str]]:
    records = Records(stream)
    first = records.peek()
    records.delimiter = delimiter_for(mapping, first) if mapping else delimiter_of(first)
    header = next(records, None)
    if header is None or header.cells is None:
        raise FileProblem("This CSV file has no header row that can be read. The first row must name the columns.")
    return records, header.cells


def _columns(header: Sequence[str], options: Options) -> Columns:
    if options.mapping is None:
        columns = understand_header(header)
        check(columns, header, options.default_provider)
        return columns
    if "provider" not in {*options.mapping.columns, *options.mapping.constants} and not options.default_provider:
        raise FileProblem("This profile names no provider. Say who delivered these texts, for example twilio.")
    return columns_of(options.mapping, header)


def _understand(cells: Sequence[str], columns: Columns, options: Options) -> tuple[Message | None, str | None]:
    if len(cells) != columns.width:
        return None, f"This row has {len(cells)} columns where the header has {columns.width}."
    given = {field: cells[position] for field, position in columns.fields.items()}
    try:
        message = understand_mapped(given, options.mapping, options) if options.mapping else _by_name(given, options)
    except NoText as reason:
        return None, str(reason)
    return message | {name: cells[position] for position, name in columns.others.items() if name not in message}, None


def _by_name(given: dict[str, str], options: Options) -> Message:
    message: Message = {"from": given["from"].strip(), "to": as_list(given["to"]), "text": given["text"]}
    for field in ("provider", "account", "provider_id", "campaign", "status"):
        if given.get(field, "").strip():
            message[field] = given[field].strip()
    if options.default_provider:
        message.setdefault("provider", options.default_provider)
    if given.get("media", "").strip():
        message["media"] = [{"url": url} for url in as_list(given["media"])]
    return message | direction_of(given.get("direction", "")) | time_of(given.get("sent_at", ""), options.zone)
