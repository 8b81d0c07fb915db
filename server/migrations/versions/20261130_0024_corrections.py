"""What was told of rounds, who took note of a correction, and how far rounds are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy
from server.feed import ddl

revision = "0024"
down_revision = "0023"

NEW = ("round_report", "report_seen", "progress")
MOVED, FURTHER, WAITS = (sa.text(one) for one in ("changes <> looked", "number > 1", "state = 'unheard'"))


def upgrade() -> None:
    """Make the tables. Of rounds that are over by now nothing is said to have been told."""
    op.add_column("round_change", sa.Column("looked", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE round_change SET looked = changes")
    op.create_index(
        "ix_round_change_moved", "round_change", ["site_id"], sqlite_where=MOVED, postgresql_where=MOVED
    )
    op.create_table(
        "round_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_round_report_site_id")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_round_report_occurrence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_report")),
        sa.UniqueConstraint("occurrence_id", "number", name=op.f("uq_round_report_occurrence_id_number")),
    )
    op.create_index(
        "ix_round_report_further",
        "round_report",
        ["site_id", "at_ms"],
        sqlite_where=FURTHER,
        postgresql_where=FURTHER,
    )
    op.create_index(
        "ix_round_report_waits", "round_report", ["site_id"], sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_table(
        "report_seen",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["round_report.id"], name=op.f("fk_report_seen_report_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_report_seen_site_id")),
        sa.PrimaryKeyConstraint("report_id", "person_id", name=op.f("pk_report_seen")),
    )
    op.create_table(
        "progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("stops", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("known_ms", sa.BigInteger(), nullable=False),
        sa.Column("fed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="progress", nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_progress_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_progress_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
    )
    op.create_index("ix_progress_site_id", "progress", ["site_id"])
    dialect = op.get_bind().dialect.name
    guards = [ddl.insert_only("round_report"), ddl.insert_only("report_seen"), ddl.rising_version("progress")]
    for guard in guards:
        for statement in guard[dialect]:
            op.execute(statement)
    if dialect == "postgresql":
        for table in NEW:
            for statement in tenancy.policy(table, "organisation_id"):
                op.execute(statement)


def downgrade() -> None:
    """Forget what was told."""
    for table in ("progress", "report_seen", "round_report"):
        op.drop_table(table)
    op.drop_index("ix_round_change_moved", "round_change")
    op.drop_column("round_change", "looked")
