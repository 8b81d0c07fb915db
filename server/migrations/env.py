"""Alembic's entry: runs the migrations on the connection that `server.migrate` opened."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from server import models  # noqa: F401  every table, for the comparison with the database
from server.db import Base

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=False)
with context.begin_transaction():
    context.run_migrations()
