"""Completeness: what providers counted, what is here, and the gaps between the two"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CELL = ("day", "provider", "account", "number", "direction")


def upgrade() -> None:
    _create("provider_count", CELL, *_cell(), _number("texts"), _number("entry"), _number("said_at"))
    counted = (_number("arrived"), _number("repeated"), _number("touched"))
    _create("completeness_count", ("block", *CELL), _key_number("block"), *_cell(), *counted)
    progress = (_number("counted"), _number("compared"), _number("block"), _number("looked_at", nullable=True))
    _create("completeness_progress", (), *progress)
    _create("completeness_gap", ("id",), *_gap())
    for table in ("completeness_count", "completeness_gap"):
        op.create_index(f"ix_{table}_day", table, ["org_id", "day"])


def _cell() -> tuple[sa.Column[Any], ...]:
    return _number("day"), _text("provider"), _text("account"), _text("number"), _text("direction")


def _gap() -> tuple[sa.Column[Any], ...]:
    return (
        *(_text("id"), _text("cause"), *_cell(), _number("block", nullable=True)),
        *(_number("expected"), _number("stored"), _number("indexed"), _number("missing"), _text("serials")),
        *(_number("opened_at"), _number("entry"), _number("closed_at", nullable=True)),
        *(_text("closed_because", nullable=True), _number("acknowledged_at", nullable=True)),
        *(_text("acknowledged_by", nullable=True), _number("acknowledged_missing", nullable=True)),
    )


def _create(name: str, key: tuple[str, ...], *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        _number("org_id"),
        *columns,
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f(f"fk_{name}_org_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("org_id", *key, name=op.f(f"pk_{name}")),
    )


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _key_number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
