"""What administrators said about the organisation's eligibility for business texting"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "eligibility",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("add_on", sa.Boolean(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("calling_plan", sa.Text(), nullable=True),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_eligibility_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_eligibility")),
    )


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
