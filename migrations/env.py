"""Runs migrations in one transaction of the application's own database, up or down, all or nothing."""

from __future__ import annotations

from alembic import context

from campaigns.storage import models  # noqa: F401  (fills the metadata that autogenerate compares with)
from campaigns.storage.columns import metadata
from campaigns.storage.database import Database, lock

database: Database = context.config.attributes["database"]
with database.transaction() as connection:
    lock(connection, "migrations")  # a second node waits, and then finds the work done
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
