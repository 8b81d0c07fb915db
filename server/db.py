"""The database: the base class of all models, our column types, and how a connection is set up.

SQLite and PostgreSQL are equals. A transaction that may write starts with `BEGIN IMMEDIATE` on
SQLite, so that two writers queue instead of failing half-way; a request that only reads says so
with `reading()`.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    LargeBinary,
    MetaData,
    Uuid,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from server.waiting import InLine, Line

log = logging.getLogger(__name__)

Piece = TypeVar("Piece", str, bytes)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a datetime without a time zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store the moment as naive UTC, which every database keeps alike."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored moment back as an aware datetime."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """What every model shares: named constraints and our column types.

    `int` columns are 64 bits wide: they hold ms, positions and counts alike.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        UUID: Uuid,
        int: BigInteger,
        bytes: LargeBinary,
    }


db = SQLAlchemy(metadata=Base.metadata)


class UnsafeDatabase(RuntimeError):
    """The database may forget what it has acknowledged; the server does not start on it."""


def end_sessions_quietly(app: Flask) -> None:
    """Have a request keep its answer when the database goes away between answer and end.

    Call it after `db.init_app`, whose own clearing up runs later and would raise: an answer that was
    ready would become a 500 without a word.
    """

    @app.teardown_appcontext
    def end(_error: BaseException | None) -> None:
        try:
            db.session.remove()
        except DBAPIError as error:
            log.warning("the database went away while a request ended: %r", error)
            db.session.registry.clear()


def reading() -> None:
    """Declare that the request in hand only reads: on SQLite it then waits for no writer.

    Must be called before the session's first statement.
    """
    db.session.connection(execution_options={"deferred": True})


def streamed(session: Session, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield what is read while the answer goes out, and end the session with it.

    The request's own end comes before its answer has gone out. Without this a session begins anew
    then, as a writer, and nobody ends it: everybody else waits until it is collected as garbage.
    """
    session.connection(execution_options={"deferred": True})
    try:
        yield from pieces
    finally:
        session.close()


def set_up_engine(engine: Engine) -> None:
    """Make every connection of `engine` durable and every transaction start the right way."""
    if engine.dialect.name != "sqlite":
        return
    line = Line()

    @event.listens_for(engine, "do_connect")
    def wait_in_line(_dialect: object, _record: object, _cargs: object, cparams: dict[str, Any]) -> None:
        cparams["factory"] = InLine

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.line = line
        connection.isolation_level = None  # the driver starts no transaction of its own
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",  # else INSERT OR REPLACE passes a delete trigger
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("deferred", False):
            connection.exec_driver_sql("BEGIN")
            return
        try:
            connection.connection.dbapi_connection.begin_to_write()
        except sqlite3.OperationalError as error:
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error


def passes_row_security(engine: Engine) -> bool:
    """Tell whether PostgreSQL's second net does not hold this role: a superuser, or one with `BYPASSRLS`."""
    if engine.dialect.name != "postgresql":
        return False
    with engine.connect() as connection:
        query = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return bool(connection.scalar(query))


def check_durability(engine: Engine) -> None:
    """Raise `UnsafeDatabase` unless a commit survives a power cut by the database's own settings."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            mode = connection.scalar(text("PRAGMA journal_mode"))
            level = connection.scalar(text("PRAGMA synchronous"))
            if str(mode) != "wal" or int(level or 0) < 2:
                raise UnsafeDatabase(f"SQLite journal_mode={mode}, synchronous={level}")
        else:
            for name in ("fsync", "full_page_writes"):
                if connection.scalar(text(f"SHOW {name}")) != "on":
                    raise UnsafeDatabase(f"PostgreSQL {name} is off")
            if connection.scalar(text("SHOW synchronous_commit")) == "off":
                raise UnsafeDatabase("PostgreSQL synchronous_commit is off")
