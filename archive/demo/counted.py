"""What the demo's provider says it carried in the last weeks: all that is here, and one text that never came."""

from collections import defaultdict
from typing import Final

from archive.completeness.count_store import arrived_by_number
from archive.completeness.expecting import expect
from archive.completeness.looking import look
from archive.completeness.model import DIRECTIONS, Cell, Count, last_closed
from archive.completeness.reading import open_alarms
from archive.completeness.recording import acknowledge
from archive.core.actor import OPERATOR, Actor
from archive.core.clock import DAY
from archive.tx import Tx
from archive.wiring import Archive

DAYS: Final = 28
ACCOUNT: Final = "demo"
"""The texts name none, and a number's count needs none."""
NEVER_CAME: Final = "The provider tested the line that day; its own text was for nobody."


def tell_counts(archive: Archive, org_id: int, administrator: Actor) -> None:
    """Said, compared, and what is missing acknowledged: whoever looks at the demo finds nothing amiss."""
    look(archive.transactions, archive.index, org_id)
    with archive.transactions.write(org_id, OPERATOR) as tx:
        _tell(tx)
    look(archive.transactions, archive.index, org_id)
    with archive.transactions.write(org_id, administrator) as tx:
        for gap in open_alarms(tx):
            acknowledge(tx, gap.id, NEVER_CAME)


def _tell(tx: Tx) -> None:
    last = last_closed(tx.now)
    here = arrived_by_number(tx, [last - DAY * back for back in range(DAYS)])
    tested = max(here, key=lambda cell: (here[cell], cell.day, cell.number), default=None)
    told: dict[str, list[Count]] = defaultdict(list)
    for cell, texts in here.items():
        told[cell.provider].append(_count(cell, texts + (cell == tested)))
    for provider, counts in sorted(told.items()):
        expect(tx, provider, ACCOUNT, counts)


def _count(cell: Cell, texts: int) -> Count:
    return Count(cell.number, cell.day, DIRECTIONS[DIRECTIONS.index(cell.direction)], texts)
