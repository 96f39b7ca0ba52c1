"""A line cut into what the parser reads: operators, brackets, words, quotations and fields, each with
its place.
"""

from dataclasses import dataclass
from typing import Literal

from archive.search.query import spelling
from archive.search.query.error import QueryError

Kind = Literal["(", ")", "-", "AND", "OR", "NOT", "NEAR", "word", "quoted", "field", "end"]


@dataclass(frozen=True, slots=True)
class Lexeme:
    """`text` is the word, the content of the quotation, the value of the field or the distance of a NEAR."""

    kind: Kind
    text: str
    start: int
    end: int
    field: str = ""
    in_quotes: bool = False


def lexemes(line: str) -> list[Lexeme]:
    """All of the line, closed by an "end" of no length. Raises QueryError for a quotation that is never
    closed.
    """
    found: list[Lexeme] = []
    place = 0
    while place < len(line):
        if line[place].isspace():
            place += 1
            continue
        lexeme = _next(line, place)
        found.append(lexeme)
        place = lexeme.end
    found.append(Lexeme("end", "", len(line), len(line)))
    return found


def _next(line: str, start: int) -> Lexeme:
    match line[start]:
        case "(":
            return Lexeme("(", "(", start, start + 1)
        case ")":
            return Lexeme(")", ")", start, start + 1)
        case "-" if start + 1 < len(line) and not line[start + 1].isspace():
            return Lexeme("-", "-", start, start + 1)
        case quote if quote in spelling.OPENING_QUOTES:
            text, end = _quotation(line, start)
            return Lexeme("quoted", text, start, end, in_quotes=True)
    return _chunk(line, start)


def _chunk(line: str, start: int) -> Lexeme:
    end = start
    while end < len(line) and not line[end].isspace() and line[end] not in "()" + spelling.OPENING_QUOTES:
        end += 1
    chunk = line[start:end]
    followed_by_quote = end < len(line) and line[end] in spelling.OPENING_QUOTES
    field = spelling.field_in(chunk, before_quotation=followed_by_quote)
    if field is not None and not field[1] and followed_by_quote:
        text, end = _quotation(line, end)
        return Lexeme("field", text, start, end, field[0], in_quotes=True)
    if field is not None:
        return Lexeme("field", field[1], start, end, field[0])
    return _operator(chunk, start, end) or Lexeme("word", chunk, start, end)


def _operator(chunk: str, start: int, end: int) -> Lexeme | None:
    match chunk:
        case "AND" | "OR" | "NOT":
            return Lexeme(chunk, chunk, start, end)
    distance = spelling.near_in(chunk)
    return None if distance is None else Lexeme("NEAR", distance, start, end)


def _quotation(line: str, start: int) -> tuple[str, int]:
    """The text between the marks, and where the line goes on. A straight mark closes only a straight one."""
    closing = '"' if line[start] == '"' else '"' + spelling.CURLY_QUOTES
    text: list[str] = []
    place = start + 1
    while place < len(line):
        character = line[place]
        if character in closing:
            return "".join(text), place + 1
        if character == "\\" and line[place + 1 : place + 2] in ('"', "\\"):
            place += 1
            character = line[place]
        text.append(character)
        place += 1
    raise QueryError("A quotation is never closed.", start=start, end=len(line), suggestion="Close the quotation mark.")
