"""Work orders and their deadlines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy
from server.feed import ddl

revision = "0020"
down_revision = "0019"

NEW = ("order_event", "order_count", "order_policy", "work_order", "order_act")


def upgrade() -> None:
    """Make the tables; what the office did never changes."""
    op.create_table(
        "order_event",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("log", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("p", sa.JSON(), nullable=False),
        sa.Column("saw", sa.BigInteger(), nullable=False),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("upper_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(length=1), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name=op.f("pk_order_event")),
    )
    op.create_index("ix_order_event_order_id", "order_event", ["order_id"], unique=False)
    op.create_table(
        "order_count",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_order_count_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_order_count")),
    )
    op.create_table(
        "order_policy",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_order_policy_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_order_policy")),
    )
    op.create_table(
        "work_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("class", sa.String(length=12), nullable=False),
        sa.Column("urgency", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("title_zh", sa.String(), nullable=True),
        sa.Column("title_en", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("target_kind", sa.String(length=12), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("source_kind", sa.String(length=8), nullable=False),
        sa.Column("source_id", sa.String(length=100), nullable=False),
        sa.Column("assignee_kind", sa.String(length=8), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("form_id", sa.Uuid(), nullable=True),
        sa.Column("asks_signature", sa.Boolean(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.String(length=160), nullable=True),
        sa.Column("opening", sa.String(length=64), nullable=True),
        sa.Column("start", sa.JSON(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=True),
        sa.Column("deadlines", sa.JSON(), nullable=False),
        sa.Column("next_due_ms", sa.BigInteger(), nullable=True),
        sa.Column("look_ms", sa.BigInteger(), nullable=True),
        sa.Column("paused", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("done", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("returned", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("proposal", sa.String(length=10), nullable=True),
        sa.Column("conflicts", sa.BigInteger(), nullable=False),
        sa.Column("reopened", sa.BigInteger(), nullable=False),
        sa.Column("labour_min", sa.BigInteger(), nullable=False),
        sa.Column("done_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("fed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("feed_kind", sa.String(length=20), server_default="order", nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "feed_kind", "id", "version"],
            ["feed.site_id", "feed.kind", "feed.entity", "feed.version"],
            name="fk_work_order_feed",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_work_order_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
        sa.UniqueConstraint("site_id", "number", name="uq_work_order_number"),
    )
    op.create_index(
        "ix_work_order_board", "work_order", ["site_id", "state", "next_due_ms", "id"], unique=False
    )
    op.create_index("ix_work_order_fed", "work_order", ["fed", "ended_ms"], unique=False)
    op.create_index("ix_work_order_opened", "work_order", ["site_id", "opened_ms", "id"], unique=False)
    op.create_index(
        "ix_work_order_source", "work_order", ["site_id", "source_kind", "source_id"], unique=False
    )
    op.create_index("ix_work_order_target", "work_order", ["site_id", "target_id", "opened_ms"], unique=False)
    op.create_index("ix_work_order_rule", "work_order", ["site_id", "rule"])
    op.create_index("ix_work_order_newest", "work_order", ["site_id", "state", "opened_ms", "id"])
    op.create_index("ix_work_order_counts", "work_order", ["site_id", "state", "class", "urgency", "kind"])
    due, clash = sa.text("next_due_ms IS NOT NULL"), sa.text("conflicts > 0")
    op.create_index(
        "ix_work_order_due",
        "work_order",
        ["site_id", "next_due_ms", "id"],
        sqlite_where=due,
        postgresql_where=due,
    )
    op.create_index(
        "ix_work_order_clash", "work_order", ["site_id", "id"], sqlite_where=clash, postgresql_where=clash
    )
    op.create_index("ix_work_order_ended", "work_order", ["site_id", "ended_ms", "id"])
    op.create_index("ix_work_order_look", "work_order", ["look_ms"])
    op.create_table(
        "order_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("p", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_order_act_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_act")),
    )
    op.create_index("ix_order_act_order_id", "order_act", ["order_id"], unique=False)
    dialect = op.get_bind().dialect.name
    for statement in ddl.rising_version("work_order")[dialect] + ddl.insert_only("order_act")[dialect]:
        op.execute(statement)
    if dialect == "postgresql":
        for table in NEW:
            for statement in tenancy.policy(table, "organisation_id"):
                op.execute(statement)


def downgrade() -> None:
    """Forget the work orders."""
    for table in reversed(NEW):
        op.drop_table(table)
