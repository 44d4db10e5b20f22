"""What Alembic runs: it brings the database behind the given connection to the wanted version."""

from __future__ import annotations

from alembic import context

from server.store.tables import Table

# The caller has begun the transaction and commits it: all versions are applied, or none.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    transactional_ddl=True,
    render_as_batch=True,  # SQLite alters a table by copying it
)
context.run_migrations()
