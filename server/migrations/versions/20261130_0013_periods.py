"""Periods that are closed, how a site closes them, and the tallies that make reports quick."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.feed import ddl
from server.rounds import triggers

revision = "0013"
down_revision = "0012"

SETTING = "current_setting('roundsman.organisation', true)"
JUDGED_BY = ("visit", "skip", "skip_decision")
"""What an occurrence is judged by, beside its own row."""

TABLES = ("round_change", "tally", "reporting", "closing")


def upgrade() -> None:
    """Make the tables, count the changes of visits from now on, and close what is closed to changes."""
    op.create_table(
        "round_change",
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_round_change")),
    )
    op.create_table(
        "tally",
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("rules", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("to_ms", sa.BigInteger(), nullable=False),
        sa.Column("grace_ms", sa.BigInteger(), nullable=False),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_tally")),
    )
    op.create_table(
        "reporting",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("close_after_days", sa.BigInteger(), nullable=False),
        sa.Column("closes_itself", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_reporting_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_reporting")),
    )
    op.create_table(
        "closing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("to_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("received_ms", sa.BigInteger(), nullable=True),
        sa.Column("received_pos", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("footnotes", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_closing_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
        sa.UniqueConstraint("site_id", "period", "revision", name=op.f("uq_closing_site_id_period_revision")),
    )
    op.create_index("ix_closing_site_id_to_ms", "closing", ["site_id", "to_ms"])
    dialect = op.get_bind().dialect.name
    counted = [triggers.counted(table, "round_change") for table in JUDGED_BY]
    for guard in (ddl.insert_only("closing"), *counted):
        for statement in guard[dialect]:
            op.execute(statement)
    if dialect == "postgresql":
        for table in TABLES:
            op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
            op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
            op.execute(
                f'CREATE POLICY "tenant" ON "{table}" USING ('
                f"organisation_id = (SELECT NULLIF(NULLIF({SETTING}, ''), '*')::uuid) "
                f"OR (SELECT {SETTING} = '*'))"
            )


def downgrade() -> None:
    """Take the tables away: closed figures are lost, tallies are only judged again."""
    if op.get_bind().dialect.name == "postgresql":
        for table in JUDGED_BY:
            op.execute(f'DROP TRIGGER "{table}_counts" ON "{table}"')
        op.execute(f"DROP FUNCTION {triggers.COUNTED}()")
    else:
        for table in JUDGED_BY:
            for verb in ("insert", "update", "delete"):
                op.execute(f'DROP TRIGGER "{table}_counts_{verb}"')
    for table in reversed(TABLES):
        op.drop_table(table)
