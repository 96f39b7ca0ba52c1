"""From a line to a query: recursive descent, one function for each rule of the grammar.

    any     = all {"OR" all}
    all     = some {["AND"] some}
    some    = ("-" | "NOT") some | near
    near    = single ["NEAR" ["/" distance] single]
    single  = "(" any ")" | word | word"*" | word"~"[distance] | quotation | field":"value

AND binds closer than OR. Operators are in capitals; `or`, `and`, `not`, `near` are words.
"""

import re
from datetime import UTC, tzinfo
from typing import Final

from archive.search.analysis import asked_terms
from archive.search.query import model, spelling
from archive.search.query.error import Mistake, QueryError
from archive.search.query.fields import read_field
from archive.search.query.lexemes import Lexeme, lexemes
from archive.search.query.model import Query
from archive.search.query.print import nesting, to_line

LONGEST_LINE: Final = 2_000
MOST_PARTS: Final = 100
DEEPEST: Final = 30

_SHORTEST_FUZZY: Final = {1: 3, 2: 5}
_whole: Final = re.compile("[0-9]{1,3}")


def parse(line: str, *, zone: tzinfo = UTC) -> Query:
    """The query that a line is; the empty line is everything. Days are days of the zone. Raises
    QueryError.
    """
    if len(line) > LONGEST_LINE:
        raise QueryError(
            f"A query has at most {LONGEST_LINE:,} characters, this one {len(line):,}.",
            start=LONGEST_LINE,
            end=len(line),
            suggestion="Leave something out, or search in two steps.",
        )
    line = spelling.clean(line)
    try:
        return _read(line, zone)
    except QueryError as error:
        understood = _understood(line, error, zone)
        raise QueryError(
            error.message,
            start=error.start,
            end=error.end,
            suggestion=error.suggestion,
            understood=understood,
        ) from None


def _read(line: str, zone: tzinfo) -> Query:
    query = _Reader(lexemes(line), zone).whole()
    # The line that is shown back has more brackets and quotation marks; it must be a legal query too.
    if len(to_line(query)) > LONGEST_LINE or nesting(query) > DEEPEST:
        raise QueryError(
            "This query is too long or too deeply nested when written out in full.",
            start=0,
            end=len(line),
            suggestion="Search in two steps.",
        )
    return query


def _understood(line: str, error: QueryError, zone: tzinfo) -> str:
    """What the line means without the mistake, or else up to it."""
    around = line[: error.start] + " " + line[error.end :]
    for rest in (around, line[: error.start]):
        try:
            return to_line(_read(rest, zone))
        except QueryError:
            continue
    return ""


class _Reader:
    def __init__(self, found: list[Lexeme], zone: tzinfo) -> None:
        self._lexemes = found
        self._place = 0
        self._zone = zone
        self._parts = 0
        self._depth = 0

    def whole(self) -> Query:
        if self._next().kind == "end":
            return model.Everything()
        query = self._any()
        if self._next().kind == ")":
            raise _error(
                self._next(),
                "There is a ) without its (.",
                "Leave it out, or put the words in quotation marks.",
            )
        return query

    def _next(self) -> Lexeme:
        return self._lexemes[self._place]

    def _take(self) -> Lexeme:
        lexeme = self._next()
        self._place += 1
        return lexeme

    def _any(self) -> Query:
        parts = [self._all()]
        while self._next().kind == "OR":
            operator = self._take()
            self._require_operand(operator)
            parts.append(self._all())
        return model.any_of(parts)

    def _all(self) -> Query:
        parts = [self._some()]
        while self._next().kind not in ("OR", ")", "end"):
            if self._next().kind == "AND":
                self._require_operand(self._take())
            parts.append(self._some())
        return model.all_of(parts)

    def _some(self) -> Query:
        if self._next().kind not in ("-", "NOT"):
            return self._near()
        operator = self._take()
        self._require_operand(operator)
        self._enter(operator)
        part = self._some()
        self._depth -= 1
        return model.without(part)

    def _near(self) -> Query:
        first = self._next()
        left = self._single()
        if self._next().kind != "NEAR":
            return left
        operator = self._take()
        distance = _distance(operator)
        self._require_operand(operator)
        second = self._next()
        right = self._single()
        if self._next().kind == "NEAR":
            raise _error(self._next(), "NEAR joins two words.", "Write (a NEAR b) (b NEAR c).")
        return model.Near(_text(left, first), _text(right, second), distance)

    def _single(self) -> Query:
        lexeme = self._take()
        if lexeme.kind == "(":
            return self._group(lexeme)
        if lexeme.kind in ("word", "quoted", "field"):
            return self._leaf(lexeme)
        if lexeme.kind in ("end", ")"):
            raise _error(lexeme, "Something is missing here.", "Write a word, or leave the brackets out.")
        raise _error(lexeme, f"{_shown(lexeme)} needs something on both sides.", _mend(lexeme))

    def _group(self, opening: Lexeme) -> Query:
        self._enter(opening)
        if self._next().kind == ")":
            raise _error(opening, "There is nothing between the brackets.", "Leave them out.", until=self._next())
        query = self._any()
        if self._next().kind != ")":
            raise _error(opening, "A ( is never closed.", "Add the ) that closes it.")
        self._take()
        self._depth -= 1
        return query

    def _leaf(self, lexeme: Lexeme) -> Query:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise _error(lexeme, f"A query has at most {MOST_PARTS} parts.", "Search in two steps.")
        try:
            return _read_leaf(lexeme, self._zone)
        except Mistake as mistake:
            raise _error(lexeme, mistake.message, mistake.suggestion) from None

    def _enter(self, lexeme: Lexeme) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _error(lexeme, f"Brackets and NOT nest at most {DEEPEST} deep.", "Search in two steps.")

    def _require_operand(self, operator: Lexeme) -> None:
        """An operator at the end of the line or group is pointed at itself: it is what is to be mended."""
        if self._next().kind in ("end", ")"):
            raise _error(operator, f"{_shown(operator)} needs something after it.", _mend(operator))


