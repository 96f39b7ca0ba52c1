"""The small tables in the vault: people, numbers, API keys, policies, holds, and whatever else is no sealed record.

The ledger proves what happened to them, but holds neither password hashes nor everything else that a row is made of. So
their rows are kept as they stand, sealed, whenever they have changed; only the newest copy counts, and older ones go
after a month.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, insert, select, update

from archive.access.organisations import OrganisationRow
from archive.core.actor import Actor
from archive.core.errors import Damaged, NotFound, NotReady
from archive.keys.envelope import SealingKey
from archive.keys.keyring import Purpose
from archive.segments import names, store
from archive.segments.days import LIMITS, Limits, owner_of
from archive.segments.layout import Rows, Segment, encode_line, read_segment, segment
from archive.segments.vault import Vault, stored_versions
from archive.tx import Transactions, Tx

ACTOR = Actor("job", "segments")
STATE = Purpose("state")
LOCKED_FOR = timedelta(days=30)
RENEWED_AFTER = timedelta(days=15)
ROWS_AT_ONCE = 1_000


def keep_state(
    transactions: Transactions, vault: Vault, organisation: OrganisationRow, tables: Mapping[str, Table]
) -> bool:
    """The copy that belongs to the newest stretch of the ledger, should it be missing, or its lock be half over."""
    with transactions.glance() as session:
        last = store.position(session, organisation.id)
    if last is None or (_is_fresh(last, transactions.clock()) and last.through <= last.state_size):
        return False
    with transactions.read(organisation.id, ACTOR) as tx:
        if tx.ledger_size != last.through:
            return False  # Rows and ledger belong together: the next stretch brings both along.
        copy = copied(tx, tables)
    return keep_copy(transactions, vault, organisation, copy)


def keep_copy(
    transactions: Transactions, vault: Vault, organisation: OrganisationRow, copy: "Copy", limits: Limits = LIMITS
) -> bool:
    """Put a copy if any row has changed since the last one, or if that is half way to where its lock ends."""
    with transactions.glance() as session:
        last = store.position(session, organisation.id)
    changed = last is None or last.state != copy.digest or not _is_fresh(last, copy.at)
    if changed:
        for name, content in objects_of(organisation, copy, limits):
            _put(vault, name, content, copy.at + LOCKED_FOR)
    with transactions.across() as session:
        when = {"state": copy.digest, "state_at": copy.at} if changed else {}
        store.note(session, organisation.id, state_size=copy.size, **when)
    return changed


def _is_fresh(last: store.VaultPositionRow, now: datetime) -> bool:
    return last.state_at is not None and now - last.state_at < RENEWED_AFTER


@dataclass(frozen=True, slots=True)
class Copy:
    """Sealed lines, as the tables were at a moment when the ledger had `size` entries."""

    size: int
    at: datetime
    digest: bytes
    lines: list[bytes]


def copied(tx: Tx, tables: Mapping[str, Table]) -> Copy:
    """All rows as this transaction sees them."""
    key = tx.keyring.find(tx.session, tx.org_id, STATE)
    if key is None:
        raise NotReady("The key of the small tables is not made yet.", "The next run makes it.")
    chunks = list(_chunks(tx, tables.values()))
    lines = [_sealed(tx.org_id, tx.ledger_size, number, key, *chunk) for number, chunk in enumerate(chunks)]
    return Copy(tx.ledger_size, tx.now, _digest(key, chunks), lines)


def _put(vault: Vault, name: str, content: bytes, until: datetime) -> None:
    """What is there already was made of the same rows, since nothing changes without an entry: its lock is renewed."""
    if not vault.put_new(name, content, until):
        for version in stored_versions(vault, name):
            vault.extend(version, until)


def make_state_key(transactions: Transactions, org_id: int) -> None:
    """Before the keys are copied and the first state is sealed under it."""
    with transactions.read(org_id, ACTOR) as tx:
        if tx.keyring.find(tx.session, org_id, STATE):
            return
    with transactions.write(org_id, ACTOR) as tx:
        tx.key(STATE)


Chunk = tuple[str, tuple[str, ...], bytes]
"""Table, columns, MessagePack of some rows."""


def _chunks(tx: Tx, tables: Iterable[Table]) -> Iterator[Chunk]:
    for table in tables:
        columns = tuple(str(column.name) for column in table.columns)
        wanted = select(table).where(_owner(table) == tx.org_id).order_by(*table.primary_key.columns)
        for some in tx.session.connection().execute(wanted).partitions(ROWS_AT_ONCE):
            yield str(table.name), columns, msgspec.msgpack.encode([tuple(row) for row in some])


def _owner(table: Table) -> ColumnElement[int]:
    """The column that says whose a row is: of an organisation's own row, its id."""
    return table.c.org_id if "org_id" in table.c else table.c.id


