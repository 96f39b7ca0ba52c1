"""Sieves: what a full block of identities holds, so that a batch need not look into it. Made as texts come in"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "message_identity_sieve"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sieve", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f(f"fk_{TABLE}_org_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("org_id", "block", name=op.f(f"pk_{TABLE}")),
    )


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
