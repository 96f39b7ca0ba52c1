"""tantivy through its own Python package: one indexing thread, newest first by a fast field. A development extra."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Document, FieldType, Occur, Query

from archive.bench.search.questions import PAGE, Question
from archive.search.index import IndexedText

_HEAP = 256_000_000


class Tantivy:
    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.files = folder
        self._schema = (
            tantivy.SchemaBuilder()
            .add_text_field("words", tokenizer_name="folded")
            .add_text_field("own", tokenizer_name="raw", index_option="basic")
            .add_text_field("other", tokenizer_name="raw", index_option="basic")
            .add_integer_field("at", indexed=True, fast=True)
            .add_integer_field("seq", fast=True)
            .build()
        )
        self._index = tantivy.Index(self._schema, str(folder))
        folded = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        folded = folded.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())
        self._index.register_tokenizer("folded", folded.build())
        self._writer: Any = None

    def shape(self, texts: Sequence[IndexedText]) -> list[dict[str, Any]]:
        return [
            {"words": text.text, "own": text.own_number, "other": text.others[0], "at": text.at, "seq": text.serial}
            for text in texts
        ]

    def add(self, shaped: Any) -> None:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, 1)
        for row in shaped:
            self._writer.add_document(Document.from_dict(row, self._schema))

    def finish(self) -> None:
        """Its merges belong to what it costs, and are waited for."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._writer = None
        self._index.reload()

    def close(self) -> None:
        """Between stretches nothing is open but mapped files."""

    def page(self, question: Question) -> Callable[[], list[int]]:
        searcher, query = self._index.searcher, self._query(question)
        return lambda: [seq for seq, _ in searcher().search(query, PAGE, count=False, order_by_field="seq").hits]

    def count(self, question: Question) -> Callable[[], int]:
        searcher, query = self._index.searcher, self._query(question)
        return lambda: int(searcher().search(query, 1, count=True).count)  # type: ignore[attr-defined]

    def _query(self, question: Question) -> Query:
        match question.kind:
            case "everything":
                return Query.all_query()
            case "number + 90 days":
                return self._number(question)
            case "phrase":
                return Query.phrase_query(self._schema, "words", list(question.words))
            case "prefix":
                return Query.regex_query(self._schema, "words", f"{question.words[0]}.*")
            case "fuzzy":
                return Query.fuzzy_term_query(self._schema, "words", question.words[0])
            case _:
                return self._words(question)

    def _words(self, question: Question) -> Query:
        parts = [(Occur.Must, self._term("words", word)) for word in question.words]
        without = [(Occur.MustNot, self._term("words", question.without))] if question.without else []
        return Query.boolean_query([*parts, *without]) if len(parts) + len(without) > 1 else parts[0][1]

    def _number(self, question: Question) -> Query:
        number = question.number
        either = Query.boolean_query([(Occur.Should, self._term(name, number)) for name in ("own", "other")])
        dates = Query.range_query(
            self._schema, "at", FieldType.Integer, question.start, question.until, include_upper=False
        )
        return Query.boolean_query([(Occur.Must, either), (Occur.Must, dates)])

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value, index_option="basic")
