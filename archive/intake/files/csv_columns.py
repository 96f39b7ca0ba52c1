"""Which column of a CSV file is which field of a message, by the header's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.intake.files.model import FileProblem

SPELLINGS: dict[str, tuple[str, ...]] = {
    "provider": ("provider",),
    "account": ("account", "accountsid", "accountid", "messagingprofileid"),
    "provider_id": ("providerid", "sid", "messagesid", "smssid", "messageuuid", "messageid", "id"),
    "direction": ("direction",),
    "from": ("from", "fromnumber", "sender"),
    "to": ("to", "tonumber", "recipient", "recipients", "destination"),
    "text": ("text", "body", "message", "messagebody", "messagetext", "content"),
    "sent_at": (
        "sentat",
        "sentdate",
        "datesent",
        "sent",
        "date",
        "messagetime",
        "timestamp",
        "time",
        "datecreated",
    ),
    "media": ("media", "mediaurl", "mediaurls"),
    "campaign": ("campaign", "campaignid", "tcrcampaignid"),
    "status": ("status", "messagestatus"),
}
"""Letters and digits only, lower case; the first that a file has wins, the others are kept under their own
names."""

NEEDED = ("from", "to", "text")
_LONGEST_NAME = 60
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Columns:
    """`fields` has the position of each known field, `others` the name of every remaining position."""

    fields: dict[str, int]
    others: dict[int, str]

    @property
    def width(self) -> int:
        return len(self.fields) + len(self.others)


def understand_header(header: Sequence[str]) -> Columns:
    plain = [_plain(name) for name in header]
    fields: dict[str, int] = {}
    for field, spellings in SPELLINGS.items():
        position = next((plain.index(spelling) for spelling in spellings if spelling in plain), None)
        if position is not None:
            fields[field] = position
    others: dict[int, str] = {}
    for position, name in enumerate(header):
        if position not in fields.values():
            others[position] = free_name(name.strip() or f"column {position + 1}", {*fields, *others.values()})
    return Columns(fields, others)


def check(columns: Columns, header: Sequence[str], default_provider: str | None) -> None:
    """FileProblem if no row of this file could become a message."""
    missing = [field for field in NEEDED if field not in columns.fields]
    if missing:
        raise FileProblem(
            f"This CSV file has no column for {' and '.join(missing)}; "
            f"its columns are {', '.join(header)[:300]}. "
            "Say with a profile which column is which, "
            "or name them in the first row: from,to,text,direction,sent_at,provider_id."
        )
    if "provider" not in columns.fields and not default_provider:
        raise FileProblem(
            'This CSV file has no column "provider". '
            "Say who delivered these texts when importing it, for example twilio."
        )


def delimiter_of(first_line: str) -> str:
    """The delimiter under which most of the header's names are known."""
    return max(DELIMITERS, key=lambda delimiter: len(understand_header(split_header(first_line, delimiter)).fields))


def looks_like_header(first_line: str) -> bool:
    columns = understand_header(split_header(first_line, delimiter_of(first_line)))
    return len(columns.fields) >= len(NEEDED)


def looks_like_table(lines: Sequence[str]) -> bool:
    """Whether the first two lines have the same number of cells, three at least, and the first only short names."""
    if len(lines) <= 1:
        return False
    for delimiter in DELIMITERS:
        names = split_header(lines[0], delimiter)
        if len(names) >= len(NEEDED) and all(0 < len(name) <= _LONGEST_NAME and name.isprintable() for name in names):
            return len(lines[1].split(delimiter)) >= len(names)
    return False


def split_header(line: str, delimiter: str) -> list[str]:
    return [name.strip('" \r\n') for name in line.split(delimiter)]


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def free_name(name: str, taken: set[str]) -> str:
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name} ({number})", number + 1
    return candidate
