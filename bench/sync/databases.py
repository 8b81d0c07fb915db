"""A database for one measurement, durable as in the field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """Lend a database; gives its SQLAlchemy URL. PostgreSQL is started from its wheel, with fsync on."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'ours.db'}"
        return
    from tests.postgres import cluster

    with cluster(durable=True) as postgres, postgres.database() as url:
        yield url
