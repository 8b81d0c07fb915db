"""Parts and their moves, counts and prices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy
from server.feed import ddl

revision = "0023"
down_revision = "0022"

NEW = ("part", "part_price", "stock_entry", "stock_move", "stock_count", "stock_take", "stock_tally")
INSERT_ONLY = ("part_price", "stock_entry", "stock_tally")
FED = ("part",)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("minimum_milli", sa.BigInteger(), nullable=True),
        sa.Column("reorder_milli", sa.BigInteger(), nullable=True),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("stock_milli", sa.BigInteger(), nullable=False),
        sa.Column("retired_ms", sa.BigInteger(), nullable=True),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="part", nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_part_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_part_site_id"),
        sa.UniqueConstraint("site_id", "number", name="uq_part_site_id_number"),
        sa.PrimaryKeyConstraint("id", name="pk_part"),
    )
    op.create_index("ix_part_code", "part", ["site_id", "code"])
    op.create_table(
        "part_price",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=True),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name="fk_part_price_part_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_part_price_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_part_price"),
    )
    op.create_index("ix_part_price_part_id", "part_price", ["part_id", "since_ms"])
    op.create_table(
        "stock_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("milli", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("noted_ms", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("take_id", sa.Uuid(), nullable=True),
        sa.Column("pair_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name="fk_stock_entry_part_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_stock_entry_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_entry"),
    )
    op.create_index("ix_stock_entry_part_id", "stock_entry", ["part_id", "at_ms"])
    op.create_index("ix_stock_entry_site_id", "stock_entry", ["site_id", "at_ms"])
    op.create_table(
        "stock_move",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("milli", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("upper_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(length=1), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name="pk_stock_move"),
    )
    op.create_index("ix_stock_move_order_id", "stock_move", ["order_id"])
    op.create_index("ix_stock_move_part_id", "stock_move", ["part_id", "estimate_ms", "milli"])
    op.create_index("ix_stock_move_site_id", "stock_move", ["site_id", "estimate_ms"])
    op.create_table(
        "stock_count",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("milli", sa.BigInteger(), nullable=False),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("upper_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(length=1), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name="pk_stock_count"),
    )
    op.create_index("ix_stock_count_site_id", "stock_count", ["site_id", "estimate_ms"])
    op.create_table(
        "stock_take",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=True),
        sa.Column("settled_ms", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_stock_take_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_take"),
    )
    op.create_index("ix_stock_take_site_id", "stock_take", ["site_id", "begun_ms"])
    op.create_table(
        "stock_tally",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("milli", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name="fk_stock_tally_part_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_stock_tally_site_id"),
        sa.ForeignKeyConstraint(["take_id"], ["stock_take.id"], name="fk_stock_tally_take_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_tally"),
    )
    op.create_index("ix_stock_tally_take_id", "stock_tally", ["take_id"])
    dialect = op.get_bind().dialect.name
    for table in FED:
        for statement in ddl.rising_version(table)[dialect]:
            op.execute(statement)
    for table in INSERT_ONLY:
        for statement in ddl.insert_only(table)[dialect]:
            op.execute(statement)
    if dialect == "postgresql":
        for table in NEW:
            for statement in tenancy.policy(table, "organisation_id"):
                op.execute(statement)


def downgrade() -> None:
    """Forget the store."""
    for table in reversed(NEW):
        op.drop_table(table)
