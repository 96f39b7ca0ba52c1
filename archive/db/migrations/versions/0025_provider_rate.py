"""How much providers send an hour"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("hour", "this_hour", "hour_before"):
        op.add_column("provider_traffic", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("provider_traffic") as table:
        for name in ("hour", "this_hour", "hour_before"):
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    raise NotImplementedError("An archive goes forward only; restore a backup instead.")
