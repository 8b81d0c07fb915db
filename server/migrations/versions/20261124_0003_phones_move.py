"""Let phones move between sites, and let the feed forget below a horizon.

Every phone that is known gets the row of the site for which it works, from the moment it joined.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

HORIZON = '(SELECT horizon FROM "feed_head" WHERE organisation_id = OLD.organisation_id)'

UP = {
    "sqlite": [
        'DROP TRIGGER "feed_no_delete"',
        f'CREATE TRIGGER "feed_no_delete" BEFORE DELETE ON "feed" FOR EACH ROW WHEN OLD.pos >= COALESCE({HORIZON}, 0) BEGIN SELECT RAISE(ABORT, \'feed keeps every row from its horizon on\'); END',
    ],
    "postgresql": [
        'DROP TRIGGER "feed_insert_only" ON "feed"',
        'CREATE TRIGGER "feed_insert_only" BEFORE UPDATE ON "feed" FOR EACH ROW EXECUTE FUNCTION roundsman_insert_only()',
        f"CREATE OR REPLACE FUNCTION roundsman_above_horizon() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.pos >= COALESCE({HORIZON}, 0) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'feed keeps every row from its horizon on'; END IF; RETURN OLD; END $$",
        'CREATE TRIGGER "feed_above_horizon" BEFORE DELETE ON "feed" FOR EACH ROW EXECUTE FUNCTION roundsman_above_horizon()',
    ],
}

DOWN = {
    "sqlite": [
        'DROP TRIGGER "feed_no_delete"',
        'CREATE TRIGGER "feed_no_delete" BEFORE DELETE ON "feed" FOR EACH ROW BEGIN SELECT RAISE(ABORT, \'feed is insert-only\'); END',
    ],
    "postgresql": [
        'DROP TRIGGER "feed_above_horizon" ON "feed"',
        "DROP FUNCTION roundsman_above_horizon()",
        'DROP TRIGGER "feed_insert_only" ON "feed"',
        'CREATE TRIGGER "feed_insert_only" BEFORE UPDATE OR DELETE ON "feed" FOR EACH ROW EXECUTE FUNCTION roundsman_insert_only()',
    ],
}


def upgrade() -> None:
    """Make the table and fill it, then the horizon and its trigger."""
    op.create_table(
        "device_site",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_site_device_id")),
        sa.PrimaryKeyConstraint("device_id", "number", name=op.f("pk_device_site")),
    )
    op.create_index("ix_device_site_open", "device_site", ["device_id", "until_ms"], unique=False)
    op.create_index(op.f("ix_device_site_site_id"), "device_site", ["site_id"], unique=False)
    op.execute(
        "INSERT INTO device_site (device_id, number, organisation_id, site_id, from_ms) "
        "SELECT id, 1, organisation_id, site_id, made_ms FROM device"
    )
    op.add_column("feed_head", sa.Column("horizon", sa.BigInteger(), nullable=False, server_default="0"))
    for statement in UP[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Undo it: phones keep the site of now and lose those before; what the feed forgot stays forgotten."""
    for statement in DOWN[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_column("feed_head", "horizon")
    op.drop_index(op.f("ix_device_site_site_id"), table_name="device_site")
    op.drop_index("ix_device_site_open", table_name="device_site")
    op.drop_table("device_site")
