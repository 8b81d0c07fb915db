"""Keep the ends of shifts by themselves, so that their order of arrival does not matter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table, and fill it from the records that were applied."""
    op.create_table(
        "shift_end",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("log", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_shift_end_device_id")),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name=op.f("pk_shift_end")),
    )
    op.create_index("ix_shift_end_log", "shift_end", ["log", "seq"], unique=False)
    op.create_index("ix_shift_log", "shift", ["log", "started_seq"], unique=False)
    op.execute(
        "INSERT INTO shift_end (organisation_id, hash, site_id, device_id, log, seq, ended_ms) "
        "SELECT verdict.organisation_id, verdict.hash, verdict.site_id, log.device_id, verdict.log, "
        "verdict.seq, verdict.estimate_ms FROM verdict JOIN log ON log.id = verdict.log "
        "JOIN record ON record.organisation_id = verdict.organisation_id "
        "AND record.ledger_pos = verdict.ledger_pos "
        "WHERE record.type = 'shift.end' AND verdict.outcome = 'applied'"
    )


def downgrade() -> None:
    """Drop it; the shifts keep the ends that they have."""
    op.drop_index("ix_shift_log", "shift")
    op.drop_table("shift_end")
