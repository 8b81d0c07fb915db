"""Have PostgreSQL show the rows of one organisation to whoever works for it, and to nobody else.

Every table that has come so far and names an organisation is covered; a later migration covers its
own tables. SQLite has no row security.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

SETTING = "current_setting('roundsman.organisation', true)"


def upgrade() -> None:
    """Enable row security, for the owner of the tables as well, and say who sees what; a photo may be none."""
    op.add_column("blob", sa.Column("unreadable", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    for table, columns in _tables(connection).items():
        column = "id" if table == "organisation" else "organisation_id"
        if column not in columns:
            continue
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        op.execute(
            f'CREATE POLICY "tenant" ON "{table}" USING ('
            f"{column} = (SELECT NULLIF(NULLIF({SETTING}, ''), '*')::uuid) OR (SELECT {SETTING} = '*'))"
        )


def downgrade() -> None:
    """Let every query of the application's role see every row again; forget which photos are none."""
    op.drop_column("blob", "unreadable")
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    for table in connection.scalars(
        sa.text("SELECT tablename FROM pg_policies WHERE schemaname = current_schema()")
    ).all():
        op.execute(f'DROP POLICY "tenant" ON "{table}"')
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


def _tables(connection: sa.Connection) -> dict[str, set[str]]:
    """Return the columns of each table as it stands now."""
    there = sa.inspect(connection)
    return {
        name: {column["name"] for column in there.get_columns(name)}
        for name in sorted(there.get_table_names())
    }
