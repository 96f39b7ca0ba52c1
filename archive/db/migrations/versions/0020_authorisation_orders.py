"""Orders by which numbers were authorised, and what somebody is about to order"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authorisation_draft",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["person.org_id", "person.id"],
            name=op.f("fk_authorisation_draft_org_id_person_id"),
            ondelete="RESTRICT",
        ),
        _of_organisation("authorisation_draft"),
        sa.PrimaryKeyConstraint("org_id", "person_id", name=op.f("pk_authorisation_draft")),
    )
    op.create_table(
        "authorisation_order",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=True),
        _of_organisation("authorisation_order"),
        sa.PrimaryKeyConstraint("org_id", "number", name=op.f("pk_authorisation_order")),
        sa.UniqueConstraint("org_id", "draft", name=op.f("uq_authorisation_order_org_id_draft")),
    )
    op.create_table(
        "authorisation_order_number",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("order_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number_id", sa.Text(), nullable=False),
        sa.Column("by_letter", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "order_number"],
            ["authorisation_order.org_id", "authorisation_order.number"],
            name=op.f("fk_authorisation_order_number_org_id_order_number"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "number_id"],
            ["number.org_id", "number.id"],
            name=op.f("fk_authorisation_order_number_org_id_number_id"),
            ondelete="RESTRICT",
        ),
        _of_organisation("authorisation_order_number"),
        sa.PrimaryKeyConstraint("org_id", "order_number", "number_id", name=op.f("pk_authorisation_order_number")),
    )


def _of_organisation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["org_id"], ["organisation.id"], name=op.f(f"fk_{table}_org_id"), ondelete="RESTRICT"
    )


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
