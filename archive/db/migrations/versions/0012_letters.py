"""Letters of Authorization, and which of them a number's authorisation rested on at any moment"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("wording", sa.BigInteger(), nullable=True),
        sa.Column("text_sha256", sa.Text(), nullable=True),
        sa.Column("pdf_sha256", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("last_day", sa.BigInteger(), nullable=True),
        sa.Column("supersedes", sa.Text(), nullable=True),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_letter_org_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_letter")),
    )
    op.create_table(
        "letter_number",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("number_id", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "number_id"],
            ["number.org_id", "number.id"],
            name=op.f("fk_letter_number_org_id_number_id"),
            ondelete="RESTRICT",
        ),
        *_of_a_letter("letter_number"),
        sa.PrimaryKeyConstraint("org_id", "number_id", "letter_id", name=op.f("pk_letter_number")),
    )
    op.create_table(
        "letter_paper",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        *_of_a_letter("letter_paper"),
        sa.PrimaryKeyConstraint("org_id", "letter_id", "part", name=op.f("pk_letter_paper")),
    )
    op.create_table(
        "letter_ending",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("superseded_by", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *_of_a_letter("letter_ending"),
        sa.PrimaryKeyConstraint("org_id", "letter_id", "how", name=op.f("pk_letter_ending")),
    )
    op.create_table(
        "letter_policy",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_days", sa.BigInteger(), nullable=True),
        sa.Column("keep_years", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_letter_policy_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_letter_policy")),
    )
    for table in ("number", "number_change"):
        op.add_column(table, sa.Column("letter", sa.Text(), nullable=True))


def _of_a_letter(table: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f(f"fk_{table}_org_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["org_id", "letter_id"],
            ["letter.org_id", "letter.id"],
            name=op.f(f"fk_{table}_org_id_letter_id"),
            ondelete="RESTRICT",
        ),
    )


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
