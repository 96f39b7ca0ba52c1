"""Opt-outs as CSV: what providers and other systems exchange. Columns: party, own_number, said, said_at, how, serial.

An empty `own_number` means all of them; `said` is opt-out or opt-in; of a file that comes in `how` and `serial` are not
read, `own_number` and `said` may be missing (all numbers, opt-out), and all else is said of its line.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from archive.core.clock import rfc3339
from archive.core.errors import BadInput
from archive.ledger.entry import Event
from archive.optouts import store
from archive.optouts.managing import other_party, own, past
from archive.optouts.reading import everything_said
from archive.optouts.recording import Parties, record_change
from archive.optouts.wording import Said
from archive.tx import Tx

COLUMNS = ("party", "own_number", "said", "said_at", "how", "serial")
MOST_LINES = 20_000
MOST_PROBLEMS = 50

Row = Mapping[str, str | None]

# A spreadsheet would take a cell that begins like this for a formula; numbers in E.164 begin with one and are harmless.
_FORMULA = ("=", "-", "@", "\t", "\r")


class OptOutsExported(Event, frozen=True, kw_only=True):
    kind = "optout.exported"
    count: int


@dataclass(slots=True)
class Imported:
    """`problems`: (line, what is wrong with it), the first fifty. A line with a problem costs no other."""

    new: int = 0
    known: int = 0
    wrong: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def import_csv(tx: Tx, text: str) -> Imported:
    """Raises `BadInput` where the whole file can't be read."""
    done, lines = Imported(), _Lines(tx)
    for number, row in _rows(text):
        try:
            new = lines.take(row)
        except BadInput as problem:
            _note(done, number, problem.message)
        except ValueError:
            _note(done, number, "`said` is opt-out or opt-in, and `said_at` a time like 2026-11-23T15:00:00Z.")
        else:
            done.new, done.known = done.new + new, done.known + (not new)
    return done


class _Lines:
    """Takes in one line after the other; what was said before is read once."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._parties = Parties(tx)
        self._known = {(one.party, one.own_number, one.said, one.said_at) for one in store.all_changes(tx)}

    def take(self, row: Row) -> bool:
        """False where the line says nothing new."""
        said = Said((row.get("said") or Said.OPT_OUT).strip().lower())
        if said not in (Said.OPT_OUT, Said.OPT_IN):
            raise ValueError
        address = other_party(row.get("party") or "")
        own_number, at = own(self._tx, row.get("own_number") or ""), past(self._tx, _time(row.get("said_at") or ""))
        line = self._parties.of(address), own_number, said, at
        if line in self._known:
            return False
        self._known.add(line)
        record_change(self._tx, self._parties, own_number, address, said, at, "import")
        return True


def export_csv(tx: Tx) -> str:
    """Everything that was said, so that importing it elsewhere comes to the same state. Recorded."""
    said = everything_said(tx)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for change, party in said:
        safe = f"'{party}" if party.startswith(_FORMULA) else party
        line = (safe, change.own_number, change.said.value, rfc3339(change.said_at), change.how, change.serial or "")
        writer.writerow(line)
    tx.record(OptOutsExported(count=len(said)))
    return out.getvalue().encode("utf-8", "replace").decode()


def _rows(text: str) -> Iterator[tuple[int, Row]]:
    """(line number, column → cell)."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        if not {"party", "said_at"} <= set(names):
            raise BadInput("The first line has no columns `party` and `said_at`.", f"Known are: {', '.join(COLUMNS)}.")
        reader.fieldnames = names
        for count, row in enumerate(reader):
            if count == MOST_LINES:
                raise BadInput(f"The file has more than {MOST_LINES:,} lines.", "Divide it.")
            yield reader.line_num, row
    except csv.Error as problem:
        raise BadInput(
            f"Line {reader.line_num} is no CSV: {problem}.", "Save it as CSV with commas, in UTF-8."
        ) from None


def _time(said_at: str) -> datetime:
    moment = datetime.fromisoformat(said_at.strip())
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _note(done: Imported, number: int, problem: str) -> None:
    done.wrong += 1
    if len(done.problems) < MOST_PROBLEMS:
        done.problems.append((number, problem))
