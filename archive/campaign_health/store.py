"""What is counted, of the texts of thirty days: no more rows are read than were stored in that time."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from archive.campaigns.hearing import COMPLAINT
from archive.campaigns.store import CampaignRow, RegistryEventRow
from archive.ledger.rows import LedgerEntryRow
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.numbers.store import NumberChangeRow, NumberRow
from archive.optouts.store import OptOutRow
from archive.optouts.wording import Said
from archive.spam.store import SpamReportRow
from archive.tx import Tx


class Text(NamedTuple):
    seq: int
    own_number: str
    direction: str
    flags: str
    sent_at: datetime | None
    received_at: datetime


def first_since(tx: Tx, at: datetime) -> int:
    """The first entry of the ledger that was written at or after a moment. Entries are in the order of time, so some
    twenty looks find it among a million."""
    low, high = 1, tx.ledger_size + 1
    while low < high:
        middle = (low + high) // 2
        written = tx.session.scalar(select(LedgerEntryRow.at).where(LedgerEntryRow.seq == middle))
        if written is None or written >= at:
            high = middle
        else:
            low = middle + 1
    return low


def changes_on(tx: Tx, campaign_id: str) -> dict[str, list[NumberChangeRow]]:
    """Number → its whole history, oldest first; of those that were ever on the campaign."""
    ever = select(NumberChangeRow.number_id).where(NumberChangeRow.campaign == campaign_id)
    rows = tx.session.execute(
        select(NumberRow.e164, NumberChangeRow)
        .join(NumberRow, (NumberRow.org_id == NumberChangeRow.org_id) & (NumberRow.id == NumberChangeRow.number_id))
        .where(NumberChangeRow.number_id.in_(ever))
        .order_by(NumberChangeRow.entry)
    )
    found: dict[str, list[NumberChangeRow]] = {}
    for e164, change in rows:
        found.setdefault(e164, []).append(change)
    return found


def texts_since(tx: Tx, at: datetime, numbers: Collection[str]) -> Iterator[Text]:
    wanted = (
        select(
            MessageRow.seq,
            MessageRow.own_number,
            MessageRow.direction,
            MessageRow.flags,
            MessageRow.sent_at,
            MessageRow.received_at,
        )
        .where(MessageRow.seq >= first_since(tx, at), MessageRow.own_number.in_(numbers), NOT_SHREDDING)
        .order_by(MessageRow.seq)
    )
    yield from (Text(*row) for row in tx.session.execute(wanted))


def opt_outs_since(tx: Tx, at: datetime, numbers: Collection[str]) -> list[tuple[str, datetime]]:
    """(own number, when) of each that was said to one of these."""
    wanted = select(OptOutRow.own_number, OptOutRow.said_at).where(
        OptOutRow.said == Said.OPT_OUT.value, OptOutRow.said_at >= at, OptOutRow.own_number.in_(numbers)
    )
    return [(own_number, said_at) for own_number, said_at in tx.session.execute(wanted)]


def reports_since(tx: Tx, at: datetime, numbers: Collection[str]) -> list[tuple[str, datetime]]:
    """(own number, when) of each spam report about one of these."""
    wanted = select(SpamReportRow.own_number, SpamReportRow.received_at).where(
        SpamReportRow.received_at >= at, SpamReportRow.own_number.in_(numbers)
    )
    return [(own_number, received_at) for own_number, received_at in tx.session.execute(wanted)]


def complaints_since(tx: Tx, at: datetime, campaign: CampaignRow) -> list[datetime]:
    """What carriers passed on about the campaign itself."""
    wanted = select(RegistryEventRow.received_at).where(
        RegistryEventRow.event == COMPLAINT,
        RegistryEventRow.received_at >= at,
        RegistryEventRow.campaign == campaign.registry_id,
        RegistryEventRow.mock.is_(False),
    )
    return list(tx.session.scalars(wanted))
