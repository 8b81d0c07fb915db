"""What offices said of a year's days off and swapped working days.

Expand only: the release before this one goes by the library alone, as it did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server import tenancy
from server.feed import ddl

revision = "0029"
down_revision = "0025"


def upgrade() -> None:
    """Make the table; nobody has said anything yet."""
    op.create_table(
        "announced_year",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("free", sa.JSON(), nullable=False),
        sa.Column("working", sa.JSON(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_announced_year_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "year", "number", name=op.f("pk_announced_year")),
    )
    dialect = op.get_bind().dialect.name
    for statement in ddl.insert_only("announced_year")[dialect]:
        op.execute(statement)
    if dialect == "postgresql":
        for statement in tenancy.policy("announced_year", "organisation_id"):
            op.execute(statement)


def downgrade() -> None:
    """Forget what was said; the library alone counts."""
    op.drop_table("announced_year")
