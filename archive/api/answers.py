"""How the API answers."""

from typing import Any

from flask import Response

from archive.ledger.entry import encode

Answer = Response


def json_answer(value: Any, status: int = 200) -> Answer:
    """JSON; half surrogate pairs of a text come out as the escapes they came in as."""
    return Response(encode(value), status, mimetype="application/json")
