"""The tables of brands, campaigns, and what was said about them, and every statement on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from archive.db.base import Base, OfOrganisation
from archive.tx import Tx


class BrandRow(OfOrganisation, Base):
    """One brand. `fields`: JSON, by the registry's names. `registry_id` is the registry's, B…, once it has one.

    `identity`: how far the registry has verified who it is. `score`: its vetting, 0 to 100.
    """

    __tablename__ = "brand"
    __table_args__ = (UniqueConstraint("org_id", "registry_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[str]
    registry_id: Mapped[str | None]
    identity: Mapped[str]
    score: Mapped[int | None]
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    entry: Mapped[int]


class CampaignRow(OfOrganisation, Base):
    """One campaign. `registry_id`: C…. `reference` is ours, which the registry repeats. `message_class`: AT&T's.

    `active`: as `active.judge` says of its levels, which are in rows of their own; it is written with them.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("org_id", "registry_id"),
        UniqueConstraint("org_id", "reference"),
        ForeignKeyConstraint(["org_id", "brand_id"], ["brand.org_id", "brand.id"], ondelete="RESTRICT"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str]
    name: Mapped[str]
    fields: Mapped[str]
    registry_id: Mapped[str | None]
    reference: Mapped[str]
    message_class: Mapped[str | None]
    active: Mapped[bool]
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    entry: Mapped[int]


class CampaignLevelRow(OfOrganisation, Base):
    """Where a campaign is at one level, since `since_at`. `carrier` is the registry's id, or empty. No row: it begins.

    `entry`: the ledger entry that moved it there.
    """

    __tablename__ = "campaign_level"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "campaign_id"], ["campaign.org_id", "campaign.id"], ondelete="RESTRICT"),
    )

    campaign_id: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    carrier: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    since_at: Mapped[datetime]
    entry: Mapped[int]


class CampaignChangeRow(OfOrganisation, Base):
    """What somebody entered by hand about a level of a campaign. Never changed."""

    __tablename__ = "campaign_change"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "campaign_id"], ["campaign.org_id", "campaign.id"], ondelete="RESTRICT"),
    )

    campaign_id: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    level: Mapped[str]
    carrier: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]


class RegistryEventRow(OfOrganisation, Base):
    """One thing that the registry said, about whatever it was. Never changed. Word for word it is in `sealed`.

    `campaign`, `brand` and `carrier` are the registry's ids, `reference` ours; empty where it names none.
    `fingerprint`: SHA-256 of what was said, by which a repeat is known. `provider`: who said it, where it was not the
    registry itself; `theirs`: its own id of the campaign, `said_at`: when it said so.
    """

    __tablename__ = "registry_event"
    __table_args__ = (
        Index("ix_registry_event_campaign", "org_id", "campaign"),
        Index("ix_registry_event_reference", "org_id", "reference"),
        Index("ix_registry_event_fingerprint", "org_id", "fingerprint"),
        Index("ix_registry_event_theirs", "org_id", "theirs"),
    )

    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received_at: Mapped[datetime]
    account: Mapped[str]
    event: Mapped[str]
    campaign: Mapped[str]
    reference: Mapped[str]
    brand: Mapped[str]
    carrier: Mapped[str]
    mock: Mapped[bool]
    provider: Mapped[str] = mapped_column(server_default="tcr")
    theirs: Mapped[str | None]
    said_at: Mapped[datetime | None]
    fingerprint: Mapped[bytes]
    key_id: Mapped[int]
    sealed: Mapped[bytes]


class CampaignNameRow(OfOrganisation, Base):
    """What a provider calls a campaign: its own id for it."""

    __tablename__ = "campaign_name"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "campaign_id"], ["campaign.org_id", "campaign.id"], ondelete="RESTRICT"),
    )

    provider: Mapped[str] = mapped_column(primary_key=True)
    theirs: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[str]
    entry: Mapped[int]


def all_brands(tx: Tx) -> Sequence[BrandRow]:
    return tx.session.scalars(select(BrandRow).order_by(BrandRow.added_at, BrandRow.id)).all()


def brand_by_id(tx: Tx, brand_id: str) -> BrandRow | None:
    return tx.session.scalars(select(BrandRow).where(BrandRow.id == brand_id)).one_or_none()


