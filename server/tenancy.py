"""Whose rows a session may see on PostgreSQL: the second net, below every query's own filter.

Each transaction tells the database for which organisation it works; the policies of its tables let
nothing else through. A session that nobody told sees nothing. Work for the whole installation says
so, with `across` or `enter_installation`, and `tests/edge/test_row_security.py` lists who does.

The setting is local to a transaction, so it cannot stay behind on a pooled connection, and the
session repeats it whenever it begins another one. SQLite has no row security: there it costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

SETTING: Final = "roundsman.organisation"
INSTALLATION: Final = "*"
"""The setting's value that lets every organisation's rows through."""

INSTALLATION_TABLES: Final = {
    "ceremony": "half a log-in: nobody knows yet who it will be",
    "lease": "who does periodic work",
    "throttle": "tries that nobody has logged in for, and what phones use up, under hashed names",
}
"""What belongs to no organisation, and why."""

_TELL = f"SELECT set_config('{SETTING}', %s, true)"
_WHO = "roundsman.tenant"
_NOBODY = ""


def enter(session: Session, organisation: UUID) -> None:
    """Have a session see the rows of one organisation from now on, in this and every later transaction."""
    _become(session, str(organisation))


def enter_installation(session: Session) -> None:
    """Have a session see every row from now on: for periodic work and the command line."""
    _become(session, INSTALLATION)


@contextmanager
def across(session: Session) -> Iterator[None]:
    """Let a session see every row for a few statements: for finding out who is asking."""
    before = session.info.get(_WHO, _NOBODY)
    _become(session, INSTALLATION)
    try:
        yield
    finally:
        _become(session, before)


def open_to_all(connection: Connection) -> None:
    """Have the transaction of a bare connection see every row."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_TELL, (INSTALLATION,))


def policy(table: str, column: str) -> tuple[str, ...]:
    """Return PostgreSQL's statements after which rows of `table` are seen by their organisation alone.

    The setting is read once for a query, not once for a row: hence the sub-selects. The table's
    owner is bound as well.
    """
    setting = f"current_setting('{SETTING}', true)"
    return (
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY "tenant" ON "{table}" USING ('
        f"{column} = (SELECT NULLIF(NULLIF({setting}, ''), '{INSTALLATION}')::uuid)"
        f" OR (SELECT {setting} = '{INSTALLATION}'))",
    )


def _become(session: Session, who: str) -> None:
    session.info[_WHO] = who
    if session.in_transaction() and session.get_bind().dialect.name == "postgresql":
        connection = session.connection()
        if not _is_broken(connection):
            connection.exec_driver_sql(_TELL, (who,))


def _is_broken(connection: Connection) -> bool:
    """Tell whether a statement failed before: only a rollback is left, which undoes the setting too."""
    if connection.invalidated:  # the database went away: what was beneath must not even be asked for
        return True
    raw: Any = connection.connection.driver_connection
    return raw.info.transaction_status.name in ("INERROR", "UNKNOWN")


@event.listens_for(Session, "after_begin")
def _tell(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Tell the database, once for each transaction, for whom it is."""
    who = session.info.get(_WHO, _NOBODY)
    if who and not transaction.nested and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_TELL, (who,))
