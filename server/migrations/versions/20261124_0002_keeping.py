"""Let a record have its turn when a good signature comes later; say what backups cover and where a history began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TRIGGERS = {
    "sqlite": [
        'CREATE TRIGGER "countersignature_no_update" BEFORE UPDATE ON "countersignature" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'countersignature is insert-only\'); END',
        'CREATE TRIGGER "countersignature_no_delete" BEFORE DELETE ON "countersignature" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'countersignature is insert-only\'); END',
    ],
    "postgresql": [
        'CREATE TRIGGER "countersignature_insert_only" BEFORE UPDATE OR DELETE ON "countersignature" FOR EACH ROW EXECUTE FUNCTION roundsman_insert_only()',
        'CREATE TRIGGER "countersignature_no_truncate" BEFORE TRUNCATE ON "countersignature" FOR EACH STATEMENT EXECUTE FUNCTION roundsman_insert_only()',
    ],
}


def upgrade() -> None:
    """Make the table and its triggers, and the columns of logs and epochs."""
    op.create_table(
        "countersignature",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("sig", sa.String(), nullable=False),
        sa.Column("alg", sa.String(length=16), nullable=False),
        sa.Column("sig_prev", sa.String(), nullable=True),
        sa.Column("sent_by", sa.String(length=26), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name=op.f("pk_countersignature")),
    )
    op.add_column("log", sa.Column("archived_seq", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("epoch", sa.Column("cluster", sa.String(length=80), nullable=True))
    op.add_column("epoch", sa.Column("since_ms", sa.BigInteger(), nullable=True))
    op.add_column("epoch", sa.Column("why", sa.String(length=20), nullable=True))
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop them: later signatures are lost, and phones keep everything again until the next backup."""
    op.drop_column("epoch", "why")
    op.drop_column("epoch", "since_ms")
    op.drop_column("epoch", "cluster")
    op.drop_column("log", "archived_seq")
    op.drop_table("countersignature")
