"""Spam reports: what waits to be sorted, the register, the texts they may be about, and what was noted"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

REPORT = ("org_id", "report_id"), ("spam_report.org_id", "spam_report.id")


def upgrade() -> None:
    op.create_index("ix_number_e164", "number", ["e164"])
    _what_waits()
    _reports()
    _what_belongs_to_them()


def _what_waits() -> None:
    op.create_table(
        "spam_inbox",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("came_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spam_inbox")),
    )
    op.create_table(
        "spam_dropped",
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "why", name=op.f("pk_spam_dropped")),
    )


def _reports() -> None:
    op.create_table(
        "spam_report",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("own_number", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("party_key", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_since_at", sa.BigInteger(), nullable=True),
        sa.Column("claimed_until_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since_at", sa.BigInteger(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("due_on", sa.BigInteger(), nullable=False),
        sa.Column("fee_tier", sa.Text(), nullable=True),
        sa.Column("serial", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("compared_through", sa.BigInteger(), nullable=True),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_spam_report_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_spam_report")),
        sa.UniqueConstraint("org_id", "entry", name=op.f("uq_spam_report_org_id_entry")),
        sa.UniqueConstraint("org_id", "fingerprint", name=op.f("uq_spam_report_org_id_fingerprint")),
    )
    op.create_index("ix_spam_report_state", "spam_report", ["org_id", "state", "entry"])
    op.create_index("ix_spam_report_due_on", "spam_report", ["org_id", "due_on", "entry"])
    op.create_index("ix_spam_report_own_number", "spam_report", ["org_id", "own_number", "entry"])
    op.create_index("ix_spam_report_compared_through", "spam_report", ["compared_through"])
    op.create_index("ix_spam_report_party_key", "spam_report", ["org_id", "party_key"])


def _what_belongs_to_them() -> None:
    op.create_table(
        "spam_match",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("same_party", sa.Boolean(), nullable=True),
        sa.Column("apart", sa.BigInteger(), nullable=True),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_spam_match_org_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(*REPORT, name=op.f("fk_spam_match_org_id_spam_report"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("org_id", "report_id", "serial", name=op.f("pk_spam_match")),
    )
    op.create_table(
        "spam_note",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_spam_note_org_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(*REPORT, name=op.f("fk_spam_note_org_id_spam_report"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("org_id", "report_id", "entry", name=op.f("pk_spam_note")),
    )


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
