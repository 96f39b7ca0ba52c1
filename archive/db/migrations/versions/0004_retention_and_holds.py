"""When a text is looked at next, policies with a scope, matters and holds"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DAY = 86_400 * 1_000_000
FLOOR = 400 * DAY


def upgrade() -> None:
    _messages()
    _policies()
    _holds()


def _messages() -> None:
    op.add_column("message", sa.Column("due_on", sa.BigInteger(), nullable=True))
    op.add_column("message", sa.Column("shredding", sa.BigInteger(), nullable=True))
    op.execute(f"UPDATE message SET due_on = expires_at / {DAY}")  # noqa: S608
    with op.batch_alter_table(
        "message",
        # SQLite makes the table anew for a constraint, and does not tell Alembic of these two.
        table_args=(
            sa.CheckConstraint("expires_at >= received_at + 2592000000000", name=op.f("ck_message_minimum_residency")),
        ),
        table_kwargs={"sqlite_with_rowid": False},
    ) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_message_retention_floor"),
            f"expires_at >= CASE WHEN sent_at < received_at THEN sent_at ELSE received_at END + {FLOOR}",
        )
        batch_op.drop_index("ix_message_expiry")
        batch_op.create_index("ix_message_due_on", ["org_id", "due_on"], unique=False)
        batch_op.create_index("ix_message_key_id", ["org_id", "key_id"], unique=False)


def _policies() -> None:
    with op.batch_alter_table("retention_policy") as batch_op:
        batch_op.add_column(sa.Column("number", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("campaign", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("years", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("existing", sa.Boolean(), nullable=False))
        batch_op.add_column(sa.Column("entry", sa.BigInteger(), nullable=False))
        batch_op.alter_column("days", existing_type=sa.BigInteger(), nullable=True)
        if op.get_context().dialect.name == "postgresql":
            batch_op.drop_constraint(op.f("ck_retention_policy_floor"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_retention_policy_floor"),
            "(days IS NOT NULL AND days >= 400 AND years IS NULL)"
            " OR (years IS NOT NULL AND years >= 2 AND days IS NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_retention_policy_scope"),
            "number IS NULL OR campaign IS NULL",
        )


def _holds() -> None:
    op.create_table(
        "matter",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_matter_org_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_matter")),
    )
    op.create_table(
        "hold",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("matter_id", sa.Text(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "matter_id"],
            ["matter.org_id", "matter.id"],
            name=op.f("fk_hold_org_id_matter_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_hold_org_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_hold")),
    )
    op.create_table(
        "hold_message",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("hold_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "hold_id"],
            ["hold.org_id", "hold.id"],
            name=op.f("fk_hold_message_org_id_hold_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "seq"],
            ["message.org_id", "message.seq"],
            name=op.f("fk_hold_message_org_id_seq"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_hold_message_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", "hold_id", "seq", name=op.f("pk_hold_message")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hold_message", schema=None) as batch_op:
        batch_op.create_index("ix_hold_message_seq", ["org_id", "seq"], unique=False)
    op.create_table(
        "retention_proposal",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("days", sa.BigInteger(), nullable=True),
        sa.Column("years", sa.BigInteger(), nullable=True),
        sa.Column("existing", sa.Boolean(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_retention_proposal_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_retention_proposal")),
    )


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
