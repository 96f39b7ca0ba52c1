"""Whoosh as it comes: the fields that ours has, of the types that its documentation suggests. For its rate alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh import fields, index

from archive.core.clock import from_micros
from archive.search.index import IndexedText

_MEMORY_MB = 256
_EXACT = ("own", "sender", "recipient", "other", "direction", "provider", "account", "campaign")


class StockWhoosh:
    name = "Whoosh"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        schema = fields.Schema(
            serial=fields.NUMERIC(bits=64, unique=True, stored=True, sortable=True),
            at=fields.DATETIME(sortable=True),
            text=fields.TEXT(),
            **dict.fromkeys(_EXACT, fields.ID()),
            has=fields.KEYWORD(),
        )
        self._writer: Any = index.create_in(str(folder), schema).writer(limitmb=_MEMORY_MB)

    def shape(self, texts: Sequence[IndexedText]) -> list[dict[str, Any]]:
        return [
            {
                "serial": text.serial,
                "at": from_micros(text.at).replace(tzinfo=None),
                "text": text.text,
                "own": text.own_number,
                "sender": text.sender,
                "recipient": text.recipients[0],
                "other": text.others[0],
                "direction": text.direction,
                "provider": text.provider,
                "account": text.account,
                "campaign": text.campaign,
                "has": " ".join(text.has),
            }
            for text in texts
        ]

    def add(self, shaped: Any) -> None:
        for document in shaped:
            self._writer.add_document(**document)

    def finish(self) -> None:
        self._writer.commit()
