"""What Alembic runs: our migrations on the connection that `upgrade` hands over, inside its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()
