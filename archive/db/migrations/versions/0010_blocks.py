"""Hashes in blocks: the tables that find texts by a keyed hash are put in order within blocks of serials"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IN_A_BLOCK = 1 << 17
TABLES = {"message_party": ("party_key", "seq"), "message_identity": ("identity", "seq", "fingerprint")}


def upgrade() -> None:
    for table, columns in TABLES.items():
        if op.get_bind().dialect.name == "sqlite":
            _make_anew(table, columns)
        else:
            _put_in_order(table, columns)


def _make_anew(table: str, columns: tuple[str, ...]) -> None:
    """SQLite keeps these rows in the order of the key, so the table has to be another one."""
    op.rename_table(table, f"{table}_before")
    op.create_table(
        table,
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        *(sa.Column(name, _type(name), nullable=False) for name in columns),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f(f"fk_{table}_org_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("org_id", "block", columns[0], "seq", name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )
    names = ", ".join(columns)
    op.execute(
        f"INSERT INTO {table} (org_id, block, {names}) SELECT org_id, seq / {IN_A_BLOCK}, {names}"  # noqa: S608
        f" FROM {table}_before ORDER BY org_id, seq / {IN_A_BLOCK}, {columns[0]}, seq"
    )
    op.drop_table(f"{table}_before")


def _put_in_order(table: str, columns: tuple[str, ...]) -> None:
    op.add_column(table, sa.Column("block", sa.BigInteger(), nullable=True))
    op.execute(f"UPDATE {table} SET block = seq / {IN_A_BLOCK}")  # noqa: S608
    op.alter_column(table, "block", nullable=False)
    op.drop_constraint(op.f(f"pk_{table}"), table, type_="primary")
    op.create_primary_key(op.f(f"pk_{table}"), table, ["org_id", "block", columns[0], "seq"])


def _type(column: str) -> sa.types.TypeEngine[Any]:
    return sa.LargeBinary() if column == "party_key" else sa.BigInteger()
