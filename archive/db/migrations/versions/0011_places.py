"""Locations: a row for each name that numbers have or had, of which nothing else is known"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from archive.core.ids import new_id

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    locations = op.create_table(
        "location",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("name", "street", "city", "region", "postal_code", "country")
        ),
        sa.Column("pstn", sa.Text(), nullable=True),
        sa.Column("main_number", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_location_org_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_location")),
    )
    names = op.create_table(
        "location_name",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "location_id"],
            ["location.org_id", "location.id"],
            name=op.f("fk_location_name_org_id_location_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_location_name_org_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("org_id", "name_key", name=op.f("pk_location_name")),
    )
    connection = op.get_bind()
    for (org_id, key), (name, at) in _spoken_of(connection).items():
        location_id = new_id("loc", datetime.fromtimestamp(at / 1_000_000, UTC))
        connection.execute(sa.insert(locations), _nothing_known(org_id, location_id, name, at))
        connection.execute(sa.insert(names), {"org_id": org_id, "name_key": key, "location_id": location_id})


def _spoken_of(connection: sa.Connection) -> dict[tuple[int, str], tuple[str, int]]:
    """(organisation, name in lower case) → (the name as it is spelled today, since when it is known)."""
    past = connection.execute(sa.text("SELECT org_id, location, changed_at FROM number_change ORDER BY entry")).all()
    today = connection.execute(sa.text("SELECT org_id, location, added_at FROM number ORDER BY added_at, id")).all()
    found: dict[tuple[int, str], tuple[str, int]] = {}
    for org_id, name, at in (*past, *today):
        if name:
            _, since = found.get((org_id, name.casefold()), (name, at))
            found[org_id, name.casefold()] = (name, min(since, at))
    return found


def _nothing_known(org_id: int, location_id: str, name: str, at: int) -> dict[str, Any]:
    empty = dict.fromkeys(("street", "city", "region", "postal_code", "country", "main_number"), "")
    return {**empty, "org_id": org_id, "id": location_id, "name": name, "added_at": at}


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
