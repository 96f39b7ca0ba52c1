"""Brands, campaigns, support cases, what the registry said, provider accounts; on which campaign a number is and was"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("number", "number_change"):
        op.add_column(table, sa.Column("campaign", sa.Text(), nullable=True))
    _make_campaigns()
    _make_cases()
    _make_what_the_registry_says()
    _make_provider_accounts()


def _make_campaigns() -> None:
    _make(
        "brand",
        ("id",),
        *_texts("id", "fields"),
        _text("registry_id", null=True),
        _text("identity"),
        _number("score", null=True),
        *_numbers("added_at", "changed_at", "entry"),
        sa.UniqueConstraint("org_id", "registry_id", name=op.f("uq_brand_org_id_registry_id")),
    )
    _make(
        "campaign",
        ("id",),
        *_texts("id", "brand_id", "name", "fields"),
        _text("registry_id", null=True),
        _text("reference"),
        _text("message_class", null=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_numbers("added_at", "changed_at", "entry"),
        _belongs("campaign", "brand"),
        sa.UniqueConstraint("org_id", "registry_id", name=op.f("uq_campaign_org_id_registry_id")),
        sa.UniqueConstraint("org_id", "reference", name=op.f("uq_campaign_org_id_reference")),
    )
    _make(
        "campaign_level",
        ("campaign_id", "level", "carrier"),
        *_texts("campaign_id", "level", "carrier", "state"),
        *_numbers("since_at", "entry"),
        _belongs("campaign_level", "campaign"),
    )
    _make(
        "campaign_change",
        ("campaign_id", "entry"),
        _text("campaign_id"),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        _number("changed_at"),
        *_texts("changed_by", "level", "carrier", "state", "reason"),
        _belongs("campaign_change", "campaign"),
    )


def _make_cases() -> None:
    _make(
        "support_case",
        ("id",),
        *_texts("id", "campaign_id", "reference", "state"),
        *_numbers("since_at", "opened_at"),
        _number("sent_at", null=True),
        _number("reminded_at", null=True),
        _number("entry"),
        _belongs("support_case", "campaign"),
    )
    _make(
        "support_case_step",
        ("case_id", "entry"),
        _text("case_id"),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        _number("changed_at"),
        *_texts("changed_by", "state"),
        _number("key_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _belongs("support_case_step", "support_case", "case_id"),
    )


def _make_what_the_registry_says() -> None:
    _make(
        "registry_event",
        ("entry",),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        _number("received_at"),
        *_texts("account", "event", "campaign", "reference", "brand", "carrier"),
        sa.Column("mock", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        _number("key_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    for column in ("campaign", "reference", "fingerprint"):
        op.create_index(f"ix_registry_event_{column}", "registry_event", ["org_id", column])


def _make_provider_accounts() -> None:
    _make(
        "provider_account",
        ("provider", "account"),
        *_texts("provider", "account"),
        _number("key_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        _number("before_until_at", null=True),
        *_numbers("connected_at", "changed_at"),
        _number("ended_at", null=True),
        _number("entry"),
    )
    op.create_index("ix_provider_account_name", "provider_account", ["provider", "account"])
    _make(
        "provider_traffic",
        ("provider", "account"),
        *_texts("provider", "account"),
        _number("accepted"),
        _number("accepted_at", null=True),
        _number("rejected"),
        _number("rejected_at", null=True),
    )


def _make(table: str, key: tuple[str, ...], *parts: Any) -> None:
    """A table of organisations: `key` is what follows the organisation in its key."""
    op.create_table(
        table,
        _number("org_id"),
        *parts,
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f(f"fk_{table}_org_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("org_id", *key, name=op.f(f"pk_{table}")),
    )


def _belongs(table: str, to: str, column: str | None = None) -> sa.ForeignKeyConstraint:
    column = column or f"{to}_id"
    name = op.f(f"fk_{table}_org_id_{column}")
    return sa.ForeignKeyConstraint(["org_id", column], [f"{to}.org_id", f"{to}.id"], name=name, ondelete="RESTRICT")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [_text(name) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [_number(name) for name in names]


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
