"""How long spam reports are kept, and which event of the registry one came from"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("spam_report", sa.Column("origin_entry", sa.BigInteger(), nullable=True))
    op.create_index("ix_spam_report_origin_entry", "spam_report", ["org_id", "origin_entry"], unique=True)
    op.create_table(
        "spam_policy",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("keep_years", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_spam_policy_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_spam_policy")),
    )


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
