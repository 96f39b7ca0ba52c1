"""What Alembic runs. The connection, its transaction and its lock come from `migrate`."""

from alembic import context

config = context.config
context.configure(
    connection=config.attributes["connection"], target_metadata=config.attributes["schema"], render_as_batch=True
)
context.run_migrations()
