"""One session, one organisation, one actor, one moment, one commit.

The caller opens the transaction, actions work in it and `record` what they did, leaving it commits. A writer holds its
organisation's ledger head from the first statement on: changes of one organisation happen one after the other, so
sequence numbers have no gaps and a rule that was checked is still true at the commit.

Scoping lives here and nowhere else: every statement on a row of an organisation gets the condition added below.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, Table, bindparam, event, select, update
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from archive.core.actor import Actor
from archive.core.clock import Clock, to_micros
from archive.core.errors import NotFound
from archive.db.base import OfOrganisation
from archive.db.bulk import bulk_insert
from archive.db.engine import reading, writing
from archive.db.one_of import one_of
from archive.keys.envelope import SALT_BYTES, SealingKey
from archive.keys.keyring import Keyring, Purpose
from archive.ledger import entry
from archive.ledger.rows import LedgerEntryRow, LedgerHeadRow

RECORD_COLUMNS = ("seq", "kind", "at", "actor", "commitment")
"""Of an entry whose half in the ledger says nothing more: its record is in a table of its own."""
ENTRY_COLUMNS = ("seq", "kind", "at", "actor", "subject", "commitment", "detail", "key_id", "sealed")


_head: Any = LedgerHeadRow.__table__
_LOCK_HEAD = select(_head.c.size).where(_head.c.org_id == bindparam("org")).with_for_update()
_MOVE_HEAD = update(_head).where(_head.c.org_id == bindparam("org")).values(size=bindparam("to"))


class Prepared:
    """A statement of the hot path: made once, past the object mapper, and from its start about one organisation."""

    def __init__(self, row: type[OfOrganisation], *columns: str) -> None:
        table: Any = row.__table__  # type: ignore[attr-defined]
        self.table: Table = table
        self.statement = select(*[table.c[name] for name in columns]).where(table.c.org_id == bindparam("org"))

    def among(self, column: str, wanted: str = "wanted") -> "Prepared":
        """Only rows whose `column` is one of the values that `Tx.fetch` is given by this name."""
        self.statement = self.statement.where(one_of(self.table.c[column], wanted))
        return self

    def newest(self, column: str) -> "Prepared":
        self.statement = self.statement.order_by(self.table.c[column].desc()).limit(1)
        return self


class KeyMade(entry.Event, frozen=True, kw_only=True):
    kind = "key.made"
    purpose: str
    period: str


class KeyDestroyed(entry.Event, frozen=True, kw_only=True):
    """What was sealed under it can't be read any more, wherever a copy of it is."""

    kind = "key.destroyed"
    purpose: str
    period: str


