"""What has become of texts so far"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

OUTCOME = "delivery_outcome"
COLUMNS = ("org_id", "message", "place", "status", "category", "at")
FINAL = ("delivered", "undelivered", "blocked", "failed")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

REPORTS = sa.text(
    "SELECT d.org_id, d.message, d.entry, e.at AS noted_at, e.detail, COALESCE(m.sent_at, m.received_at) AS moment"
    " FROM delivery d JOIN ledger_entry e ON e.org_id = d.org_id AND e.seq = d.entry"
    " JOIN message m ON m.org_id = d.org_id AND m.seq = d.message"
)


def upgrade() -> None:
    op.create_table(
        OUTCOME,
        _number("org_id"),
        *(_key("message"), _key("place"), _text("status"), sa.Column("category", sa.Text(), nullable=True)),
        _number("at"),
        _of_organisation(OUTCOME),
        sa.ForeignKeyConstraint(
            ["org_id", "message"],
            ["message.org_id", "message.seq"],
            name=op.f(f"fk_{OUTCOME}_org_id_message"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("org_id", "message", "place", name=op.f(f"pk_{OUTCOME}")),
    )
    op.create_index(f"ix_{OUTCOME}_status", OUTCOME, ["org_id", "status", "at"])
    _reckon()


def _reckon() -> None:
    """Of texts on which there are reports already: what each says is in its ledger entry."""
    last: dict[tuple[int, int, int], tuple[Any, ...]] = {}
    for row in op.get_bind().execute(REPORTS):
        said = json.loads(row.detail)
        place = row.org_id, row.message, said["to"]
        last[place] = max(
            last.get(place, ((),)), (_weight(said, row), said["status"], said.get("category"), row.moment)
        )
    if last:
        table = sa.table(OUTCOME, *map(sa.column, COLUMNS))
        op.bulk_insert(table, [dict(zip(COLUMNS, (*place, *of[1:]), strict=True)) for place, of in last.items()])


def _weight(said: dict[str, Any], row: Any) -> tuple[Any, ...]:
    """The last word, or how far it has got; of these the later."""
    at = datetime.fromisoformat(said["at"]) - EPOCH if said.get("at") else None
    moment = row.noted_at if at is None else at // timedelta(microseconds=1)
    return said["status"] in FINAL, said["status"] == "sent", moment, row.entry


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _of_organisation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["org_id"], ["organisation.id"], name=op.f(f"fk_{table}_org_id"), ondelete="RESTRICT"
    )


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
