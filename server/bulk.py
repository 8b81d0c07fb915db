"""Inserts many rows with one statement, for the paths where each row counts.

SQLAlchemy's own insert binds every value of every row in Python. Here SQLite gets the rows as tuples for one
prepared statement, and PostgreSQL all of them as one JSON text that it takes apart itself.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import JSON, Date, LargeBinary, Table, Uuid
from sqlalchemy import Column as TableColumn
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from server.db import Base
from server.direct import connection_of, execute, execute_many

Column = Sequence[Any]

as_uuid = lru_cache(maxsize=8_192)(UUID)
"""Return the UUID of a text: one and the same object for the same text, as long as it is remembered."""


class Bulk:
    """Inserts rows of one table. A row has a value, of Python's types, for every column but computed ones."""

    def __init__(self, model: type[Base], *, rows: type | None = None) -> None:
        """Prepare the statements.

        :param rows: the class of the rows, whose attributes are named as the columns; dictionaries if None
        """
        table = model.__table__
        assert isinstance(table, Table)  # noqa: S101  a model of ours is a table
        dialect: Any = postgresql.dialect
        columns = _given(table)
        names = [column.name for column in columns]
        self._read: Callable[[Any], tuple[Any, ...]] = attrgetter(*names) if rows else itemgetter(*names)
        quoted = ", ".join(f'"{name}"' for name in names)
        into = f"INSERT INTO {table.name} ({quoted}) "
        self._sqlite = f"{into}VALUES ({', '.join('?' * len(names))})"
        self._for_sqlite = _converters(columns, {Uuid: _hex, JSON: _json, Date: _iso})
        self._for_postgres = _converters(columns, {LargeBinary: _base64})
        places = range(len(names))
        types = [column.type for column in columns]
        taken = [f"decode(v{i}, 'base64')" if isinstance(types[i], LargeBinary) else f"v{i}" for i in places]
        typed = [
            f"v{i} " + ("text" if isinstance(kind, LargeBinary) else kind.compile(dialect()))
            for i, kind in enumerate(types)
        ]
        self._postgres = (
            f"{into}SELECT {', '.join(taken)} "  # noqa: S608  names of our own tables
            f"FROM json_to_recordset(%s::json) AS x({', '.join(typed)})"
        )
        self._members = [f"v{i}" for i in places]

    def insert(self, session: Session, rows: Iterable[Any]) -> None:
        """Insert the rows, if there are any, in their order."""
        columns = list(zip(*map(self._read, rows), strict=True))
        if not columns:
            return
        connection = connection_of(session)
        if connection.dialect.name == "sqlite":
            for place, convert in self._for_sqlite:
                columns[place] = convert(columns[place])
            execute_many(connection, self._sqlite, list(zip(*columns, strict=True)))
        else:
            for place, convert in self._for_postgres:
                columns[place] = convert(columns[place])
            members = self._members
            text = msgspec.json.encode(
                [dict(zip(members, row, strict=True)) for row in zip(*columns, strict=True)]
            )
            execute(connection, self._postgres, (text.decode(),))


def _given(table: Table) -> list[TableColumn[Any]]:
    """Return the columns that somebody fills; the others the database keeps itself."""
    return [column for column in table.columns if column.computed is None]


def _converters(
    columns: Sequence[TableColumn[Any]], by_type: dict[type, Callable[[Column], Any]]
) -> list[tuple[int, Callable[[Column], Any]]]:
    return [
        (place, convert)
        for place, column in enumerate(columns)
        for kind, convert in by_type.items()
        if isinstance(column.type, kind)
    ]


def _hex(column: Column) -> Column:
    """Return UUIDs as SQLite keeps them."""
    return _made(column, attrgetter("hex"))


def _iso(column: Column) -> Column:
    """Return days as SQLite keeps them."""
    return [None if value is None else value.isoformat() for value in column]


def _json(column: Column) -> Column:
    return _made(column, lambda value: msgspec.json.encode(value).decode())


def _made(column: Column, convert: Callable[[Any], Any]) -> Column:
    """Return a column converted, None left as it is; rows of a batch mostly share the same objects."""
    made: dict[int, Any] = {id(None): None}
    for value in column:
        if id(value) not in made:
            made[id(value)] = convert(value)
    return [made[id(value)] for value in column]


def _base64(column: Column) -> Column:
    return [None if value is None else b64encode(value).decode() for value in column]
