"""A mistake in a query line: where it is, what was understood, and what to do about it."""

from archive.core.errors import BadInput


class QueryError(BadInput):
    """`start` and `end` are code points of the line; `understood` is the rest of the line, as it was read."""

    slug = "bad-query"

    def __init__(self, message: str, *, start: int, end: int, suggestion: str = "", understood: str = "") -> None:
        super().__init__(message, suggestion)
        self.start = start
        self.end = end
        self.suggestion = suggestion
        self.understood = understood


class Mistake(Exception):
    """What is wrong with one word or value, before anybody knows where in the line it stands."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
