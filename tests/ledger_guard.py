"""Fails a test in which a business table was changed and the ledger was not told in the same transaction.

It watches every engine of the process. On SQLite each change is a statement that it sees. PostgreSQL also takes rows by
COPY, which goes past SQLAlchemy, so there the server is asked what the transaction has touched. Its counters may still
hold what earlier transactions of the connection did, so it is their growth that counts.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

from archive.schema import whole_schema

LEDGER = "ledger_entry"

# The one change that precedes its ledger: an organisation's own row. The ledger head is made with it, and the next
# transaction, which `create_organisation` opens at once, records both.
BEFORE_ITS_LEDGER = {("organisation", "INSERT")}

_CHANGE = re.compile(r"\s*(?:(INSERT)(?: OR \w+)? INTO|(UPDATE)|(DELETE) FROM)\s+\"?(\w+)", re.IGNORECASE)
_TOUCHED = "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables"

Counters = dict[tuple[str, str], int]


class Unrecorded(AssertionError):
    """A commit that the ledger knows nothing of."""


@dataclass(slots=True)
class _Seen:
    """One transaction: (table, verb) → the first statement that did it; the server's counters as it began."""

    changes: dict[tuple[str, str], str] = field(default_factory=dict)
    counters: Counters = field(default_factory=dict)


class LedgerGuard:
    """Between `watch` and `stop` every commit is looked at; `faults` says what was found."""

    def __init__(self) -> None:
        tables = whole_schema().tables.values()
        self._business = {table.name for table in tables if table.info.get("ledgered", True)} - {LEDGER}
        self._open: dict[int, _Seen] = {}
        self._listeners = (
            ("after_cursor_execute", self._executed),
            ("commit", self._committing),
            ("rollback", self._rolled_back),
            ("begin", self._begun),
        )
        self.faults: list[str] = []

    def watch(self) -> None:
        for name, listener in self._listeners:
            event.listen(Engine, name, listener)

    def stop(self) -> None:
        for name, listener in self._listeners:
            event.remove(Engine, name, listener)

    def _begun(self, connection: Connection) -> None:
        self._open[id(connection)] = _Seen(counters=_counters(connection))

    def _rolled_back(self, connection: Connection) -> None:
        self._open.pop(id(connection), None)

    def _executed(
        self, connection: Connection, cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool
    ) -> None:
        found = _CHANGE.match(statement)
        if found and cursor.rowcount != 0:
            verb = next(word for word in found.groups()[:3] if word).upper()
            self._open.setdefault(id(connection), _Seen()).changes.setdefault((found[4], verb), statement)

    def _committing(self, connection: Connection) -> None:
        seen = self._open.pop(id(connection), _Seen())
        copied = {
            change: "(by COPY)"
            for change, count in _counters(connection).items()
            if count > seen.counters.get(change, 0)
        }
        changes = {**copied, **seen.changes}
        if (LEDGER, "INSERT") in changes:
            return
        for (table, verb), statement in changes.items():
            if table in self._business and (table, verb) not in BEFORE_ITS_LEDGER:
                fault = f"{verb} of {table} is committed without a ledger entry: {' '.join(statement.split())}"
                self.faults.append(fault)
                raise Unrecorded(fault)


def _counters(connection: Connection) -> Counters:
    """(table, verb) → rows that PostgreSQL has counted; nothing on SQLite, where every change is a statement."""
    if connection.dialect.name != "postgresql":
        return {}
    rows = connection.exec_driver_sql(_TOUCHED).all()
    verbs = ("INSERT", "UPDATE", "DELETE")
    return {(row[0], verb): count for row in rows for verb, count in zip(verbs, row[1:], strict=True)}
