"""Lets Whoosh's own readers and queries look into a segment: for its tools, and as a second opinion on our own.

Our answers don't come this way: `nodes` reads whole lists at once, where a matcher goes from text to text.
"""

from collections.abc import Iterator
from typing import Any

from whoosh.codec.base import PerDocumentReader, TermsReader
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo

from archive.search.whoosh.postings import Postings
from archive.search.whoosh.sections import Sections
from archive.search.whoosh.terms import Terms

Term = tuple[str, bytes]


class ListsReader(TermsReader):  # type: ignore[misc]
    """The dictionary and the lists of all fields."""

    def __init__(self, sections: Sections) -> None:
        self._fields = {name: Terms(sections, name) for name in sections.prefixes(".keys")}

    def indexed_field_names(self) -> list[str]:
        return list(self._fields)

    def __contains__(self, term: Term) -> bool:
        return self._postings(*term) is not None

    def terms(self) -> Iterator[Term]:
        return ((name, key) for name, terms in self._fields.items() for key in terms)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        return ((name, key) for name, key in self.terms() if (name, key) >= (fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Raises KeyError where no text has the term."""
        texts = self._demand(fieldname, text).texts
        return TermInfo(weight=len(texts), df=len(texts), minid=int(texts[0]), maxid=int(texts[-1]))

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        ids = self._demand(fieldname, text).texts.tolist()
        return ListMatcher(ids, format=format_, scorer=scorer, term=(fieldname, text))

    def _demand(self, fieldname: str, text: bytes) -> Postings:
        found = self._postings(fieldname, text)
        if found is None:
            raise KeyError((fieldname, text))
        return found

    def _postings(self, fieldname: str, text: bytes) -> Postings | None:
        terms = self._fields.get(fieldname)
        return terms.postings(text) if terms else None


class DocumentsReader(PerDocumentReader):  # type: ignore[misc]
    """How many texts there are: no text is stored, and one that goes takes its segment with it."""

    def __init__(self, texts: int) -> None:
        self._texts = texts

    def doc_count(self) -> int:
        return self._texts

    def doc_count_all(self) -> int:
        return self._texts

    def has_deletions(self) -> bool:
        return False

    def is_deleted(self, _docnum: int) -> bool:
        return False

    def deleted_docs(self) -> tuple[int, ...]:
        return ()