def _shown(operator: Lexeme) -> str:
    return f"NEAR/{operator.text}" if operator.kind == "NEAR" and operator.text else operator.kind


def _mend(operator: Lexeme) -> str:
    return f'Add what is missing, or search for the word itself: "{_shown(operator)}".'


def _error(lexeme: Lexeme, message: str, suggestion: str, until: Lexeme | None = None) -> QueryError:
    end = (until or lexeme).end
    return QueryError(message, start=lexeme.start, end=end, suggestion=suggestion)


def _distance(operator: Lexeme) -> int:
    if not operator.text:
        return model.NEAR_BY_DEFAULT
    if _whole.fullmatch(operator.text) and 1 <= int(operator.text) <= model.NEAR_AT_MOST:
        return int(operator.text)
    raise _error(
        operator,
        f"NEAR cannot take {operator.text}.",
        f"Write NEAR, which is {model.NEAR_BY_DEFAULT} words, or NEAR/1 to NEAR/{model.NEAR_AT_MOST}.",
    )


def _text(query: Query, lexeme: Lexeme) -> model.Text:
    if isinstance(query, model.Text):
        return query
    raise _error(lexeme, "NEAR joins words, phrases, word* and word~ only.", "Take this part out of the NEAR.")


def _read_leaf(lexeme: Lexeme, zone: tzinfo) -> Query:
    if lexeme.kind == "field":
        if "*" in lexeme.text and not lexeme.in_quotes:
            raise Mistake(f"{lexeme.field}: takes a whole value, without a star.", "Write the whole value.")
        return read_field(lexeme.field, lexeme.text, zone)
    if lexeme.kind == "quoted":
        if not lexeme.text.strip():
            raise Mistake("There is nothing between the quotation marks.", "Leave them out.")
        return model.words(_searchable(spelling.collapsed(lexeme.text)))
    if "*" in lexeme.text:
        return _prefix(lexeme.text)
    fuzzy = spelling.fuzzy_in(lexeme.text)
    return _fuzzy(*fuzzy) if fuzzy else model.Word(_searchable(lexeme.text))


def _prefix(chunk: str) -> model.Prefix:
    stem = chunk.rstrip("*")
    if not stem:
        raise Mistake("A star needs the beginning of a word before it.", "An empty query finds everything.")
    if chunk.startswith("*"):
        word = chunk.strip("*")
        raise Mistake(
            f"A star cannot stand at the beginning: {chunk}.",
            f"Put the star at the end ({word}*): words are found by how they begin.",
        )
    if "*" in stem:
        raise Mistake(
            f"A star cannot stand inside a word: {chunk}.", f"Put the star at the end: {stem.split('*')[0]}*."
        )
    return model.Prefix(_searchable(stem))


def _fuzzy(word: str, written: str) -> model.Fuzzy:
    if written not in ("", "1", "2"):
        raise Mistake(f"~{written} is too far.", f"Write {word}~ or {word}~2.")
    distance = int(written or "1")
    terms = asked_terms(_searchable(word))
    if len(terms) > 1:
        raise Mistake(f"{word} is more than one word.", "The tilde works on a single word.")
    if len(terms[0].term) < _SHORTEST_FUZZY[distance]:
        raise Mistake(
            f"{word} is too short for ~{distance}.",
            f"At ~{distance} a word has {_SHORTEST_FUZZY[distance]} letters or more.",
        )
    return model.Fuzzy(word, distance)


def _searchable(text: str) -> str:
    if not asked_terms(text):
        raise Mistake(
            f"There is nothing to search for in {text}.",
            "Leave it out: only words, digits and pictures count.",
        )
    return text
