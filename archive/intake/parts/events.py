"""What the ledger says of pieces. What they say stays sealed, with the text or until it is there."""

from archive.ledger.entry import Event


class PieceKept(Event, frozen=True, kw_only=True):
    kind = "part.kept"
    private = frozenset({"provider_id"})
    provider: str
    account: str
    provider_id: str
    number: int
    total: int


class PiecesJoined(Event, frozen=True, kw_only=True):
    """The text is archived. `entries`: those of its pieces; `missing`: how many of them never came."""

    kind = "part.joined"
    entries: tuple[int, ...]
    missing: int


class PiecesForgotten(Event, frozen=True, kw_only=True):
    """What repeats of pieces were known by is gone; their texts have all that they said."""

    kind = "part.forgotten"
    count: int
