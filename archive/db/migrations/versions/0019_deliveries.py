"""Deliveries: what providers say became of texts"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE = "delivery"


def upgrade() -> None:
    op.create_table(
        TABLE,
        _number("org_id"),
        sa.Column("digest", sa.BigInteger(), autoincrement=False, nullable=False),
        *(_number("entry"), _number("identity"), sa.Column("message", sa.BigInteger(), nullable=True)),
        *(_number("place"), _text("status"), _text("provider"), _text("account"), _text("provider_id")),
        *(_number("noted_at"), _number("expires_at")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f(f"fk_{TABLE}_org_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["org_id", "message"],
            ["message.org_id", "message.seq"],
            name=op.f(f"fk_{TABLE}_org_id_message"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("org_id", "digest", name=op.f(f"pk_{TABLE}")),
    )
    for column in ("identity", "message"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, ["org_id", column])


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
