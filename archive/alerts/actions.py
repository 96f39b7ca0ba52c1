"""Opening alerts, adding to them, closing them, reading them."""

from collections.abc import Sequence
from datetime import date

from archive.alerts import store
from archive.alerts.events import AlertClosed, AlertOpened, AlertRepeated
from archive.alerts.model import Alert, Cause, Occurrence, examples
from archive.alerts.store import AlertRow
from archive.core.errors import BadInput, Conflict, NotFound
from archive.core.ids import new_id
from archive.ledger.trail import entries_numbered
from archive.tx import Tx

REASON_LENGTH = 500
MOST_SHOWN = 500


def raise_alert(tx: Tx, cause: Cause, day: date, happened: Sequence[Occurrence]) -> bool:
    """Whether it is a new one. What is counted already is not counted again; `happened` is in the ledger's order.

    One that somebody has closed stays so: the same cause on the same day rings once.
    """
    row = store.alert_of(tx, cause, day)
    new = [one for one in happened if row is None or one.entry > row.through]
    if not new:
        return False
    if row is None:
        _open(tx, cause, day, new)
        return True
    row.count, row.last_at, row.through = row.count + len(new), tx.now, new[-1].entry
    row.serials = _written(examples(_read(row.serials), new))
    tx.record(AlertRepeated(subject=row.id, count=row.count))
    return False


def close_alert(tx: Tx, alert_id: str, reason: str) -> Alert:
    """Somebody has looked at it, and says what came of it."""
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= REASON_LENGTH:
        raise BadInput(f"A reason has 1 to {REASON_LENGTH} characters.", "Say what was found and done.")
    row = store.alert_by_id(tx, alert_id)
    if row is None:
        raise NotFound(f"There is no alert {alert_id}.", "`/alerts` lists those that there are.")
    if row.closed_at is not None:
        raise Conflict("This alert is closed already.", "Why is in the audit trail.")
    _close(tx, row, reason)
    tx.write_entries()  # In which the reason is.
    return _alert(tx, row)


def close_about(tx: Tx, cause: Cause, reason: str) -> None:
    """What was wrong is right again, as whoever knows says: all alerts of the cause, of whatever day."""
    for row in store.open_about(tx, cause):
        _close(tx, row, reason)


def list_alerts(tx: Tx, *, closed: bool = False) -> list[Alert]:
    """Up to `MOST_SHOWN`, the newest first."""
    return [_alert(tx, row) for row in store.alerts(tx, closed=closed, limit=MOST_SHOWN)]


def _open(tx: Tx, cause: Cause, day: date, happened: Sequence[Occurrence]) -> None:
    alert_id, serials = new_id("alr", tx.now), examples((), happened)
    opened = AlertOpened(
        subject=alert_id, cause=cause.kind, about=cause.about, day=day, count=len(happened), serials=serials
    )
    tx.session.add(
        AlertRow(
            org_id=tx.org_id,
            id=alert_id,
            kind=cause.kind,
            about=cause.about,
            day=day,
            opened_at=tx.now,
            last_at=tx.now,
            entry=tx.record(opened),
            through=happened[-1].entry,
            count=len(happened),
            serials=_written(serials),
        )
    )
    tx.session.flush()


def _close(tx: Tx, row: AlertRow, reason: str) -> None:
    row.closed_at, row.closed_by = tx.now, str(tx.actor)
    row.closing = tx.record(AlertClosed(subject=row.id, count=row.count, reason=reason))


def _alert(tx: Tx, row: AlertRow) -> Alert:
    return Alert(
        id=row.id,
        cause=Cause(row.kind, row.about),
        day=row.day,
        opened_at=row.opened_at,
        last_at=row.last_at,
        count=row.count,
        serials=_read(row.serials),
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        closed_because=_reason(tx, row),
    )


def _reason(tx: Tx, row: AlertRow) -> str | None:
    if row.closing is None:
        return None
    (entry,) = entries_numbered(tx, [row.closing], details=True)
    return str(entry.private.get("reason", "")) or None


def _written(serials: Sequence[int]) -> str:
    return " ".join(map(str, serials))


def _read(serials: str) -> tuple[int, ...]:
    return tuple(map(int, serials.split()))
