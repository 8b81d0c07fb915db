"""Terms of a stop, enforced order, what crews must do; stops that were skipped; certificates of people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.feed import ddl

revision = "0011"
down_revision = "0010"

SETTING = "current_setting('roundsman.organisation', true)"
TABLES = ("certificate", "skip", "skip_decision")


def _columns() -> dict[str, list[sa.Column[object]]]:
    """Return table → its new columns."""
    number, text = sa.BigInteger(), sa.String
    return {
        "stop": [
            sa.Column("window_from_min", number, nullable=True),
            sa.Column("window_to_min", number, nullable=True),
            sa.Column("dwell_s", number, nullable=True),
            sa.Column("walk_s", number, nullable=True),
            sa.Column("certificate", text(24), nullable=True),
        ],
        "route_edition": [sa.Column("order", text(10), nullable=True)],
        "plan": [sa.Column("crew_within_min", number, server_default="10", nullable=False)],
        "plan_edition": [sa.Column("crew_within_min", number, nullable=True)],
        "visit": [
            sa.Column("left_ms", number, nullable=True),
            sa.Column("walk_from", sa.Uuid(), nullable=True),
            sa.Column("walk_s", number, nullable=True),
        ],
    }


def upgrade() -> None:
    """Add them. Editions from before keep their rules: no order is enforced, and no crew is drawn."""
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    op.create_index("ix_certificate_person_id", "certificate", ["person_id"])
    op.create_table(
        "skip",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("stop_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("lower_ms", sa.BigInteger(), nullable=True),
        sa.Column("estimate_ms", sa.BigInteger(), nullable=False),
        sa.Column("upper_ms", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(length=1), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "hash", name=op.f("pk_skip")),
    )
    op.create_index("ix_skip_occurrence_id", "skip", ["occurrence_id"])
    op.create_table(
        "skip_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("stop_id", sa.Uuid(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skip_decision")),
    )
    op.create_index("ix_skip_decision_occurrence_id", "skip_decision", ["occurrence_id"])
    dialect = op.get_bind().dialect.name
    for statement in ddl.insert_only("skip_decision")[dialect]:
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
    """Forget them. What phones recorded stays in the ledger."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for table, columns in _columns().items():
        for column in reversed(columns):
            op.drop_column(table, column.name)
