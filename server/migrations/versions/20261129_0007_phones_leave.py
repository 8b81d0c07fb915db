"""Phones drain, are revoked, wiped and replaced; people have badges."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _columns() -> list[tuple[str, sa.Column[Any]]]:
    return [
        ("device", sa.Column("left_ms", sa.BigInteger(), nullable=True)),
        ("device", sa.Column("wipe_order", sa.Uuid(), nullable=True)),
        ("device", sa.Column("wipe_ms", sa.BigInteger(), nullable=True)),
        ("device", sa.Column("wipe_records", sa.BigInteger(), nullable=False, server_default="0")),
        ("device", sa.Column("wipe_photos", sa.BigInteger(), nullable=False, server_default="0")),
        ("device", sa.Column("wiped_ms", sa.BigInteger(), nullable=True)),
        ("device", sa.Column("replaces", sa.Uuid(), nullable=True)),
        ("enrolment", sa.Column("replaces", sa.Uuid(), nullable=True)),
        ("person", sa.Column("badge_hash", sa.String(length=64), nullable=True)),
        ("person", sa.Column("badge_ms", sa.BigInteger(), nullable=True)),
    ]


def upgrade() -> None:
    """Add the columns. A phone that is in service has none of it."""
    for table, column in _columns():
        op.add_column(table, column)


def downgrade() -> None:
    """Drop them. A phone that is draining is in service again, and a wiped one is revoked."""
    op.execute("UPDATE device SET state = 'active' WHERE state = 'draining'")
    op.execute("UPDATE device SET state = 'revoked' WHERE state = 'wiped'")
    for table, column in reversed(_columns()):
        op.drop_column(table, column.name)
