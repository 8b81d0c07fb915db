"""Rules of preventive maintenance and their turns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy
from server.feed import ddl

revision = "0022"
down_revision = "0021"

NEW = ("upkeep_rule", "upkeep_cycle")
INSERT_ONLY = ("upkeep_cycle",)
FED = ()


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "upkeep_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("target_kind", sa.String(length=12), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("assignee", sa.JSON(), nullable=True),
        sa.Column("class", sa.String(length=12), nullable=False),
        sa.Column("asks_signature", sa.Boolean(), nullable=False),
        sa.Column("demand", sa.String(length=20), nullable=True),
        sa.Column("recurrence", sa.JSON(), nullable=True),
        sa.Column("meter_key", sa.String(length=32), nullable=True),
        sa.Column("meter_every", sa.BigInteger(), nullable=True),
        sa.Column("meter_origin", sa.String(length=12), nullable=False),
        sa.Column("meter_open_days", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("lead_days", sa.BigInteger(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_upkeep_rule_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_upkeep_rule"),
    )
    op.create_index("ix_upkeep_rule_site_id", "upkeep_rule", ["site_id"])
    op.create_table(
        "upkeep_cycle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("thread", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("window_from_ms", sa.BigInteger(), nullable=True),
        sa.Column("window_to_ms", sa.BigInteger(), nullable=True),
        sa.Column("step", sa.BigInteger(), nullable=True),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["rule_id"], ["upkeep_rule.id"], name="fk_upkeep_cycle_rule_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_upkeep_cycle_site_id"),
        sa.UniqueConstraint("rule_id", "thread", "number", name="uq_upkeep_cycle_number"),
        sa.PrimaryKeyConstraint("id", name="pk_upkeep_cycle"),
    )
    op.create_index("ix_upkeep_cycle_site_id", "upkeep_cycle", ["site_id", "made_ms"])
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
    """Forget what is kept up."""
    for table in reversed(NEW):
        op.drop_table(table)