class Tx:
    """What an action works in. `now` is the moment of everything that happens here."""

    def __init__(self, session: Session, keyring: Keyring, org_id: int, actor: Actor, now: datetime) -> None:
        self.session = session
        self.keyring = keyring
        self.org_id = org_id
        self.actor = actor
        self.now = now
        self._size = 0
        self._keys: dict[Purpose, SealingKey] = {}
        self._entries: list[tuple[Any, ...]] = []
        self._of_records: list[tuple[Any, ...]] = []

    @property
    def ledger_size(self) -> int:
        """How many entries there are, those of this transaction included."""
        return self._size

    def record(self, what: entry.Event, actor: Actor | None = None) -> int:
        """Write `what` into the ledger; the entry's sequence number."""
        key = self.key(Purpose.trail_of(self.now))
        seq = self.take_serials(1)[0]
        who = str(actor or self.actor)
        detail, private = map(entry.encode, what.split())
        salt = os.urandom(SALT_BYTES)
        commit = entry.commitment(salt, entry.clear_of_event(who, what.subject, detail), private)
        sealed = key.seal(salt + private, entry.place(self.org_id, seq))
        at = to_micros(self.now)
        self._entries.append((seq, what.kind, at, who, what.subject, commit, detail.decode(), key.id, sealed))
        return seq

    def take_serials(self, count: int) -> range:
        """The next sequence numbers. Whoever takes one owes the ledger an entry under it."""
        first = self._size + 1
        self._size += count
        return range(first, first + count)

    def add_entries(self, entries: Sequence[tuple[Any, ...]]) -> None:
        """Entries of records, which the caller has made in bulk, in the order of `RECORD_COLUMNS`."""
        self._of_records.extend(entries)

    def insert(self, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
        """Bulk insert for this organisation; `columns` and `rows` come without `org_id`."""
        bulk_insert(self.session.connection(), table, self.org_id, columns, rows)

    def fetch(self, prepared: Prepared, **values: Any) -> Sequence[Any]:
        self.session.flush()  # What the mapper still holds back has to be seen here too.
        connection = self.session.connection()
        rows: Sequence[Any] = connection.execute(prepared.statement, {"org": self.org_id, **values}).all()
        return rows

    def column(self, prepared: Prepared, **values: Any) -> list[Any]:
        """The only column of a statement that finds very many rows, as the driver gives it."""
        result: Any = self.session.connection().execute(prepared.statement, {"org": self.org_id, **values})
        return [value for (value,) in result.cursor.fetchall()]

    def scan(self, table: Table, columns: Sequence[str], after: int, through: int) -> Sequence[Any]:
        """Rows of this organisation with `after` < seq ≤ `through`, in order: the quick way for reading everything.

        Each is a plain tuple as the driver gives it: moments are microseconds since 1970 (`core.clock.from_micros`).
        """
        wanted = select(*[table.c[name] for name in columns]).where(
            table.c.org_id == self.org_id, table.c.seq > after, table.c.seq <= through
        )
        result: Any = self.session.connection().execute(wanted.order_by(table.c.seq))
        rows: Sequence[Any] = result.cursor.fetchall()
        return rows

    def key(self, purpose: Purpose) -> SealingKey:
        """The key for a purpose, made (and recorded) when there is none yet."""
        found = self._keys.get(purpose) or self.keyring.find(self.session, self.org_id, purpose, self.now)
        if found:
            self._keys[purpose] = found
            return found
        made = self._keys[purpose] = self.keyring.make(self.session, self.org_id, purpose, self.now)
        self.record(KeyMade(subject=f"key:{made.id}", purpose=purpose.name, period=purpose.period))
        return made

    def destroy_key(self, key_id: int) -> int:
        """Destroy a key, and record that it is; the entry's sequence number."""
        purpose = self.keyring.destroy(self.session, self.org_id, key_id, self.now)
        self._keys.pop(purpose, None)
        return self.record(KeyDestroyed(subject=f"key:{key_id}", purpose=purpose.name, period=purpose.period))

    def lock_head(self) -> None:
        """Wait for every other writer of this organisation, then read how far the ledger is."""
        size = self.session.connection().scalar(_LOCK_HEAD, {"org": self.org_id})
        if size is None:
            raise NotFound(f"There is no organisation {self.org_id}.")
        self._size = size

    def write_entries(self) -> None:
        """Put what was recorded so far into the database, so that statements of this transaction see it."""
        if self._entries or self._of_records:
            table: Any = LedgerEntryRow.__table__
            self.session.flush()
            for columns, entries in ((ENTRY_COLUMNS, self._entries), (RECORD_COLUMNS, self._of_records)):
                bulk_insert(self.session.connection(), table, self.org_id, columns, entries)
                entries.clear()
            self.session.connection().execute(_MOVE_HEAD, {"org": self.org_id, "to": self._size})

    def commit(self) -> None:
        self.write_entries()
        self.session.commit()


def _anybody(_session: Session) -> None:
    return


class Transactions:
    """Opens transactions on one database. The only place that commits.

    Before each commit the guard is asked, which raises to refuse it: that is how a job which was taken over is stopped.
    """

    def __init__(
        self, engine: Engine, keyring: Keyring, clock: Clock, guard: Callable[[Session], None] = _anybody
    ) -> None:
        self.engine = engine
        self.keyring = keyring
        self.clock = clock
        self._guard = guard

    def guarded(self, guard: Callable[[Session], None]) -> "Transactions":
        return Transactions(self.engine, self.keyring, self.clock, guard)

    @contextmanager
    def write(self, org_id: int, actor: Actor) -> Iterator[Tx]:
        """Commits when the block ends, rolls back when it raises."""
        with self._session(org_id, writing) as session:
            tx = Tx(session, self.keyring, org_id, actor, self.clock())
            tx.lock_head()
            tx.now = self.clock()  # The moment after the lock, so that time runs with the sequence.
            yield tx
            self._guard(session)
            tx.commit()

    @contextmanager
    def read(self, org_id: int, actor: Actor) -> Iterator[Tx]:
        """One consistent view; nothing is kept of what is written in it."""
        with self._session(org_id, reading) as session:
            tx = Tx(session, self.keyring, org_id, actor, self.clock())
            tx._size = session.scalar(select(LedgerHeadRow.size)) or 0
            yield tx

    @contextmanager
    def across(self) -> Iterator[Session]:
        """For what precedes knowing the organisation (who signs in, whose key is this) and for bookkeeping."""
        with self._session(None, writing) as session:
            yield session
            self._guard(session)
            session.commit()

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """Like `across`, but only to look: it waits for no writer, and nothing is kept of what is written in it."""
        with self._session(None, reading) as session:
            yield session

    @contextmanager
    def _session(self, org_id: int | None, way: Callable[[Engine], dict[str, Any]]) -> Iterator[Session]:
        kind = Session if org_id is None else ScopedSession
        with kind(self.engine, expire_on_commit=False, info={"org_id": org_id}) as session:
            if options := way(self.engine):
                session.connection(execution_options=options)
            yield session


class ScopedSession(Session):
    """Sees and writes rows of one organisation, the one in its `info`."""


@event.listens_for(ScopedSession, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    state.statement = state.statement.options(_only(state.session.info["org_id"]))


@lru_cache(maxsize=1_000)
def _only(org_id: int) -> ExecutableOption:
    return with_loader_criteria(OfOrganisation, lambda row: row.org_id == org_id, include_aliases=True)


@event.listens_for(ScopedSession, "before_flush")
def _own(session: Session, _context: Any, _instances: Any) -> None:
    for row in session.new:
        if isinstance(row, OfOrganisation):
            row.org_id = row.org_id or session.info["org_id"]
            if row.org_id != session.info["org_id"]:
                raise NotFound("A row of another organisation can't be written here.")
