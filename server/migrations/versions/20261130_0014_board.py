"""Plans of a site as pictures; who stands in for whom; how a mark came about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy
from server.feed import ddl

revision = "0014"
down_revision = "0013"

NEW = ("site_map", "map_image", "stand_in", "explanation")
PLANS = ("plan", "plan_edition")


def upgrade() -> None:
    """Make the tables, guard them, and let colleagues stand in wherever nobody said otherwise."""
    _maps()
    _said()
    dialect = op.get_bind().dialect.name
    for statement in ddl.rising_version("site_map")[dialect]:
        op.execute(statement)
    if dialect == "postgresql":
        for table in NEW:
            for statement in tenancy.policy(table, "organisation_id"):
                op.execute(statement)
    for table in PLANS:
        op.add_column(table, sa.Column("stand_in", sa.Boolean(), nullable=False, server_default=sa.true()))


def _maps() -> None:
    op.create_table(
        "site_map",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("image_sha256", sa.String(length=64), nullable=False),
        sa.Column("pins", sa.JSON(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="map", nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_map_site_id")),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_site_map_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_map")),
    )
    op.create_index(op.f("ix_site_map_site_id"), "site_map", ["site_id"])
    op.create_table(
        "map_image",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("mime", sa.String(length=20), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_map_image_site_id")),
        sa.PrimaryKeyConstraint("site_id", "sha256", name=op.f("pk_map_image")),
    )


def _said() -> None:
    op.create_table(
        "stand_in",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("instead_kind", sa.String(length=10), nullable=True),
        sa.Column("instead_id", sa.Uuid(), nullable=True),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("upper_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(length=1), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name=op.f("pk_stand_in")),
    )
    op.create_index("ix_stand_in_occurrence_id", "stand_in", ["occurrence_id"])
    op.create_index("ix_stand_in_site_id_estimate_ms", "stand_in", ["site_id", "estimate_ms"])
    op.create_table(
        "explanation",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name=op.f("pk_explanation")),
    )
    op.create_index("ix_explanation_record_hash", "explanation", ["organisation_id", "record_hash"])


def downgrade() -> None:
    """Forget the tables; what people said stays in the ledger."""
    for table in PLANS:
        op.drop_column(table, "stand_in")
    for table in reversed(NEW):
        op.drop_table(table)
