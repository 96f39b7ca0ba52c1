"""The tables of opt-outs, and every statement on them. Who said it is found by a keyed hash, and read by a key."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.messages.blocks import blocks
from archive.messages.store import NOT_SHREDDING, MessagePartyRow, MessageRow
from archive.optouts.model import Change, Sent, moment_of
from archive.optouts.wording import Said
from archive.tx import Prepared, Tx


class OptOutPartyRow(OfOrganisation, Base):
    """Somebody who said something. `party` is the first half of `party_key`; the address is in `sealed`."""

    __tablename__ = "opt_out_party"

    party: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    party_key: Mapped[bytes]
    key_id: Mapped[int]
    sealed: Mapped[bytes]


class OptOutRow(OfOrganisation, Base):
    """One thing that was said: `Change`. Never changed, never deleted; what is in force is worked out from all."""

    __tablename__ = "opt_out"
    __table_args__ = (Index("ix_opt_out_party", "org_id", "party"),)

    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    own_number: Mapped[str]
    party: Mapped[int]
    said: Mapped[str]
    said_at: Mapped[datetime]
    how: Mapped[str]
    serial: Mapped[int | None]


class SuspicionRow(OfOrganisation, Base):
    """A text that may mean `means` (opt-out, opt-in), until a person decides: `decision` is confirmed or dismissed.

    `how`: by its words ("text"), or since the provider would not carry it ("provider").
    """

    __tablename__ = "opt_out_suspicion"

    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    own_number: Mapped[str]
    party: Mapped[int]
    means: Mapped[str]
    how: Mapped[str] = mapped_column(server_default="text")
    said_at: Mapped[datetime]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]


class OptOutReachRow(OfOrganisation, Base):
    """Whether what is said to one number is said to all of the organisation's; no row means no."""

    __tablename__ = "opt_out_reach"

    everywhere: Mapped[bool]
    since_at: Mapped[datetime]


_COLUMNS = ("entry", "own_number", "party", "said", "said_at", "how", "serial")
_ANY = Prepared(OptOutRow, "entry").newest("entry")
_OF_PARTIES = Prepared(OptOutRow, *_COLUMNS).among("party")
_ALL = Prepared(OptOutRow, *_COLUMNS)
_PARTIES = Prepared(OptOutPartyRow, "party", "party_key", "key_id", "sealed").among("party")
_REACH = Prepared(OptOutReachRow, "everywhere")


def anybody(tx: Tx) -> bool:
    """Whether anybody ever said anything."""
    return bool(tx.fetch(_ANY))


def everywhere(tx: Tx) -> bool:
    return any(row.everywhere for row in tx.fetch(_REACH))


def changes_of(tx: Tx, parties: Collection[int]) -> list[Change]:
    return _changes(tx.fetch(_OF_PARTIES, wanted=list(parties)))


def all_changes(tx: Tx) -> list[Change]:
    return _changes(tx.fetch(_ALL))


def _changes(rows: Iterable[Any]) -> list[Change]:
    return [Change(entry, own, party, Said(said), at, how, serial) for entry, own, party, said, at, how, serial in rows]


def parties(tx: Tx, wanted: Collection[int]) -> dict[int, Any]:
    """Of those that are known: party → `OptOutPartyRow`, or what reads like one."""
    return {row.party: row for row in tx.fetch(_PARTIES, wanted=list(wanted))}


def sent_to_those_who_opted_out(tx: Tx) -> list[Sent]:
    """Every text of ours that is still here to somebody who ever did; before or after that."""
    who = select(OptOutRow.party).where(OptOutRow.said == Said.OPT_OUT.value)
    rows = tx.session.execute(
        select(MessageRow.seq, MessageRow.own_number, OptOutPartyRow.party, MessageRow.sent_at, MessageRow.received_at)
        .select_from(OptOutPartyRow)
        .join(
            MessagePartyRow,
            (MessagePartyRow.org_id == OptOutPartyRow.org_id) & (MessagePartyRow.party_key == OptOutPartyRow.party_key),
        )
        .join(MessageRow, (MessageRow.org_id == MessagePartyRow.org_id) & (MessageRow.seq == MessagePartyRow.seq))
        .where(MessagePartyRow.block.in_(blocks(tx)))
        .where(OptOutPartyRow.party.in_(who), MessageRow.direction == "outbound", NOT_SHREDDING)
    )
    return [Sent(seq, own, party, moment_of(sent, received)) for seq, own, party, sent, received in rows]


def open_suspicions(tx: Tx) -> list[SuspicionRow]:
    """Those that wait, oldest first: their clock runs."""
    waiting = select(SuspicionRow).where(SuspicionRow.decision.is_(None))
    return list(tx.session.scalars(waiting.order_by(SuspicionRow.said_at, SuspicionRow.serial)))


def count_open_suspicions(tx: Tx) -> int:
    wanted = select(func.count()).select_from(SuspicionRow).where(SuspicionRow.decision.is_(None))
    return tx.session.scalar(wanted) or 0


def suspicion(tx: Tx, serial: int) -> SuspicionRow | None:
    return tx.session.scalars(select(SuspicionRow).where(SuspicionRow.serial == serial)).one_or_none()


def suspicions_of(tx: Tx, own_number: str, party: int) -> Sequence[SuspicionRow]:
    """All that there ever were, decided or not."""
    return tx.session.scalars(
        select(SuspicionRow).where(SuspicionRow.own_number == own_number, SuspicionRow.party == party)
    ).all()


def set_reach(tx: Tx, *, everywhere: bool) -> None:
    tx.session.merge(OptOutReachRow(org_id=tx.org_id, everywhere=everywhere, since_at=tx.now))
