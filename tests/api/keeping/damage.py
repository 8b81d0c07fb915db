"""What somebody with the database's password could do."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

TABLES = ("record", "countersignature", "receipt", "blob", "audit", "feed")


def unguard(session: Session) -> None:
    """Take away the triggers of the tables that only grow, and the foreign keys' watch."""
    if session.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.commit()
        return
    for table in TABLES:
        for name in session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"), {"t": table}
        ).all():
            session.execute(text(f'DROP TRIGGER "{name}"'))
    session.commit()
