"""How many texts went out for brands on days, by which those beyond their allowance are known"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brand_day",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("texts", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_brand_day_org_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["org_id", "brand_id"],
            ["brand.org_id", "brand.id"],
            name=op.f("fk_brand_day_org_id_brand_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("org_id", "brand_id", "day", name=op.f("pk_brand_day")),
    )


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
