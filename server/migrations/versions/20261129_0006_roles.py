"""Roles by site: team leader, desk, contractor of a company; a role can end and its row stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table of companies, and let a membership name one and end.

    No role is renamed: administrators, supervisors, workers and viewers stay what they were.
    """
    op.create_table(
        "company",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_company_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_index("uq_company_name", "company", ["organisation_id", "name"], unique=True)
    op.add_column("membership", sa.Column("company_id", sa.Uuid(), nullable=True))
    op.add_column("membership", sa.Column("ended_ms", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Undo it. Who has a role that 0005 does not know, or lost theirs, has none: nobody may gain by this."""
    op.execute(
        "DELETE FROM membership WHERE ended_ms IS NOT NULL OR role IN ('team_leader', 'desk', 'contractor')"
    )
    op.drop_column("membership", "ended_ms")
    op.drop_column("membership", "company_id")
    op.drop_index("uq_company_name", table_name="company")
    op.drop_table("company")
