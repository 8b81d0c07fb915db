"""Statements that go straight to the driver, for the paths where each microsecond counts.

SQLAlchemy writes a statement once for each dialect; then the driver's own cursor runs it, within the
session's transaction. What SQLAlchemy adds to every execution is several times what the short statements of
a push cost the database. Errors are SQLAlchemy's, so that whoever handles them need not know of this.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Dialect, Executable, String, TypeDecorator, Uuid, bindparam, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

Convert = Callable[[Any], Any]
Bound = Mapping[str, Any]


class Direct:
    """A statement whose values are bound by name. One that reads gives rows named as its columns."""

    def __init__(self, statement: Executable) -> None:
        """Take a statement; its parameters have names, and types where the columns do not tell them.

        A list of values is one value: see `listed`.
        """
        self._statement = statement
        self._written: dict[str, _Written] = {}

    def rows(self, session: Session, bound: Bound) -> list[Any]:
        """Return the rows that the statement finds, as named tuples."""
        connection = connection_of(session)
        written = self._for(connection.dialect)
        return written.read(fetch(connection, written.text, written.values(bound)))

    def row(self, session: Session, bound: Bound) -> Any:
        """Return the only row of a statement that finds one at most, or None."""
        rows = self.rows(session, bound)
        return rows[0] if rows else None

    def run(self, session: Session, bound: Bound) -> None:
        """Run a statement that writes."""
        connection = connection_of(session)
        written = self._for(connection.dialect)
        execute(connection, written.text, written.values(bound))

    def run_many(self, session: Session, each: Iterable[Bound]) -> None:
        """Run a statement that writes once for each of the given values."""
        connection = connection_of(session)
        written = self._for(connection.dialect)
        execute_many(connection, written.text, [written.values(bound) for bound in each])

    def _for(self, dialect: Dialect) -> _Written:
        if dialect.name not in self._written:
            self._written[dialect.name] = _write(self._statement, dialect)
        return self._written[dialect.name]


@dataclass(frozen=True, slots=True)
class _Written:
    """A statement in the words of one dialect."""

    text: str
    binds: Sequence[tuple[str, Convert | None]]
    """Names and converters of the values, in the order of the text."""
    constants: Bound
    """Values that stand in the statement itself."""
    by_name: bool
    """Whether the driver wants the values by their names."""
    row: Callable[[Iterable[Any]], Any]
    columns: Sequence[tuple[int, Convert]]
    """The places of columns whose values are to be converted."""

    def values(self, bound: Bound) -> Any:
        """Return the values as the driver wants them.

        :raises KeyError: one is missing
        """
        found = []
        for name, convert in self.binds:
            value = bound[name] if name in bound else self.constants[name]
            found.append(value if convert is None else convert(value))
        return dict(zip((name for name, _ in self.binds), found, strict=True)) if self.by_name else found

    def read(self, rows: Iterable[Sequence[Any]]) -> list[Any]:
        """Return rows of the driver with the values that the columns stand for."""
        if not self.columns:
            return [self.row(row) for row in rows]
        read = []
        for row in rows:
            values = list(row)
            for place, convert in self.columns:
                values[place] = convert(values[place])
            read.append(self.row(values))
        return read


def _write(statement: Executable, dialect: Dialect) -> _Written:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)  # noqa: S101  what else could it be
    by_name = compiled.positiontup is None
    names = list(compiled.binds) if compiled.positiontup is None else compiled.positiontup
    types = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    columns = _columns(statement)
    converters = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    row = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]
    return _Written(
        text=str(compiled),
        binds=[(name, types[name].bind_processor(dialect)) for name in names],
        constants={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
        by_name=by_name,
        row=row._make,
        columns=[(place, convert) for place, convert in enumerate(converters) if convert is not None],
    )


def _columns(statement: Executable) -> list[Any]:
    """Return what a statement reads: what it selects, or what it returns of the rows that it writes."""
    columns = getattr(statement, "selected_columns", None) or getattr(statement, "exported_columns", None)
    return list(columns or ())


# -- lists -----------------------------------------------------------------------------


class _Collection(TypeDecorator[Any]):
    """Texts or UUIDs, bound together as one JSON array."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Iterable[str | UUID] | None, dialect: Dialect) -> str:  # noqa: ARG002
        """Return the JSON text; UUIDs in the form in which SQLite keeps them."""
        return msgspec.json.encode(
            [one.hex if isinstance(one, UUID) else one for one in value or ()]
        ).decode()


class listed(FunctionElement[Any]):  # noqa: N801  stands in statements as functions do
    """The members of a collection that is bound as one value: ``column.op("IN")(listed("hashes"))``.

    SQLAlchemy's own list binds, and writes into the statement, every value by itself.
    """

    inherit_cache = True

    def __init__(self, name: str, type_: String | Uuid[Any] | None = None) -> None:
        """Take the parameter's name and the type of the members, texts if None."""
        super().__init__(bindparam(name, type_=_Collection()))
        self.type = type_ or String()


@compiles(listed, "sqlite")
def _listed_sqlite(element: listed, compiler: Any, **kw: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **kw)}))"  # noqa: S608


@compiles(listed, "postgresql")
def _listed_postgresql(element: listed, compiler: Any, **kw: Any) -> str:
    kind = "uuid" if isinstance(element.type, Uuid) else "text"
    array = f"CAST({compiler.process(element.clauses, **kw)} AS json)"
    return f"(SELECT CAST(json_array_elements_text({array}) AS {kind}))"


# -- the driver ------------------------------------------------------------------------

_AT_HAND = "roundsman.connection"


def connection_of(session: Session) -> Connection:
    """Return the connection of the session's transaction, which begins if there is none.

    It is remembered while the transaction lasts: to ask the session costs more than most statements.
    """
    connection: Connection | None = session.info.get(_AT_HAND)
    return session.connection() if connection is None else connection


@event.listens_for(Session, "after_begin")
def _begun(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    session.info[_AT_HAND] = connection


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_AT_HAND, None)


def fetch(connection: Connection, text: str, values: Any) -> Sequence[Sequence[Any]]:
    """Run a statement in the driver's words; return the rows that it gives.

    :raises DBAPIError: as SQLAlchemy says what the driver says
    """
    try:
        cursor = connection.connection.cursor()
        cursor.execute(text, values)
        return cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, error, text) from error


def execute(connection: Connection, text: str, values: Any) -> None:
    """Run a statement in the driver's words that gives no rows.

    :raises DBAPIError: as SQLAlchemy says what the driver says
    """
    try:
        connection.connection.cursor().execute(text, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, error, text) from error


def execute_many(connection: Connection, text: str, each: Sequence[Any]) -> None:
    """Run a statement in the driver's words for each of the values.

    :raises DBAPIError: as SQLAlchemy says what the driver says
    """
    try:
        connection.connection.cursor().executemany(text, each)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, error, text) from error


def _told(connection: Connection, error: Exception, text: str) -> BaseException:
    """Return the driver's error as SQLAlchemy tells it; give up a connection that was lost, and its like."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
    told = DBAPIError.instance(
        text, None, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
    )
    if lost:
        connection.invalidate(error)
        connection.engine.dispose()
    return told
