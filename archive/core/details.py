"""What is wrong with one detail of a thing that somebody enters."""

from archive.core.errors import BadInput


class BadDetail(BadInput):
    """`field`: which of the details of a thing can't be so."""

    def __init__(self, field: str, message: str, next_step: str) -> None:
        super().__init__(message, next_step)
        self.field = field
