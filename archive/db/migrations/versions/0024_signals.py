"""What has become of texts so far, alerts, pieces of long texts, and what providers call campaigns"""

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
    op.create_table(
        "alert",
        _number("org_id"),
        *(_text("id"), _text("kind"), _text("about"), _number("day")),
        *map(_number, ("opened_at", "last_at", "entry", "through", "count")),
        _text("serials"),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closing", sa.BigInteger(), nullable=True),
        _of_organisation("alert"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_alert")),
        sa.UniqueConstraint("org_id", "kind", "about", "day", name=op.f("uq_alert_org_id_kind_about_day")),
    )
    op.create_index("ix_alert_closed_at", "alert", ["org_id", "closed_at"])
    op.create_table(
        "signal_position",
        _number("org_id"),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        _of_organisation("signal_position"),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_signal_position")),
    )
    op.create_table(
        "text_part",
        _number("org_id"),
        _key("digest"),
        *map(_number, ("whole", "number", "total", "at", "received_at", "entry", "key_id")),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=True),
        _of_organisation("text_part"),
        sa.PrimaryKeyConstraint("org_id", "digest", name=op.f("pk_text_part")),
    )
    op.create_index("ix_text_part_whole", "text_part", ["org_id", "whole"])
    op.create_index("ix_text_part_settled_at", "text_part", ["org_id", "settled_at", "received_at"])
    op.create_table(
        "campaign_name",
        _number("org_id"),
        *map(_text, ("provider", "theirs", "campaign_id")),
        _number("entry"),
        _of_organisation("campaign_name"),
        sa.ForeignKeyConstraint(
            ["org_id", "campaign_id"],
            ["campaign.org_id", "campaign.id"],
            name=op.f("fk_campaign_name_org_id_campaign_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("org_id", "provider", "theirs", name=op.f("pk_campaign_name")),
    )
    op.add_column("registry_event", sa.Column("provider", sa.Text(), server_default="tcr", nullable=False))
    op.add_column("registry_event", sa.Column("theirs", sa.Text(), nullable=True))
    op.add_column("registry_event", sa.Column("said_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_registry_event_theirs", "registry_event", ["org_id", "theirs"])
    op.add_column("opt_out_suspicion", sa.Column("how", sa.Text(), server_default="text", nullable=False))


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
