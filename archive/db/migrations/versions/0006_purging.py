"""Purge batches, the switch that stops purging, and quarantined items on their way out"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purge_batch",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("plan_entry", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.BigInteger(), nullable=False),
        sa.Column("texts", sa.BigInteger(), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("longer", sa.BigInteger(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("serials", sa.LargeBinary(), nullable=False),
        sa.Column("trips", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved", sa.Text(), nullable=True),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.Column("begun_entry", sa.BigInteger(), nullable=True),
        sa.Column("destroyed", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_items", sa.BigInteger(), nullable=True),
        sa.Column("stays", sa.LargeBinary(), nullable=True),
        sa.Column("kept", sa.Text(), nullable=True),
        sa.Column("keys", sa.Text(), nullable=True),
        sa.Column("needles", sa.LargeBinary(), nullable=True),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("certified_at", sa.BigInteger(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_purge_batch_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_purge_batch")),
    )
    with op.batch_alter_table("purge_batch", schema=None) as batch_op:
        batch_op.create_index("ix_purge_batch_day", ["org_id", "day"], unique=False)
    op.create_table(
        "purge_stop",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=False),
        sa.Column("stopped_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_purge_stop_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_purge_stop")),
    )
    op.create_table(
        "purge_stop_everywhere",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=False),
        sa.Column("stopped_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_purge_stop_everywhere")),
    )
    op.add_column("quarantine_item", sa.Column("shredding", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