def _digest(key: SealingKey, chunks: Iterable[Chunk]) -> bytes:
    """Keyed, since it stands in the clear."""
    secret = hashlib.sha256(b"digest of the state\0" + key.secret).digest()
    digest = hashlib.blake2b(key=secret, digest_size=16)
    for table, columns, rows in chunks:
        digest.update(msgspec.json.encode((table, columns, hashlib.sha256(rows).hexdigest())))
    return digest.digest()


def _sealed(org_id: int, size: int, number: int, key: SealingKey, table: str, columns: Any, rows: bytes) -> bytes:
    return encode_line(Rows(table, columns, key.id, key.seal(rows, _place(org_id, size, number))))


def _place(org_id: int, size: int, number: int) -> bytes:
    """Which line of which copy: none can be moved, or taken from an older one."""
    return b"%d:state:%d:%d" % (org_id, size, number)


def objects_of(organisation: OrganisationRow, copy: Copy, limits: Limits) -> Iterator[tuple[str, bytes]]:
    groups: list[list[bytes]] = [[]]
    filled = 0
    for line in copy.lines:
        if groups[-1] and filled + len(line) > limits.object:
            groups.append([])
            filled = 0
        groups[-1].append(line)
        filled += len(line)
    for part, group in enumerate(groups, start=1):
        content = segment("state", owner_of(organisation), group, last=copy.size, part=part, parts=len(groups))
        yield f"{names.state_folder(organisation.public_id)}{copy.size:020d}.{part:04d}", content


def newest_state(places: Sequence[Vault], organisation: str, through: int) -> list[Segment]:
    """The parts of the newest whole copy that the ledger up to `through` knows all of; empty if there is none."""
    copies: dict[tuple[int, int], list[str]] = {}
    for number, place in enumerate(places):
        for name in place.names(names.state_folder(organisation)):
            copies.setdefault((names.first_of(name.partition(".")[0]), number), []).append(name)
    for (size, number), parts in sorted(copies.items(), reverse=True):
        if size <= through and (read := _whole(places[number], parts)):
            return read
    return []


def _whole(vault: Vault, parts: Sequence[str]) -> list[Segment]:
    try:
        read = [read_segment(name, vault.get(name)) for name in parts]
    except (Damaged, NotFound):
        return []
    return read if len(read) == read[0].header.parts else []


def restore_state(tx: Tx, parts: Sequence[Segment], tables: Mapping[str, Table]) -> int:
    """Write the rows of a copy; how many. A table that this version doesn't have any more is passed over."""
    count, waiting = 0, _rows(tx, parts)
    for name, table in tables.items():
        rows = [{column: row[column] for column in row if column in table.c} for row in waiting.get(name, [])]
        if "org_id" not in table.c:  # Its own row is there already, or there would be no ledger to restore.
            for row in rows:
                tx.session.execute(update(table).where(_owner(table) == tx.org_id).values(row))
        elif rows:
            tx.session.execute(insert(table), rows)
        count += len(rows)
    return count


def _rows(tx: Tx, parts: Sequence[Segment]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    lines = ((part.header.last, line) for part in parts for line in part if isinstance(line, Rows))
    for number, (size, line) in enumerate(lines):
        for row in _opened(tx, line, _place(tx.org_id, size, number)):
            found.setdefault(line.table, []).append(dict(zip(line.columns, row, strict=True)))
    return found


def _opened(tx: Tx, line: Rows, place: bytes) -> list[Any]:
    key = tx.keyring.by_id(tx.session, tx.org_id, line.key_id)
    if key is None:
        raise Damaged(f"The key of the copy of table {line.table} is destroyed.", "Restore from an older copy.")
    found: list[Any] = msgspec.msgpack.decode(key.open(line.sealed, place))
    return found
