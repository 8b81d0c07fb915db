"""Exchanges of meters that technicians note with their phones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy

revision = "0028"
down_revision = "0029"

TABLE = "meter_exchange"
_AT = "CASE WHEN at_ms IS NULL THEN entered_ms ELSE at_ms END"
_OF_IT = "FROM meter_entry WHERE meter_entry.meter_id = meter.id AND meter_entry.kind = 'exchange'"


def upgrade() -> None:
    """Make the table; a meter says how often it was exchanged, and since when it bears its number."""
    op.create_table(
        TABLE,
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.String(), nullable=True),
        sa.Column("start", sa.String(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("log", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("upper_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(length=1), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name=op.f("pk_meter_exchange")),
    )
    op.create_index("ix_meter_exchange_meter_id", TABLE, ["meter_id"])
    op.add_column("meter", sa.Column("numbered_ms", sa.BigInteger(), nullable=True))
    op.add_column("meter", sa.Column("exchanges", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(f"UPDATE meter SET exchanges = (SELECT count(*) {_OF_IT})")
    op.execute(f"UPDATE meter SET numbered_ms = (SELECT max({_AT}) {_OF_IT} AND number IS NOT NULL)")
    if op.get_bind().dialect.name == "postgresql":
        for statement in tenancy.policy(TABLE, "organisation_id"):
            op.execute(statement)


def downgrade() -> None:
    """Forget them."""
    op.drop_column("meter", "exchanges")
    op.drop_column("meter", "numbered_ms")
    op.drop_table(TABLE)
