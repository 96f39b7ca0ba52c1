"""Whoosh as it comes, with the schema that its documentation suggests for such records. Only its rate is measured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh import fields, index

from archive.core.clock import from_micros
from archive.search.index import IndexedText

_MEMORY_MB = 256


class StockWhoosh:
    name = "Whoosh"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        schema = fields.Schema(
            serial=fields.NUMERIC(numtype=int, bits=64, unique=True, stored=True, sortable=True),
            at=fields.DATETIME(sortable=True),
            own=fields.ID(),
            other=fields.ID(),
            direction=fields.ID(),
            text=fields.TEXT(),
        )
        self._writer: Any = index.create_in(str(folder), schema).writer(limitmb=_MEMORY_MB)

    def shape(self, texts: Sequence[IndexedText]) -> list[dict[str, Any]]:
        return [
            {
                "serial": text.serial,
                "at": from_micros(text.at).replace(tzinfo=None),
                "own": text.own_number,
                "other": text.others[0],
                "direction": text.direction,
                "text": text.text,
            }
            for text in texts
        ]

    def add(self, shaped: Any) -> None:
        for document in shaped:
            self._writer.add_document(**document)

    def finish(self) -> None:
        self._writer.commit()
