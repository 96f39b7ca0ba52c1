"""Who uses numbers, as the telephone system knows them, and which of them holds and held each number"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_user",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "name", "name_key", "email")),
        sa.Column("location_id", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("primary_number", "extension")),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "location_id"],
            ["location.org_id", "location.id"],
            name=op.f("fk_phone_user_org_id_location_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_phone_user_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_phone_user")),
    )
    for name in ("name_key", "email", "primary_number"):
        op.create_index(f"ix_phone_user_{name}", "phone_user", ["org_id", name])
    for table in ("number", "number_change"):
        op.add_column(table, sa.Column("user_id", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
