"""What is counted, of the texts of thirty days: no more rows are read than were stored in that time."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, func, select, type_coerce

from archive.campaigns.hearing import COMPLAINT
from archive.campaigns.store import CampaignRow, RegistryEventRow
from archive.core.clock import day_number
from archive.messages.store import NOT_SHREDDING, MessageRow
from archive.numbers.store import NumberChangeRow, NumberRow
from archive.optouts.store import OptOutRow
from archive.optouts.wording import Said
from archive.spam.store import SpamReportRow
from archive.tx import Tx


class Texts(NamedTuple):
    """How many of one number, direction and set of flags on one UTC day, which is counted from 1970."""

    own_number: str
    direction: str
    flags: str
    day: int
    texts: int


class Text(NamedTuple):
    seq: int
    own_number: str
    direction: str
    flags: str
    sent_at: datetime | None
    received_at: datetime

    @property
    def at(self) -> datetime:
        return self.sent_at or self.received_at


_MOMENT: Final = type_coerce(func.coalesce(MessageRow.sent_at, MessageRow.received_at), BigInteger)
_DAY_MICROS: Final = 86_400_000_000
_TEXT: Final = (
    MessageRow.seq,
    MessageRow.own_number,
    MessageRow.direction,
    MessageRow.flags,
    MessageRow.sent_at,
    MessageRow.received_at,
)


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


def texts_by_day(tx: Tx, first: int, numbers: Collection[str]) -> list[Texts]:
    """Counted by the database, of what was stored from entry `first` on."""
    day = (_MOMENT // _DAY_MICROS).label("day")
    columns = (MessageRow.own_number, MessageRow.direction, MessageRow.flags, day)
    wanted = select(*columns, func.count()).where(*_of(first, numbers)).group_by(*columns)
    return [Texts(*row) for row in tx.session.execute(wanted)]


def texts_on(tx: Tx, first: int, numbers: Collection[str], days: Collection[date]) -> Iterator[Text]:
    """One by one, of those days."""
    wanted = select(*_TEXT).where(*_of(first, numbers), (_MOMENT // _DAY_MICROS).in_([day_number(day) for day in days]))
    yield from (Text(*row) for row in tx.session.execute(wanted))


def newest_sent(tx: Tx, first: int, numbers: Collection[str], limit: int) -> list[Text]:
    wanted = select(*_TEXT).where(*_of(first, numbers), MessageRow.direction == "outbound")
    return [Text(*row) for row in tx.session.execute(wanted.order_by(MessageRow.seq.desc()).limit(limit))]


def _of(first: int, numbers: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return MessageRow.seq >= first, MessageRow.own_number.in_(numbers), NOT_SHREDDING


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