def brand_by_registry_id(tx: Tx, registry_id: str) -> BrandRow | None:
    return tx.session.scalars(select(BrandRow).where(BrandRow.registry_id == registry_id)).one_or_none()


def all_campaigns(tx: Tx) -> Sequence[CampaignRow]:
    return tx.session.scalars(select(CampaignRow).order_by(CampaignRow.added_at, CampaignRow.id)).all()


def campaign_by_id(tx: Tx, campaign_id: str) -> CampaignRow | None:
    return tx.session.scalars(select(CampaignRow).where(CampaignRow.id == campaign_id)).one_or_none()


def campaign_by_registry_id(tx: Tx, registry_id: str) -> CampaignRow | None:
    return tx.session.scalars(select(CampaignRow).where(CampaignRow.registry_id == registry_id)).one_or_none()


def campaign_by_reference(tx: Tx, reference: str) -> CampaignRow | None:
    return tx.session.scalars(select(CampaignRow).where(CampaignRow.reference == reference)).one_or_none()


def levels_of(tx: Tx, campaign_id: str) -> Sequence[CampaignLevelRow]:
    return tx.session.scalars(select(CampaignLevelRow).where(CampaignLevelRow.campaign_id == campaign_id)).all()


def changes_of(tx: Tx, campaign_id: str) -> Sequence[CampaignChangeRow]:
    wanted = select(CampaignChangeRow).where(CampaignChangeRow.campaign_id == campaign_id)
    return tx.session.scalars(wanted.order_by(CampaignChangeRow.entry)).all()


def events_of(tx: Tx, campaign: CampaignRow) -> Sequence[RegistryEventRow]:
    """All that the registry and providers said of a campaign, by its id, by what they call it, or by our reference; in
    the order of arrival."""
    by_id = RegistryEventRow.campaign == campaign.registry_id
    no_other = RegistryEventRow.campaign.in_(["", campaign.registry_id or ""])
    by_reference = (RegistryEventRow.reference == campaign.reference) & no_other
    by_name = [
        (RegistryEventRow.provider == name.provider) & (RegistryEventRow.theirs == name.theirs) & no_other
        for name in names_of(tx, campaign.id)
    ]
    wanted = select(RegistryEventRow).where(or_(by_id, by_reference, *by_name))
    return tx.session.scalars(wanted.order_by(RegistryEventRow.entry)).all()


def names_of(tx: Tx, campaign_id: str) -> Sequence[CampaignNameRow]:
    wanted = select(CampaignNameRow).where(CampaignNameRow.campaign_id == campaign_id)
    return tx.session.scalars(wanted.order_by(CampaignNameRow.provider, CampaignNameRow.theirs)).all()


class UnknownName(NamedTuple):
    """A campaign that a provider has spoken of so often, at last at a moment; we know none of that name."""

    provider: str
    theirs: str
    messages: int
    last_at: datetime


def unknown_names(tx: Tx, limit: int) -> list[UnknownName]:
    """The latest first."""
    name, event = CampaignNameRow, RegistryEventRow
    called = (name.org_id == event.org_id) & (name.provider == event.provider) & (name.theirs == event.theirs)
    latest = func.max(event.received_at)
    wanted = select(event.provider, event.theirs, func.count(), latest).outerjoin(name, called)
    wanted = wanted.where(event.theirs.is_not(None), name.campaign_id.is_(None), event.campaign == "")
    wanted = wanted.group_by(event.provider, event.theirs).order_by(latest.desc(), event.theirs).limit(limit)
    rows = tx.session.execute(wanted)
    return [UnknownName(provider, theirs or "", messages, last_at) for provider, theirs, messages, last_at in rows]


def campaign_named(tx: Tx, provider: str, theirs: str) -> CampaignRow | None:
    """By what a provider calls it."""
    called = select(CampaignNameRow.campaign_id).where(
        CampaignNameRow.provider == provider, CampaignNameRow.theirs == theirs
    )
    found = tx.session.scalar(called)
    return campaign_by_id(tx, found) if found else None


def repeats(tx: Tx, fingerprint: bytes, since: datetime | None) -> bool:
    """Whether the same was said after a moment; or at all."""
    wanted = select(RegistryEventRow.entry).where(RegistryEventRow.fingerprint == fingerprint)
    if since is not None:
        wanted = wanted.where(RegistryEventRow.received_at > since)
    return tx.session.scalar(wanted.limit(1)) is not None
