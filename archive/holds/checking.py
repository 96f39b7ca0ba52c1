"""Whether holds are what the ledger says, for `verify`: none changed, none slipped in, no text taken out or put in."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select, text

from archive.core.canonical import parse_json
from archive.core.errors import Damaged
from archive.holds import store
from archive.holds.events import (
    HoldCaught,
    HoldCovered,
    HoldPlaced,
    HoldReleased,
    HoldRestored,
    MatterOpened,
    digest_of,
)
from archive.holds.model import HoldWords, MatterWords
from archive.holds.sealing import open_words
from archive.holds.store import HoldMessageRow
from archive.ledger.rows import NO_TEXT, LedgerEntryRow
from archive.tx import Tx

Fault = tuple[int | None, str]

PUTS_UNDER = (HoldPlaced.kind, HoldCaught.kind, HoldCovered.kind)


class Under(NamedTuple):
    """What an entry has put under a hold. `digest`: of the serials; after a restore, of those that it brought back."""

    hold_id: str
    entry: int
    digest: str


class _Said(NamedTuple):
    """What the ledger says in an entry about a matter or a hold."""

    seq: int
    kind: str
    subject: str
    detail: dict[str, Any]


def hold_faults(tx: Tx) -> Iterator[Fault]:
    """(ledger entry, what is wrong)."""
    said = _said(tx)
    yield from _rows(tx, said)
    yield from _covered(tx, said)


def _said(tx: Tx) -> list[_Said]:
    tx.write_entries()
    kinds = (*PUTS_UNDER, HoldReleased.kind, HoldRestored.kind, MatterOpened.kind)
    wanted = select(LedgerEntryRow.seq, LedgerEntryRow.kind, LedgerEntryRow.subject, LedgerEntryRow.detail)
    rows = tx.session.execute(wanted.where(LedgerEntryRow.kind.in_(kinds), text(NO_TEXT)).order_by(LedgerEntryRow.seq))
    return [_Said(seq, kind, subject or "", parse_json(detail or "{}")) for seq, kind, subject, detail in rows]


def _rows(tx: Tx, said: Sequence[_Said]) -> Iterator[Fault]:
    """The rows of matters and holds against the entries that made and released them."""
    placed = {entry.subject: entry for entry in said if entry.kind == HoldPlaced.kind}
    opened = {entry.subject: entry for entry in said if entry.kind == MatterOpened.kind}
    released = {entry.subject for entry in said if entry.kind == HoldReleased.kind}
    matters, holds = list(store.all_matters(tx)), list(store.all_holds(tx))
    yield from _gone("matter", opened, matters)
    yield from _gone("hold", placed, holds)
    for matter in matters:
        yield from _words(tx, matter, opened, MatterWords)
    for hold in holds:
        yield from _words(tx, hold, placed, HoldWords)
        entry = placed.get(hold.id)
        if entry and (hold.matter_id, hold.standing) != (entry.detail["matter"], entry.detail["standing"]):
            yield entry.seq, f"the hold {hold.id} stands in the database with another matter, or otherwise standing"
        if (hold.released_at is not None) != (hold.id in released):
            yield hold.entry, f"the database and the ledger disagree on whether the hold {hold.id} is released"


def _gone(what: str, made: dict[str, _Said], rows: Sequence[Any]) -> Iterator[Fault]:
    for missing in made.keys() - {row.id for row in rows}:
        yield made[missing].seq, f"the {what} {missing} is gone from the database"


def _words(tx: Tx, row: Any, made: dict[str, _Said], kind: Any) -> Iterator[Fault]:
    entry = made.get(row.id)
    if entry is None or entry.seq != row.entry:
        yield row.entry, f"{row.id} stands in the database without the ledger entry that made it"
        return
    try:
        open_words(tx, row, kind)
    except Damaged as problem:
        yield row.entry, problem.message


def said_to_be_under(tx: Tx) -> list[Under]:
    """What the ledger says of each entry that put texts under a hold, released ones too."""
    return _said_to_be_under(_said(tx))


def _said_to_be_under(said: Sequence[_Said]) -> list[Under]:
    restored = {
        (entry.subject, entry.detail["entry"]): entry.detail["digest"]
        for entry in said
        if entry.kind == HoldRestored.kind
    }
    return [
        Under(entry.subject, entry.seq, restored.get((entry.subject, entry.seq), entry.detail["digest"]))
        for entry in said
        if entry.kind in PUTS_UNDER and "digest" in entry.detail
    ]


def _covered(tx: Tx, said: Sequence[_Said]) -> Iterator[Fault]:
    """Which texts are under each hold, against the digests in the ledger."""
    released = {entry.subject for entry in said if entry.kind == HoldReleased.kind}
    under = _under(tx)
    for each in _said_to_be_under(said):
        if each.hold_id in released:
            continue
        serials = under.pop((each.hold_id, each.entry), [])
        if digest_of(serials) != each.digest:
            yield each.entry, f"other texts are under the hold {each.hold_id} than this entry says"
    for hold_id, seq in under:
        yield seq, f"texts are under the hold {hold_id} that no entry of the ledger put there"


def _under(tx: Tx) -> dict[tuple[str, int], list[int]]:
    """(hold, entry that put them there) → serials in order."""
    found: dict[tuple[str, int], list[int]] = {}
    columns = select(HoldMessageRow.hold_id, HoldMessageRow.entry, HoldMessageRow.seq)
    for hold_id, entry, seq in tx.session.execute(columns.order_by(HoldMessageRow.seq)):
        found.setdefault((hold_id, entry), []).append(seq)
    return found
