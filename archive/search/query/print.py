"""From a query to the one line it is shown, stored and linked as. `parse(to_line(query)) == query`.

A group inside another group is in brackets, even where the language would not need them, so that a
reader of the line never has to know what binds closer.
"""

from archive.search.query import model, spelling
from archive.search.query.model import Query


def to_line(query: Query) -> str:
    """The canonical line; empty for everything."""
    match query:
        case model.Everything():
            return ""
        case model.And(parts):
            return " ".join(map(_inside, parts))
        case model.Or(parts):
            return " OR ".join(map(_inside, parts))
        case model.Not(part):
            return "-" + _inside(part)
        case model.Near(left, right, distance):
            operator = "NEAR" if distance == model.NEAR_BY_DEFAULT else f"NEAR/{distance}"
            return f"{to_line(left)} {operator} {to_line(right)}"
        case _:
            return _leaf(query)


def nesting(query: Query) -> int:
    """How deep brackets and minus signs nest in the canonical line."""
    match query:
        case model.And(parts) | model.Or(parts):
            return max(_nesting_inside(part) for part in parts)
        case model.Not(part):
            return 1 + _nesting_inside(part)
    return 0


def _is_group(query: Query) -> bool:
    return isinstance(query, model.And | model.Or | model.Near)


def _inside(query: Query) -> str:
    return f"({to_line(query)})" if _is_group(query) else to_line(query)


def _nesting_inside(query: Query) -> int:
    return nesting(query) + _is_group(query)


def _leaf(query: Query) -> str:
    match query:
        case model.Word(text):
            return text if spelling.is_bare_word(text) else spelling.quoted(text)
        case model.Phrase(text):
            return spelling.quoted(text)
        case model.Prefix(stem):
            return f"{stem}*"
        case model.Fuzzy(word, distance):
            return f"{word}~" if distance == 1 else f"{word}~{distance}"
        case model.Party(name, _, value) | model.Sent(name, value) | model.Fact(name, value):
            return f"{name}:{value if spelling.is_bare_value(value) else spelling.quoted(value)}"
        case model.Serial(first, last):
            return f"serial:{first}" if first == last else f"serial:{first}..{last}"
    raise TypeError(query)
