"""Bringing the database to the tables that this release needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from server.config import Settings
from server.db import set_up_engine
from server.tenancy import open_to_all

HERE = Path(__file__).resolve().parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def is_current(connection: Connection) -> bool:
    """Tell whether every migration of this release has run."""
    here = MigrationContext.configure(connection).get_current_revision()
    return here == ScriptDirectory.from_config(_config()).get_current_head()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to `revision` in one transaction."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # A table that is rebuilt must not cascade its children away
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        open_to_all(connection)
        command.upgrade(_config(connection), revision)
        connection.commit()
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Undo migrations down to `revision`; what each one loses stands in its docstring."""
    with engine.connect() as connection:
        open_to_all(connection)
        command.downgrade(_config(connection), revision)
        connection.commit()


@contextmanager
def as_owner(settings: Settings) -> Iterator[Engine]:
    """Lend an engine that may make and alter tables: the owner's where the settings name one.

    Afterwards the role under which the server works may use every table as it is meant to.
    """
    engine = create_engine(settings.owner_url or settings.database_url, poolclass=NullPool)
    set_up_engine(engine)
    try:
        yield engine
        if settings.owner_url is not None:
            grant(engine, role=make_url(settings.database_url).username or "")
    finally:
        engine.dispose()


def grant(engine: Engine, *, role: str) -> None:
    """Let `role` use every table of PostgreSQL, but for what the tables' own triggers refuse anyway."""
    with engine.begin() as connection:
        quoted = connection.dialect.identifier_preparer.quote(role)
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {quoted}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
            f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {quoted}",
        ):
            connection.exec_driver_sql(statement)
        for table, updates, deletes in connection.execute(text(_REFUSED)).all():
            verbs = [verb for verb, refused in (("UPDATE", updates), ("DELETE", deletes)) if refused]
            connection.exec_driver_sql(f'REVOKE {", ".join(verbs)} ON "{table}" FROM {quoted}')


_REFUSED = """
SELECT c.relname, bool_or(t.tgtype & 16 <> 0), bool_or(t.tgtype & 8 <> 0)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE p.proname = 'roundsman_insert_only' AND t.tgtype & 1 <> 0 GROUP BY c.relname ORDER BY c.relname
"""
"""Tables whose triggers refuse, row by row, every UPDATE (bit 16) or DELETE (bit 8)."""
