"""Meters and the series of their readings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy
from server.feed import ddl

revision = "0019"
down_revision = "0018"

KEPT = ("meter_edition", "meter_entry", "meter_target")
NEW = ("meter", "meter_edition", "meter_reading", "meter_hour", "meter_entry", "meter_target")


def upgrade() -> None:
    """Make the tables and guard them."""
    _meters()
    _series()
    _office()
    dialect = op.get_bind().dialect.name
    for statement in ddl.rising_version("meter")[dialect]:
        op.execute(statement)
    for table in KEPT:
        for statement in ddl.insert_only(table)[dialect]:
            op.execute(statement)
    if dialect == "postgresql":
        for table in NEW:
            for statement in tenancy.policy(table, "organisation_id"):
                op.execute(statement)


def _meters() -> None:
    op.create_table(
        "meter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("medium", sa.String(length=10), server_default="", nullable=False),
        sa.Column("feeds_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("retired_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_value", sa.String(), nullable=True),
        sa.Column("last_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_level", sa.String(length=8), nullable=True),
        sa.Column("last_id", sa.String(length=100), nullable=True),
        sa.Column("over_ms", sa.BigInteger(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="meter", nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_meter_site_id")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_meter_asset_id")),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_meter_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter")),
        sa.UniqueConstraint("asset_id", "key", name="uq_meter_asset_id"),
    )
    op.create_index(op.f("ix_meter_site_id"), "meter", ["site_id"])
    op.create_table(
        "meter_edition",
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["meter_id"], ["meter.id"], name=op.f("fk_meter_edition_meter_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_meter_edition_site_id")),
        sa.PrimaryKeyConstraint("meter_id", "edition", name=op.f("pk_meter_edition")),
    )


def _series() -> None:
    op.create_table(
        "meter_reading",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("upper_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(length=1), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("micro", sa.BigInteger(), nullable=True),
        sa.Column("end_micro", sa.BigInteger(), nullable=True),
        sa.Column("exchange", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=True),
        sa.Column("mark", sa.String(length=10), nullable=True),
        sa.Column("step", sa.BigInteger(), nullable=True),
        sa.Column("correction_id", sa.Uuid(), nullable=True),
        sa.Column("record_hash", sa.String(length=64), nullable=True),
        sa.Column("visit_id", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_meter_reading")),
    )
    op.create_index("ix_meter_reading_meter_id", "meter_reading", ["meter_id", "estimate_ms", "id"])
    op.create_index("ix_meter_reading_visit_id", "meter_reading", ["visit_id"])
    op.create_table(
        "meter_hour",
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("readings", sa.BigInteger(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("worst", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("meter_id", "hour", name=op.f("pk_meter_hour")),
    )


def _office() -> None:
    op.create_table(
        "meter_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("meter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=True),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("end_value", sa.String(), nullable=True),
        sa.Column("reading_id", sa.String(length=100), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_meter_entry_site_id")),
        sa.ForeignKeyConstraint(["meter_id"], ["meter.id"], name=op.f("fk_meter_entry_meter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter_entry")),
    )
    op.create_index("ix_meter_entry_meter_id", "meter_entry", ["meter_id", "entered_ms"])
    op.create_table(
        "meter_target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("medium", sa.String(length=10), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("amount", sa.String(), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_meter_target_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter_target")),
    )
    op.create_index("ix_meter_target_site_id", "meter_target", ["site_id", "medium"])


def downgrade() -> None:
    """Forget meters; what phones read of them stays in the ledger."""
    for table in reversed(NEW):
        op.drop_table(table)
