"""What numbers were before: a row for each change, made for those that there are from what the ledger says of them"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changes = op.create_table(
        "number_change",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("number_id", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "number_id"],
            ["number.org_id", "number.id"],
            name=op.f("fk_number_change_org_id_number_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_number_change_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", "number_id", "entry", name=op.f("pk_number_change")),
    )
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT org_id, id, location, label, state, since FROM number")).all()
    for row in rows:
        connection.execute(sa.insert(changes), _history(connection, row))


def _history(connection: sa.Connection, number: Any) -> list[dict[str, Any]]:
    """One row for each entry. Where the ledger knows none (it was lost with a database), one from what it is now."""
    wanted = sa.text(
        "SELECT seq, kind, at, actor, detail FROM ledger_entry WHERE org_id = :org AND subject = :id"
        " AND kind IN ('number.added', 'number.state-changed') ORDER BY seq"
    )
    entries = connection.execute(wanted, {"org": number.org_id, "id": number.id}).all()
    whose = {"org_id": number.org_id, "number_id": number.id, "location": number.location, "label": number.label}
    if not entries:
        since = {"entry": 0, "changed_at": number.since, "changed_by": "operator:migration"}
        return [{**whose, **since, "state": number.state, "reason": ""}]
    return [{**whose, **_change(entry)} for entry in entries]


def _change(entry: Any) -> dict[str, Any]:
    detail = json.loads(entry.detail)
    state = detail["state" if entry.kind == "number.added" else "after"]
    return {"entry": entry.seq, "changed_at": entry.at, "changed_by": entry.actor, "state": state, "reason": ""}


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
